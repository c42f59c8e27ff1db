// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The arguments of the system calls that threads have entered, for the fields that LTTng shows at
/// the exit. Best effort: threads that share a slot forget each other's call, and a call that left
/// on another CPU may be converted before its entry. A miss shows zeros, never another call's
/// arguments.
///
/// A slot is as long as a record of an entry: thread and number, time, then at offset 16 the
/// arguments. Owned by the thread that converts.
final class SyscallsInFlight {
    /// Offset of the first argument in a record, and in a slot.
    static final int ARGUMENTS = 16;

    private static final int SLOTS = 8192;
    private static final int SLOT_BYTES = 64;
    private static final int NO_THREAD = -1;
    private static final int CLONE_THREAD = 0x10000;

    private final int cloneNumber;
    private final MemorySegment slots =
            Arena.ofAuto().allocate((SLOTS + 1L) * SLOT_BYTES, SLOT_BYTES);

    /// @param cloneNumber number of `clone` on this machine
    SyscallsInFlight(int cloneNumber) {
        this.cloneNumber = cloneNumber;
        for (int i = 0; i < SLOTS; i++) {
            slots.set(JAVA_INT_UNALIGNED, (long) i * SLOT_BYTES, NO_THREAD);
            slots.set(JAVA_LONG_UNALIGNED, (long) i * SLOT_BYTES + 8, Long.MIN_VALUE);
        }
    }

    MemorySegment slots() {
        return slots;
    }

    /// Keeps the arguments of an entry, unless a later one is known.
    void entered(int thread, int number, long time, MemorySegment in, long start, int length) {
        long slot = slot(thread);
        if (slots.get(JAVA_INT_UNALIGNED, slot) == thread
                && slots.get(JAVA_LONG_UNALIGNED, slot + 8) > time) {
            return;
        }
        slots.set(JAVA_INT_UNALIGNED, slot, thread);
        slots.set(JAVA_INT_UNALIGNED, slot + 4, number);
        slots.set(JAVA_LONG_UNALIGNED, slot + 8, time);
        for (int at = ARGUMENTS; at < SLOT_BYTES; at += 8) {
            long argument = at + 8 <= length ? in.get(JAVA_LONG_UNALIGNED, start + at) : 0;
            slots.set(JAVA_LONG_UNALIGNED, slot + at, argument);
        }
    }

    /// Where the arguments of the call that exits lie; a place of zeros when they are not known.
    long left(int thread, int number, long time) {
        long slot = slot(thread);
        boolean isKnown =
                slots.get(JAVA_INT_UNALIGNED, slot) == thread
                        && slots.get(JAVA_INT_UNALIGNED, slot + 4) == number
                        && slots.get(JAVA_LONG_UNALIGNED, slot + 8) <= time;
        if (!isKnown) {
            return (long) SLOTS * SLOT_BYTES;
        }
        slots.set(JAVA_INT_UNALIGNED, slot + 4, NO_THREAD);
        return slot;
    }

    /// Whether the thread is in a `clone` that makes a thread of its own process.
    boolean isCloningThread(int thread) {
        long slot = slot(thread);
        return slots.get(JAVA_INT_UNALIGNED, slot) == thread
                && slots.get(JAVA_INT_UNALIGNED, slot + 4) == cloneNumber
                && (slots.get(JAVA_LONG_UNALIGNED, slot + ARGUMENTS) & CLONE_THREAD) != 0;
    }

    private static long slot(int thread) {
        return (long) (thread & (SLOTS - 1)) * SLOT_BYTES;
    }
}
