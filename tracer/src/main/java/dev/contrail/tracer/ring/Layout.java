// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

/// What lies where in a ring file. Little endian; offsets and sizes in bytes.
///
/// A file is: header, pool descriptors, one extent per pool, metadata area. An extent is: one
/// control line per block and one for the scratch block, the cell table, the blocks.
final class Layout {
    /// "CONTRAIL" in the order of the file's bytes.
    static final long MAGIC = 0x4c494152544e4f43L;

    static final int MAJOR = 1;

    /// 1: boot id and process id namespace in the header, the consumer's visits in the pools, times
    /// of the initial time namespace, lengths in the consumer's slots. 2: strings that were cut are
    /// counted; a channel may have a second pool, for records that do not fit the first one's
    /// blocks. 3: a larger metadata area, which begins anew when there is no pool.
    static final int MINOR = 3;

    /// The largest file: JDK 17 indexes mapped buffers by `int`.
    static final long MAX_FILE = Integer.MAX_VALUE;

    static final int HEADER_SIZE = 4096;
    static final int H_MAGIC = 0;
    static final int H_MAJOR = 8;
    static final int H_MINOR = 10;
    static final int H_HEADER_SIZE = 12;
    static final int H_PROCESS_ID = 16;
    static final int H_PROCESS_START = 24;
    static final int H_UUID = 32;
    static final int H_CLOCK_KIND = 48;
    static final int H_POOLS_IN_USE = 52;
    static final int H_CLOCK_FREQUENCY = 56;
    static final int H_MONOTONIC = 64;
    static final int H_REALTIME = 72;
    static final int H_METADATA_OFFSET = 80;
    static final int H_METADATA_CAPACITY = 84;
    static final int H_POOLS_OFFSET = 88;
    static final int H_POOLS = 92;

    /// The boot's UUID, in its written order; since minor version 1, like the next two.
    static final int H_BOOT = 96;

    /// The inode of the process id namespace that [#H_PROCESS_ID] counts in; 0: not known.
    static final int H_PID_NAMESPACE = 112;

    /// In a copy of an ended process's ring that holds only what was left to read: its bytes.
    static final int H_SHRUNK_BYTES = 120;

    static final int H_METADATA_LENGTH = 128;
    static final int H_HEARTBEAT = 192;

    /// Clock pairs: a ring of `{sequence, raw, monotonic, realtime, spare}`.
    static final int H_CLOCK_PAIRS = 256;

    static final int CLOCK_PAIRS = 48;
    static final int CLOCK_PAIR_SIZE = 40;

    static final int POOLS = 32;
    static final int POOLS_OFFSET = HEADER_SIZE;
    static final int METADATA_OFFSET = POOLS_OFFSET + POOLS * 256;

    /// No ring is smaller.
    static final int MIN_FILE = 1 << 20;

    /// The metadata area is the last eighth of a file, up to this: sparse, so it takes what is
    /// written. In a small file, and before minor version 3, it lies between [#METADATA_OFFSET] and
    /// [#MIN_FILE].
    static final int MAX_METADATA = 32 << 20;

    static final int POOL_SIZE = 256;
    static final int P_STATE = 0;
    static final int P_MODE = 4;
    static final int P_BLOCK_SIZE = 8;
    static final int P_BLOCK_COUNT = 12;
    static final int P_CONTROL = 16;
    static final int P_CELL_TABLE = 24;
    static final int P_DATA = 32;
    static final int P_SESSION = 40;
    static final int P_CHANNEL = 48;
    static final int P_CELLS = 52;

    /// The scratch block has a control line and no bytes: nothing is ever written into it.
    static final int P_SCRATCH = 56;

    static final int P_GENERATION = 64;

    /// When the pool was opened: earlier than each of its records.
    static final int P_OPENED = 72;

    static final int P_TICKET = 128;

    /// When a consumer last looked at the pool; 0 never, or before minor version 1.
    static final int P_VISITED = 192;

    static final int FREE = 0;
    static final int ACTIVE = 1;
    static final int DRAINING = 2;

    static final int MIN_BLOCK = 4096;
    static final int MAX_BLOCK = 1 << 20;

    static final int CONTROL_SIZE = 128;
    static final int C_SEQ = 0;
    static final int C_COMMIT = 8;
    static final int C_STATE = 16;
    static final int C_CELL = 24;
    static final int C_STREAM_CLASS = 28;
    static final int C_PACKET = 32;
    static final int C_LOST = 40;
    static final int C_RECORDED = 48;

