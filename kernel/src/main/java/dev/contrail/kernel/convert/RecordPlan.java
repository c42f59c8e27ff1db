// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.convert;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/// How one kernel record becomes the payload of one CTF record: a short list of copies and typed
/// operations, made once for each event class by [PlanBuilder]. Immutable.
///
/// The kernel's bytes are checked here: an offset in them that points out of the record gives an
/// empty value.
public final class RecordPlan {
    /// Ints per operation: what, source offset, argument.
    static final int STRIDE = 3;

    /// Copies `argument` bytes.
    static final int COPY = 0;

    /// Copies `argument` bytes of the arguments that the call had when it was entered.
    static final int COPY_SAVED = 1;

    /// Writes `argument` zero bytes.
    static final int ZERO = 2;

    /// A priority, 100 less than the kernel's.
    static final int PRIORITY = 3;

    /// An integer of `argument & 15` bytes, signed with 16, made `argument >> 8` bytes wide.
    static final int WIDEN = 4;

    /// A 16-bit integer, made big-endian.
    static final int SWAP16 = 5;

    /// Text that a location points to, ended by a zero byte.
    static final int STRING_AT = 6;

    /// Text in `argument` bytes, ended by a zero byte.
    static final int STRING_IN = 7;

    /// The text to the end of the record, ended by a zero byte.
    static final int STRING_REST = 8;

    /// Text that a location points to, in exactly `argument` bytes.
    static final int TEXT_AT = 9;

    /// Length of `argument & 255` bytes that counts elements of `argument >> 8` bytes, and they.
    static final int SEQUENCE_AT = 10;

    /// Length of 4 bytes, then the bytes to the end of the record.
    static final int BYTES_REST = 11;

    /// `argument` letters of a block operation, as LTTng's mask.
    static final int BLOCK_FLAGS = 12;

    /// A pointer as text, `0x7ffd1c2a3b40`: where the kernel gives no string.
    static final int POINTER_TEXT = 13;

    /// The same of the arguments at entry.
    static final int POINTER_TEXT_SAVED = 14;

    /// The constant `source` in `argument` bytes.
    static final int CONSTANT = 15;

    /// Tells the process table that the thread at `argument` is new; writes nothing.
    static final int BORN = 16;

    /// The process of a thread.
    static final int PROCESS_OF = 17;

    /// The pid namespace of a thread.
    static final int PID_NAMESPACE_OF = 18;

    /// The thread's ids in its namespaces, with a length of 1 byte.
    static final int VIRTUAL_IDS_OF = 19;

    /// Added to an operation on a `__data_loc` that is a `__rel_loc`: offsets count from after it.
    static final int RELATIVE = 64;

    private static final int MAX_PRIORITY_RT = 100;
    private static final byte[] DIGITS = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private final int eventId;
    private final int leastPayload;
    private final int fixedBytes;
    private final int variableFields;
    private final int[] operations;

    /// @param leastPayload bytes that a record must have
    /// @param fixedBytes bytes written at most, without fields of variable length
    /// @param variableFields fields that may be as long as the record
    RecordPlan(
            int eventId, int leastPayload, int fixedBytes, int variableFields, int[] operations) {
        this.eventId = eventId;
        this.leastPayload = leastPayload;
        this.fixedBytes = fixedBytes;
        this.variableFields = variableFields;
        this.operations = operations.clone();
    }

    int eventId() {
        return eventId;
    }

    int leastPayload() {
        return leastPayload;
    }

    /// Bytes that [#write] may write for a record of that length.
    int mostBytes(int length) {
        return fixedBytes + variableFields * (length + 16);
    }

