// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

/// What lies where in a ring file. Little endian; offsets and sizes in bytes.
///
/// ```text
/// 0            header                         4096
/// 4096         pool descriptors          32 *  256
/// 12288        metadata area of a small file, up to 1 MiB
/// 1 MiB        extents, one per pool           page-aligned blocks
///                control lines  (blocks + 1) * 128   the last is the scratch block's
///                cell table      cells       * 256
///                blocks          blocks      * block size
/// 7/8          metadata area, if the file is larger than 8 MiB: its last eighth, 32 MiB at most
/// ```
///
/// Below, `order` is that of the write, and of the read that pairs with it; `plain` words become
/// visible by a later release in the same row group. `W` is the process that writes the ring: its
/// link thread (`WL`), or the thread that holds a cell (`WC`); `C` is the consumer, a process that
/// takes packets out.
///
/// ```text
/// header      width  word                                  owner  order
/// 0           8      magic                                 WL     release, last / acquire
/// 8           2, 2   layout version, major and minor       WL     plain
/// 12          4      header size                           WL     plain
/// 16, 24      8, 8   process id, its start time            WL     plain
/// 32          16     UUID of the ring                      WL     plain
/// 48          4      clock kind                            WL     plain
/// 52          4      pools in use                          WL     plain: a hint
/// 56          8      clock frequency                       WL     plain
/// 64, 72      8, 8   monotonic and real time at the start  WL     plain
/// 80, 84      4, 4   metadata offset, capacity             WL     plain
/// 88, 92      4, 4   pool descriptors' offset, number      WL     plain
/// 96          16     UUID of the boot                      WL     plain
/// 112         8      process id namespace                  WL     plain
/// 120         8      bytes of a shrunk copy, else 0        C      plain: whoever makes the copy
/// 128         8      metadata length                       WL     release / acquire (rule 5)
/// 192         8      heartbeat                             WL     opaque / acquire
/// 200         8      time at which it began to end, else 0 W      opaque, after its last blocks are
///                                                                 closed / acquire
/// 256         48*40  clock pairs: sequence 8, raw 8,       WL     sequence odd opaque, fence,
///                    monotonic 8, real 8, spare 8                 plain, even release
/// 3840        256    program's name                        WL     plain
///
/// descriptor  width  word                                  owner  order
/// 0           4      state: free, active, draining         WL     release / acquire; C: draining
///                                                                 to free, release
/// 4           4      mode                                  WL     plain
/// 8, 12       4, 4   block size, block count               WL     plain
/// 16, 24, 32  8 each control lines, cell table, blocks     WL     plain
/// 40, 48      8, 4   session, channel                      WL     plain
/// 52          4      cells                                 WL     plain
/// 56          8      scratch block's control line          WL     plain
/// 64          4      generation                            WL     plain / acquire
/// 72          8      time of opening                       WL     plain
/// 80          4      1: pinned, its records are not the    WL     plain
///                    channel's history
/// 128         8      tickets drawn                         WC     getAndAdd / acquire
/// 192         8      time of the last visit                C      opaque
///
/// control     width  word                                  owner  order
/// 0           8      seq: 2 * ticket + 1 while recycled,   WC     odd opaque, fence (rule 2);
///                    + 2 when valid, 0 never used                 even release (rule 3) / acquire
/// 8           8      commit: bits 0-20 valid bytes, 21-41  WC     release / acquire (rule 1); mark
///                    last record, 42-58 records, 62 mark          opaque before the clock (rule 4)
/// 16          8      state: 0 free, n + 1 leased to cell   WC     compare-and-set, release /
///                    n, 2^63 + ticket closed                      acquire; C: closed to free,
///                                                                 release, in discard mode only
/// 24, 28      4, 4   cell, stream class                    WC     plain, before seq is even
/// 32          8      packet number in the cell             WC     plain, before seq is even
/// 40, 48      8, 8   lost and recorded before this block   WC     plain, before seq is even
///
/// cell        width  word                                  owner  order
/// 0, 8, 16    8 each lost: no block, too large, failed     WC     opaque / acquire
/// 24          8      lost: contended                       W      getAndAdd: nobody holds the cell
/// 32          8      times clamped                         WC     opaque / acquire
/// 40          8      recorded, to the last closed block    WC     opaque, before packets
/// 48          8      packets closed                        WC     release, before state is closed
/// 56          8      block being taken or closed, plus 1   WC     opaque: for who looks at a dump
/// 64          8      owner's thread id, 0 for shared       W      opaque
/// 72          8      time of the last closed record        WC     opaque, before packets
/// 80          8      strings cut                           WC     opaque / acquire
/// 88          8      floor of records to come              WC     release / acquire (rule 8)
/// 128, 192    64     consumer's slots: version 8,          C      opaque, version last, release /
///                    sequence 8, position 8, records 8,           acquire
///                    length 8, overwritten 8, lost 8,
///                    end time 8
///
/// block       width  word                                  owner  order
/// 0           128    room for header and context; in it,   WC     plain, before seq is even
///                    at 32, the first time stamp
/// 128         12 + n records: time << 16 | id 8, thread    WC     plain, before commit
///                    id 4, context, payload
/// ```
///
/// The rules are those of the package's page.
public final class Layout {
    /// "CONTRAIL" in the order of the file's bytes.
    public static final long MAGIC = 0x4c494152544e4f43L;

