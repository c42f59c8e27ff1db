// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.convert;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// LTTng's mask for the letters by which the kernel describes a block operation, such as `FWS`
/// (`lttng-kernel-schema.md` section 7, `rwbs`).
final class BlockFlags {
    static final int WRITE = 1;
    static final int DISCARD = 1 << 1;
    static final int READ = 1 << 2;
    static final int READ_AHEAD = 1 << 3;
    static final int SYNC = 1 << 5;
    static final int META = 1 << 6;
    static final int SECURE = 1 << 7;
    static final int FLUSH = 1 << 8;
    static final int FUA = 1 << 9;
    static final int PREFLUSH = 1 << 10;

    private BlockFlags() {}

    /// The operation comes first; an F before it is a preflush, after it a forced unit access, and
    /// alone the operation itself.
    static int mask(MemorySegment letters, long start, int limit) {
        int mask = 0;
        boolean hasOperation = false;
        for (int i = 0; i < limit; i++) {
            byte letter = letters.get(JAVA_BYTE, start + i);
            if (letter == 0) {
                break;
            }
            byte next = i + 1 < limit ? letters.get(JAVA_BYTE, start + i + 1) : 0;
            int operation = operation(letter, next, hasOperation);
            hasOperation |= operation != 0 && operation != PREFLUSH || letter == 'N';
            mask |= operation != 0 ? operation : modifier(letter);
        }
        return mask;
    }

    private static int operation(byte letter, byte next, boolean hasOperation) {
        if (hasOperation) {
            return 0;
        }
        return switch (letter) {
            case 'W' -> WRITE;
            case 'D' -> DISCARD;
            case 'R' -> READ;
            case 'F' -> next == 'W' || next == 'R' || next == 'D' || next == 'N' ? PREFLUSH : FLUSH;
            default -> 0;
        };
    }

    private static int modifier(byte letter) {
        return switch (letter) {
            case 'A' -> READ_AHEAD;
            case 'S' -> SYNC;
            case 'M' -> META;
            case 'E' -> SECURE;
            case 'F' -> FUA;
            default -> 0;
        };
    }
}
