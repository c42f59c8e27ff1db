// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.contrail.posix.RawFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// The head of a kernel sub-buffer, 64-bit little-endian: `u64` base time, `u64` commit, data
/// (`kernel-tracing.md` section 3).
public final class SubBuffer {
    /// Offset of the data.
    public static final int DATA = 16;

    /// What [#missedRecords] returns when the kernel had no room to say.
    static final long NOT_COUNTED = -1;

    private static final int LAST_DATA_TYPE = 28;
    private static final int PADDING = 29;
    private static final long LENGTH_MASK = 0xFFFFF;
    private static final long IS_MISSED = 1L << 31;
    private static final long IS_MISSED_STORED = 1L << 30;

    private SubBuffer() {}

    /// Reads the next sub-buffer, or as much of it as is written, into memory of its size.
    ///
    /// @return whether there was one
    static boolean read(RawFile file, MemorySegment into) throws IOException {
        int count = file.read(into);
        if (count == RawFile.NOTHING || count == 0) {
            return false;
        }
        if (count < DATA) {
            throw new IOException("read " + file + ": sub-buffer of " + count + " bytes");
        }
        return true;
    }

    static long time(MemorySegment memory, long start) {
        return memory.get(JAVA_LONG_UNALIGNED, start);
    }

    /// Bytes of valid data, never more than a sub-buffer of `bytes` can hold.
    static int length(MemorySegment memory, long start, int bytes) {
        long untrustedLength = memory.get(JAVA_LONG_UNALIGNED, start + 8) & LENGTH_MASK;
        return (int) Math.min(untrustedLength, bytes - DATA);
    }

    /// Whether records were overwritten before this sub-buffer.
    static boolean isMissed(MemorySegment memory, long start) {
        return (memory.get(JAVA_LONG_UNALIGNED, start + 8) & IS_MISSED) != 0;
    }

    /// How many were; 0 for none.
    static long missedRecords(MemorySegment memory, long start, int bytes) {
        if (!isMissed(memory, start)) {
            return 0;
        }
        long commit = memory.get(JAVA_LONG_UNALIGNED, start + 8);
        int end = DATA + length(memory, start, bytes);
        boolean isStored = (commit & IS_MISSED_STORED) != 0 && end + 8 <= bytes;
        return isStored ? memory.get(JAVA_LONG_UNALIGNED, start + end) : NOT_COUNTED;
    }

    /// How many records the first `length` bytes of data hold.
    static long records(MemorySegment memory, long start, int length) {
        long at = start + DATA;
        long end = at + length;
        long records = 0;
        while (at + 4 <= end) {
            int header = memory.get(JAVA_INT_UNALIGNED, at);
            int type = header & 31;
            if (type > 0 && type <= LAST_DATA_TYPE) {
                records++;
                at += 4 + 4L * type;
                continue;
            }
            boolean isEnd = type == PADDING && header >>> 5 == 0;
            if (isEnd || at + 8 > end) {
                break;
            }
            long untrustedLength = memory.get(JAVA_INT_UNALIGNED, at + 4) & 0xFFFFFFFFL;
            records += type == 0 ? 1 : 0;
            at += type > PADDING ? 8 : 4 + Math.max(4, untrustedLength);
        }
        return records;
    }
}