    public static final int MAJOR = 1;

    /// 1: boot id and process id namespace in the header, the consumer's visits in the pools, times
    /// of the initial time namespace, lengths in the consumer's slots. 2: strings that were cut are
    /// counted; a channel may have a second pool, for records that do not fit the first one's
    /// blocks. 3: a larger metadata area, which begins anew when there is no pool. 4: the program's
    /// name. 5: a cell for records that have times of their own, and what its writer promises. 6: a
    /// channel may have a third pool, which is pinned. 7: a process that ends in order says so.
    public static final int MINOR = 7;

    /// The largest file: JDK 17 indexes mapped buffers by `int`.
    public static final long MAX_FILE = Integer.MAX_VALUE;

    public static final int HEADER_SIZE = 4096;
    public static final int H_MAGIC = 0;
    public static final int H_MAJOR = 8;
    public static final int H_MINOR = 10;
    public static final int H_HEADER_SIZE = 12;
    public static final int H_PROCESS_ID = 16;
    public static final int H_PROCESS_START = 24;
    public static final int H_UUID = 32;
    public static final int H_CLOCK_KIND = 48;
    public static final int H_POOLS_IN_USE = 52;
    public static final int H_CLOCK_FREQUENCY = 56;
    public static final int H_MONOTONIC = 64;
    public static final int H_REALTIME = 72;
    public static final int H_METADATA_OFFSET = 80;
    public static final int H_METADATA_CAPACITY = 84;
    public static final int H_POOLS_OFFSET = 88;
    public static final int H_POOLS = 92;

    /// The boot's UUID, in its written order; since minor version 1, like the next two.
    public static final int H_BOOT = 96;

    /// The inode of the process id namespace that [#H_PROCESS_ID] counts in; 0: not known.
    public static final int H_PID_NAMESPACE = 112;

    /// In a copy of an ended process's ring that holds only what was left to read: its bytes.
    public static final int H_SHRUNK_BYTES = 120;

    public static final int H_METADATA_LENGTH = 128;
    public static final int H_HEARTBEAT = 192;

    /// When the process began to end in order; 0: it has not. Since minor version 7.
    public static final int H_END = 200;

    /// Clock pairs: a ring of `{sequence, raw, monotonic, realtime, spare}`.
    public static final int H_CLOCK_PAIRS = 256;

    public static final int CLOCK_PAIRS = 48;
    public static final int CLOCK_PAIR_SIZE = 40;

    /// The program's name, as a user calls it: UTF-8, ended by a zero byte; since minor version 4.
    public static final int H_PROGRAM = 3840;

    public static final int PROGRAM_SIZE = HEADER_SIZE - H_PROGRAM;

    public static final int POOLS = 32;
    public static final int POOLS_OFFSET = HEADER_SIZE;
    public static final int METADATA_OFFSET = POOLS_OFFSET + POOLS * 256;

    /// No ring is smaller.
    public static final int MIN_FILE = 1 << 20;

    /// The metadata area is the last eighth of a file, up to this: sparse, so it takes what is
    /// written. In a small file, and before minor version 3, it lies between [#METADATA_OFFSET] and
    /// [#MIN_FILE].
    public static final int MAX_METADATA = 32 << 20;

    /// Attributes of the metadata's fragments that no other tracer has stand below this name.
    public static final String METADATA_NAMESPACE = "dev.contrail";

    public static final int POOL_SIZE = 256;
    public static final int P_STATE = 0;
    public static final int P_MODE = 4;
    public static final int P_BLOCK_SIZE = 8;
    public static final int P_BLOCK_COUNT = 12;
    public static final int P_CONTROL = 16;
    public static final int P_CELL_TABLE = 24;
    public static final int P_DATA = 32;
    public static final int P_SESSION = 40;
    public static final int P_CHANNEL = 48;
    public static final int P_CELLS = 52;

    /// The scratch block has a control line and no bytes: nothing is ever written into it.
    public static final int P_SCRATCH = 56;

    public static final int P_GENERATION = 64;

    /// When the pool was opened: earlier than each of its records.
    public static final int P_OPENED = 72;

    /// 1 for a channel's pool for what its other records refer to, which is in discard mode: what
    /// is in it stays, whatever goes from the others. Since minor version 6, before that 0.
    public static final int P_PINNED = 80;

    public static final int P_TICKET = 128;

    /// When a consumer last looked at the pool; 0 never, or before minor version 1.
    public static final int P_VISITED = 192;

    public static final int FREE = 0;
    public static final int ACTIVE = 1;
    public static final int DRAINING = 2;

    public static final int MIN_BLOCK = 4096;
    public static final int MAX_BLOCK = 1 << 20;

