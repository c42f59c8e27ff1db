// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What threads do: the arguments of the system calls that they have entered, for the fields that
/// LTTng shows at the exit, and whether they run 32-bit programs, whose numbers mean other calls.
///
/// Best effort: threads that share a slot forget each other, a call that left on another CPU may be
/// converted before its entry, and a thread that has ended is taken for a 64-bit one. A miss shows
/// zeros, never another call's arguments.
///
/// A slot is as long as a record of an entry: thread and number, time, then at offset 16 the
/// arguments. Owned by the thread that converts.
final class SyscallsInFlight {
    /// Offset of the first argument in a record, and in a slot.
    static final int ARGUMENTS = 16;

    private static final int SLOTS = 8192;
    private static final int SLOT_BYTES = 64;
    private static final int NO_CALL = -1;
    private static final int EXECVE_32 = 11;
    private static final int EXECVEAT_32 = 358;
    private static final int CLONE_THREAD = 0x10000;

    /// A look at `/proc` takes as long as a hundred records: so many a packet at most.
    private static final int LOOKS_PER_PACKET = 16;

    private static final byte NOT_LOOKED_AT = 0;
    private static final byte IS_64_BIT = 1;
    private static final byte IS_32_BIT = 2;
    private static final int CLASS_AT = 4;
    private static final int CLASS_32 = 1;

    private final SyscallNumbers numbers;
    private final byte[] programs = new byte[SLOTS];
    private final MemorySegment slots =
            Arena.ofAuto().allocate((SLOTS + 1L) * SLOT_BYTES, SLOT_BYTES);
    private int looksLeft;

    SyscallsInFlight(SyscallNumbers numbers) {
        this.numbers = numbers;
        for (int i = 0; i < SLOTS; i++) {
            claim(-1 - i, i);
        }
    }

    MemorySegment slots() {
        return slots;
    }

    void beginPacket() {
        looksLeft = LOOKS_PER_PACKET;
    }

    /// Whether the call is one of a 32-bit program. A thread that becomes one by `execve` seems to
    /// have been one for as long before as records were not converted; but not in that call.
    boolean is32Bit(int thread, int number) {
        if (isExec(number)) {
            return false;
        }
        int slot = thread & (SLOTS - 1);
        if (thread(slot) != thread) {
            claim(thread, slot);
        }
        if (programs[slot] == NOT_LOOKED_AT && looksLeft > 0) {
            looksLeft--;
            programs[slot] = look(thread);
        }
        return programs[slot] == IS_32_BIT;
    }

    /// Keeps the arguments of an entry, unless a later one is known.
    void entered(int thread, int number, long time, MemorySegment in, long start, int length) {
        int slot = thread & (SLOTS - 1);
        if (thread(slot) != thread) {
            claim(thread, slot);
        }
        long at = (long) slot * SLOT_BYTES;
        if (slots.get(JAVA_LONG_UNALIGNED, at + 8) > time) {
            return;
        }
        slots.set(JAVA_INT_UNALIGNED, at + 4, number);
        slots.set(JAVA_LONG_UNALIGNED, at + 8, time);
        for (int i = ARGUMENTS; i < SLOT_BYTES; i += 8) {
            long argument = i + 8 <= length ? in.get(JAVA_LONG_UNALIGNED, start + i) : 0;
            slots.set(JAVA_LONG_UNALIGNED, at + i, argument);
        }
    }

    /// Where the arguments of the call that exits lie; a place of zeros when they are not known.
    long left(int thread, int number, long time) {
        int slot = thread & (SLOTS - 1);
        long at = (long) slot * SLOT_BYTES;
        boolean isKnown =
                thread(slot) == thread
                        && slots.get(JAVA_INT_UNALIGNED, at + 4) == number
                        && slots.get(JAVA_LONG_UNALIGNED, at + 8) <= time;
        if (!isKnown) {
            return (long) SLOTS * SLOT_BYTES;
        }
        slots.set(JAVA_INT_UNALIGNED, at + 4, NO_CALL);
        boolean isExec32 =
                programs[slot] == IS_32_BIT && (number == EXECVE_32 || number == EXECVEAT_32);
        if (isExec32 || isExec(number)) {
            programs[slot] = NOT_LOOKED_AT;
        }
        return at;
    }

    /// Whether the thread is in a `clone` that makes a thread of its own process.
    boolean isCloningThread(int thread) {
        int slot = thread & (SLOTS - 1);
        long at = (long) slot * SLOT_BYTES;
        return thread(slot) == thread
                && slots.get(JAVA_INT_UNALIGNED, at + 4) == numbers.cloneCall()
                && (slots.get(JAVA_LONG_UNALIGNED, at + ARGUMENTS) & CLONE_THREAD) != 0;
    }

    private boolean isExec(int number) {
        return number == numbers.execve() || number == numbers.execveat();
    }

    private int thread(int slot) {
        return slots.get(JAVA_INT_UNALIGNED, (long) slot * SLOT_BYTES);
    }

    private void claim(int thread, int slot) {
        long at = (long) slot * SLOT_BYTES;
        slots.set(JAVA_INT_UNALIGNED, at, thread);
        slots.set(JAVA_INT_UNALIGNED, at + 4, NO_CALL);
        slots.set(JAVA_LONG_UNALIGNED, at + 8, Long.MIN_VALUE);
        programs[slot] = NOT_LOOKED_AT;
    }

    /// Looks at the class of the program's file; threads of the kernel have none.
    private static byte look(int thread) {
        try (var program = new FileInputStream("/proc/" + thread + "/exe")) {
            byte[] head = program.readNBytes(CLASS_AT + 1);
            return head.length > CLASS_AT && head[CLASS_AT] == CLASS_32 ? IS_32_BIT : IS_64_BIT;
        } catch (IOException gone) {
            return IS_64_BIT;
        }
    }
}