    /// Writes the payload at `at` and returns the position after it.
    ///
    /// @param start where the record's payload begins in `in`
    /// @param saved holds the entry's arguments, at the offsets that they have in a record
    long write(
            MemorySegment in,
            long start,
            int length,
            MemorySegment saved,
            long savedStart,
            MemorySegment out,
            long at,
            ProcessTable processes) {
        int[] steps = operations;
        long to = at;
        for (int i = 0; i + 2 < steps.length; i += STRIDE) {
            int source = steps[i + 1];
            int argument = steps[i + 2];
            switch (steps[i]) {
                case COPY -> to = copy(in, start + source, out, to, argument);
                case COPY_SAVED -> to = copy(saved, savedStart + source, out, to, argument);
                case ZERO -> to = zero(out, to, argument);
                case PRIORITY -> {
                    int priority = in.get(JAVA_INT_UNALIGNED, start + source);
                    out.set(JAVA_INT_UNALIGNED, to, priority - MAX_PRIORITY_RT);
                    to += 4;
                }
                case POINTER_TEXT ->
                        to = pointer(in.get(JAVA_LONG_UNALIGNED, start + source), out, to);
                case POINTER_TEXT_SAVED ->
                        to = pointer(saved.get(JAVA_LONG_UNALIGNED, savedStart + source), out, to);
                default ->
                        to =
                                rare(
                                        steps[i], source, argument, in, start, length, out, to,
                                        processes);
            }
        }
        return to;
    }

    private static long rare(
            int operation,
            int source,
            int argument,
            MemorySegment in,
            long start,
            int length,
            MemorySegment out,
            long at,
            ProcessTable processes) {
        return switch (operation) {
            case WIDEN -> widen(in, start + source, argument, out, at);
            case SWAP16 -> {
                short value = in.get(JAVA_SHORT_UNALIGNED, start + source);
                out.set(JAVA_SHORT_UNALIGNED, at, Short.reverseBytes(value));
                yield at + 2;
            }
            case STRING_IN -> string(in, start + source, argument, out, at);
            case STRING_REST -> string(in, start + source, length - source, out, at);
            case BYTES_REST -> {
                out.set(JAVA_INT_UNALIGNED, at, length - source);
                yield copy(in, start + source, out, at + 4, length - source);
            }
            case BLOCK_FLAGS -> {
                out.set(JAVA_INT_UNALIGNED, at, BlockFlags.mask(in, start + source, argument));
                yield at + 4;
            }
            case CONSTANT -> constant(out, at, source, argument);
            case BORN -> {
                processes.born(
                        in.get(JAVA_INT_UNALIGNED, start + argument),
                        in.get(JAVA_INT_UNALIGNED, start + source));
                yield at;
            }
            case PROCESS_OF -> {
                var process = processes.of(in.get(JAVA_INT_UNALIGNED, start + source));
                out.set(JAVA_INT_UNALIGNED, at, process.pid());
                yield at + 4;
            }
            case PID_NAMESPACE_OF -> {
                var process = processes.of(in.get(JAVA_INT_UNALIGNED, start + source));
                out.set(JAVA_INT_UNALIGNED, at, (int) process.pidNamespace());
                yield at + 4;
            }
            case VIRTUAL_IDS_OF -> {
                var process = processes.of(in.get(JAVA_INT_UNALIGNED, start + source));
                long to = at;
                out.set(JAVA_BYTE, to++, (byte) process.virtualIds().length);
                for (int id : process.virtualIds()) {
                    out.set(JAVA_INT_UNALIGNED, to, id);
                    to += 4;
                }
                yield to;
            }
            default -> located(operation, source, argument, in, start, length, out, at);
        };
    }