    public static final int CONTROL_SIZE = 128;
    public static final int C_SEQ = 0;
    public static final int C_COMMIT = 8;
    public static final int C_STATE = 16;
    public static final int C_CELL = 24;
    public static final int C_STREAM_CLASS = 28;
    public static final int C_PACKET = 32;
    public static final int C_LOST = 40;
    public static final int C_RECORDED = 48;

    /// `state` of a closed block: this and the ticket.
    public static final long CLOSED = 1L << 63;

    /// In `commit`: a record is being written.
    public static final long IN_FLIGHT = 1L << 62;

    public static final int LAST_SHIFT = 21;
    public static final int RECORDS_SHIFT = 42;
    public static final int OFFSET_MASK = (1 << LAST_SHIFT) - 1;
    public static final int RECORDS_MASK = (1 << 17) - 1;

    public static final int CELL_SIZE = 256;
    public static final int L_NO_BLOCK = 0;
    public static final int L_TOO_LARGE = 8;
    public static final int L_FAILED = 16;
    public static final int L_CONTENDED = 24;
    public static final int L_CLAMPED = 32;
    public static final int L_RECORDED = 40;

    /// How many packets were closed: the last packet number plus one.
    public static final int L_PACKETS = 48;

    /// The block being taken or closed, plus one.
    public static final int L_PENDING = 56;

    /// The operating system's id of the thread that owns the cell; 0 for a shared cell.
    public static final int L_OWNER = 64;

    /// The time of the last record in a closed packet.
    public static final int L_LAST_END = 72;

    /// Strings that were cut to fit; since minor version 2, before that 0.
    public static final int L_CUT = 80;

    /// Of the cell for records that have times of their own, the last one of a pool: none will come
    /// that is older than this. 0: nobody writes such records; since minor version 5, before that
    /// 0.
    public static final int L_FLOOR = 88;

    /// The consumer's two slots.
    public static final int L_SLOTS = 128;

    public static final int SLOT_SIZE = 64;
    public static final int S_VERSION = 0;
    public static final int S_SEQUENCE = 8;

    /// `packet number << 21 | offset`.
    public static final int S_POSITION = 16;

    /// Records before the position: stored and overwritten ones.
    public static final int S_RECORDS = 24;

    /// Bytes of records in output packet `sequence`: it grows as long as it is the stream's last.
    public static final int S_LENGTH = 32;

    /// Records before the position that were overwritten.
    public static final int S_OVERWRITTEN = 40;

    /// The running total of discarded event records that the packet tells.
    public static final int S_LOST = 48;

    /// The end time of the packet.
    public static final int S_END = 56;

    /// Room for packet header and context at the start of a block. The producer fills only the
    /// first timestamp, where LTTng-UST's `timestamp_begin` lies.
    public static final int ROOM = 128;

    public static final int B_FIRST = 32;

    /// A record begins with `timestamp << 16 | id` and `s32 vtid`. Then come the pool's context, if
    /// the metadata declares one, and the payload.
    public static final int RECORD_HEADER = 12;

    /// Times in records have 48 bits.
    public static final int TIME_SHIFT = 16;

    /// A block ends before its records span this time, so that 48 bits can be widened.
    public static final long TIME_SPAN = 1L << 46;

    private Layout() {}

    public static int metadataOffset(long fileSize) {
        if (fileSize / 8 <= MIN_FILE) {
            return METADATA_OFFSET;
        }
        return (int) (fileSize - Math.min(fileSize / 8 & -4096L, MAX_METADATA));
    }

    public static int metadataCapacity(long fileSize) {
        int offset = metadataOffset(fileSize);
        return (int) ((offset == METADATA_OFFSET ? MIN_FILE : fileSize) - offset);
    }

    /// Where the extents end, which begin at [#MIN_FILE].
    public static long extentsEnd(long fileSize) {
        int offset = metadataOffset(fileSize);
        return offset == METADATA_OFFSET ? fileSize : offset;
    }

    public static long word(int validBytes, int lastRecord, int records) {
        return (long) records << RECORDS_SHIFT | (long) lastRecord << LAST_SHIFT | validBytes;
    }

    /// The word after one more record, of `length` bytes.
    public static long next(long word, int length) {
        long start = word & OFFSET_MASK;
        long count = (word >>> RECORDS_SHIFT) + 1;
        return count << RECORDS_SHIFT | start << LAST_SHIFT | start + length;
    }

    public static int validBytes(long word) {
        return (int) word & OFFSET_MASK;
    }

    public static int lastRecord(long word) {
        return (int) (word >>> LAST_SHIFT) & OFFSET_MASK;
    }

    public static int records(long word) {
        return (int) (word >>> RECORDS_SHIFT) & RECORDS_MASK;
    }

    /// The full time of a record: 48 bits, not before `begin`.
    public static long widen(long begin, long recordWord) {
        return begin + ((recordWord - (begin << TIME_SHIFT)) >>> TIME_SHIFT);
    }
}