    /// `state` of a closed block: this and the ticket.
    static final long CLOSED = 1L << 63;

    /// In `commit`: a record is being written.
    static final long IN_FLIGHT = 1L << 62;

    static final int LAST_SHIFT = 21;
    static final int RECORDS_SHIFT = 42;
    static final int OFFSET_MASK = (1 << LAST_SHIFT) - 1;
    static final int RECORDS_MASK = (1 << 17) - 1;

    static final int CELL_SIZE = 256;
    static final int L_NO_BLOCK = 0;
    static final int L_TOO_LARGE = 8;
    static final int L_FAILED = 16;
    static final int L_CONTENDED = 24;
    static final int L_CLAMPED = 32;
    static final int L_RECORDED = 40;

    /// How many packets were closed: the last packet number plus one.
    static final int L_PACKETS = 48;

    /// The block being taken or closed, plus one.
    static final int L_PENDING = 56;

    /// The operating system's id of the thread that owns the cell; 0 for a shared cell.
    static final int L_OWNER = 64;

    /// The time of the last record in a closed packet.
    static final int L_LAST_END = 72;

    /// Strings that were cut to fit; since minor version 2, before that 0.
    static final int L_CUT = 80;

    /// The consumer's two slots.
    static final int L_SLOTS = 128;

    static final int SLOT_SIZE = 64;
    static final int S_VERSION = 0;
    static final int S_SEQUENCE = 8;

    /// `packet number << 21 | offset`.
    static final int S_POSITION = 16;

    /// Records before the position: stored and overwritten ones.
    static final int S_RECORDS = 24;

    /// Bytes of records in output packet `sequence`: it grows as long as it is the stream's last.
    static final int S_LENGTH = 32;

    /// Records before the position that were overwritten.
    static final int S_OVERWRITTEN = 40;

    /// The running total of discarded event records that the packet tells.
    static final int S_LOST = 48;

    /// The end time of the packet.
    static final int S_END = 56;

    /// Room for packet header and context at the start of a block. The producer fills only the
    /// first timestamp, where LTTng-UST's `timestamp_begin` lies.
    static final int ROOM = 128;

    static final int B_FIRST = 32;

    /// A record begins with `timestamp << 16 | id` and `s32 vtid`. Then come the pool's context, if
    /// the metadata declares one, and the payload.
    static final int RECORD_HEADER = 12;

    /// Times in records have 48 bits.
    static final int TIME_SHIFT = 16;

    /// A block ends before its records span this time, so that 48 bits can be widened.
    static final long TIME_SPAN = 1L << 46;

    private Layout() {}

    static int metadataOffset(long fileSize) {
        if (fileSize / 8 <= MIN_FILE) return METADATA_OFFSET;
        return (int) (fileSize - Math.min(fileSize / 8 & -4096L, MAX_METADATA));
    }

    static int metadataCapacity(long fileSize) {
        int offset = metadataOffset(fileSize);
        return (int) ((offset == METADATA_OFFSET ? MIN_FILE : fileSize) - offset);
    }

    /// Where the extents end, which begin at [#MIN_FILE].
    static long extentsEnd(long fileSize) {
        int offset = metadataOffset(fileSize);
        return offset == METADATA_OFFSET ? fileSize : offset;
    }

    static long word(int validBytes, int lastRecord, int records) {
        return (long) records << RECORDS_SHIFT | (long) lastRecord << LAST_SHIFT | validBytes;
    }

    /// The word after one more record, of `length` bytes.
    static long next(long word, int length) {
        long start = word & OFFSET_MASK;
        long count = (word >>> RECORDS_SHIFT) + 1;
        return count << RECORDS_SHIFT | start << LAST_SHIFT | start + length;
    }

    static int validBytes(long word) {
        return (int) word & OFFSET_MASK;
    }

    static int lastRecord(long word) {
        return (int) (word >>> LAST_SHIFT) & OFFSET_MASK;
    }

    static int records(long word) {
        return (int) (word >>> RECORDS_SHIFT) & RECORDS_MASK;
    }

    /// The full time of a record: 48 bits, not before `begin`.
    static long widen(long begin, long recordWord) {
        return begin + ((recordWord - (begin << TIME_SHIFT)) >>> TIME_SHIFT);
    }
}