    /// What lies elsewhere in the record: a location says where and how long.
    private static long located(
            int operation,
            int source,
            int argument,
            MemorySegment in,
            long start,
            int length,
            MemorySegment out,
            long at) {
        int untrusted = in.get(JAVA_INT_UNALIGNED, start + source);
        int bytes = untrusted >>> 16;
        int offset = untrusted & 0xFFFF;
        if ((operation & RELATIVE) != 0) {
            offset += source + 4;
        }
        if (offset + bytes > length) {
            offset = 0;
            bytes = 0;
        }
        return switch (operation & ~RELATIVE) {
            case STRING_AT -> string(in, start + offset, bytes, out, at);
            case TEXT_AT -> {
                long end = string(in, start + offset, Math.min(bytes, argument), out, at) - 1;
                yield zero(out, end, (int) (at + argument - end));
            }
            case SEQUENCE_AT -> {
                int elementBytes = argument >>> 8;
                int count = bytes / elementBytes;
                long elements = constant(out, at, count, argument & 0xFF);
                yield copy(in, start + offset, out, elements, count * elementBytes);
            }
            default -> throw new AssertionError("operation " + operation);
        };
    }

    private static long copy(MemorySegment in, long from, MemorySegment out, long to, int bytes) {
        int i = 0;
        for (; i + 8 <= bytes; i += 8) {
            out.set(JAVA_LONG_UNALIGNED, to + i, in.get(JAVA_LONG_UNALIGNED, from + i));
        }
        if ((bytes & 4) != 0) {
            out.set(JAVA_INT_UNALIGNED, to + i, in.get(JAVA_INT_UNALIGNED, from + i));
            i += 4;
        }
        for (; i < bytes; i++) {
            out.set(JAVA_BYTE, to + i, in.get(JAVA_BYTE, from + i));
        }
        return to + bytes;
    }

    private static long zero(MemorySegment out, long at, int bytes) {
        int i = 0;
        for (; i + 8 <= bytes; i += 8) {
            out.set(JAVA_LONG_UNALIGNED, at + i, 0L);
        }
        for (; i < bytes; i++) {
            out.set(JAVA_BYTE, at + i, (byte) 0);
        }
        return at + bytes;
    }

    private static long constant(MemorySegment out, long at, int value, int bytes) {
        zero(out, at, bytes);
        for (int i = 0; i < Math.min(bytes, 4); i++) {
            out.set(JAVA_BYTE, at + i, (byte) (value >>> 8 * i));
        }
        return at + bytes;
    }

    private static long widen(
            MemorySegment in, long from, int argument, MemorySegment out, long at) {
        boolean isSigned = (argument & 16) != 0;
        long value =
                switch (argument & 15) {
                    case 1 -> isSigned ? in.get(JAVA_BYTE, from) : in.get(JAVA_BYTE, from) & 0xFFL;
                    case 2 -> {
                        short narrow = in.get(JAVA_SHORT_UNALIGNED, from);
                        yield isSigned ? narrow : narrow & 0xFFFFL;
                    }
                    default -> {
                        int narrow = in.get(JAVA_INT_UNALIGNED, from);
                        yield isSigned ? narrow : narrow & 0xFFFFFFFFL;
                    }
                };
        int bytes = argument >>> 8;
        for (int i = 0; i < bytes; i++) {
            out.set(JAVA_BYTE, at + i, (byte) (value >>> 8 * i));
        }
        return at + bytes;
    }

    /// Copies up to a zero byte or `bytes` bytes, and a zero byte.
    private static long string(MemorySegment in, long from, int bytes, MemorySegment out, long at) {
        long to = at;
        for (int i = 0; i < bytes; i++) {
            byte c = in.get(JAVA_BYTE, from + i);
            if (c == 0) {
                break;
            }
            out.set(JAVA_BYTE, to++, c);
        }
        out.set(JAVA_BYTE, to, (byte) 0);
        return to + 1;
    }

    private static long pointer(long address, MemorySegment out, long at) {
        out.set(JAVA_BYTE, at, (byte) '0');
        out.set(JAVA_BYTE, at + 1, (byte) 'x');
        int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(address)) >>> 2);
        long to = at + 2;
        for (int i = digits - 1; i >= 0; i--) {
            out.set(JAVA_BYTE, to++, DIGITS[(int) (address >>> 4 * i) & 15]);
        }
        out.set(JAVA_BYTE, to, (byte) 0);
        return to + 1;
    }
}
