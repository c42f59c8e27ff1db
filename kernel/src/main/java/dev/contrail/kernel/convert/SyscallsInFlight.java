// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.convert;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.contrail.kernel.schema.SyscallNumbers;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What threads do: the arguments of the system calls that they have entered, for the fields that
/// LTTng shows at the exit, and whether they run 32-bit programs, whose numbers mean other calls.
///
/// Best effort: threads that share a slot forget each other, and a call that left on another CPU
/// may be converted before its entry. A miss shows zeros, never another call's arguments.
///
/// A program changes its class by `execve` only, whose exit bears the number of the new class.
/// Until a thread was seen to do that, its program's file tells; where that is gone, the thread is
/// taken for a 64-bit one unless 32-bit programs were seen. What tracefs cannot tell is `int 0x80`
/// in a 64-bit program: its records have the numbers of 32-bit calls and no mark.
///
/// A slot is as long as a record of an entry: thread and number, time, then at offset 16 the
/// arguments. Owned by the thread that converts.
public final class SyscallsInFlight {
    /// Offset of the first argument in a record, and in a slot.
    static final int ARGUMENTS = 16;

    private static final int SLOTS = 8192;
    private static final int SLOT_BYTES = 64;
    private static final int NO_CALL = -1;
    private static final int EXECVE_32 = 11;
    private static final int EXECVEAT_32 = 358;
    private static final int CLONE_32 = 120;
    private static final int CLONE_THREAD = 0x10000;

    /// A look at `/proc` takes as long as a hundred records: so many a packet at most.
    private static final int LOOKS_PER_PACKET = 16;

    private static final byte NOT_LOOKED_AT = 0;
    private static final byte IS_64_BIT = 1;

    /// Seen to have become one: 32-bit from its last `execve` on.
    private static final byte IS_32_BIT = 2;

    /// Its file is one now: what it did before may have been done by another program.
    private static final byte IS_32_BIT_NOW = 3;

    private static final byte IS_GONE = 4;
    private static final int CLASS_AT = 4;
    private static final int CLASS_32 = 1;

    private final SyscallNumbers numbers;
    private final byte[] programs = new byte[SLOTS];
    private final MemorySegment slots =
            Arena.ofAuto().allocate((SLOTS + 1L) * SLOT_BYTES, SLOT_BYTES);
    private final boolean hasHostIds;
    private int looksLeft;
    private boolean hasSeen32Bit;

    /// @param hasHostIds whether thread ids in records are those of this process's `/proc`
    SyscallsInFlight(SyscallNumbers numbers, boolean hasHostIds) {
        this.numbers = numbers;
        this.hasHostIds = hasHostIds;
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

    /// Whether a call that begins is one of a 32-bit program.
    boolean enters32Bit(int thread, int number) {
        int slot = slotOf(thread);
        return is32Bit(slot, thread) && !(programs[slot] != IS_32_BIT && isExec(number));
    }

    /// Whether a call that ends is one of a 32-bit program.
    boolean leaves32Bit(int thread, int number) {
        int slot = slotOf(thread);
        is32Bit(slot, thread);
        int entered = slots.get(JAVA_INT_UNALIGNED, (long) slot * SLOT_BYTES + 4);
        if (isExec32(number) && isExec(entered)) {
            programs[slot] = IS_32_BIT;
            hasSeen32Bit = true;
        } else if (isExec(number) && isExec32(entered)) {
            programs[slot] = IS_64_BIT;
        } else if (number != entered && (isExec32(number) || isExec(number))) {
            programs[slot] = NOT_LOOKED_AT; // its entry was lost, or comes later from another CPU
        }
        boolean isFirst = entered == NO_CALL && programs[slot] == IS_GONE;
        if (isFirst && number == numbers.cloneCall()) {
            programs[slot] = IS_64_BIT; // how a child's life begins
        } else if (isFirst && number == CLONE_32) {
            programs[slot] = IS_32_BIT;
        }
        return is32Bit(slot, thread);
    }

    private boolean is32Bit(int slot, int thread) {
        if (programs[slot] == NOT_LOOKED_AT && looksLeft > 0) {
            looksLeft--;
            programs[slot] = look(thread);
            hasSeen32Bit |= programs[slot] == IS_32_BIT_NOW;
        }
        return switch (programs[slot]) {
            case IS_64_BIT -> false;
            case IS_32_BIT, IS_32_BIT_NOW -> true;
            default -> hasSeen32Bit;
        };
    }

    private int slotOf(int thread) {
        int slot = thread & (SLOTS - 1);
        if (thread(slot) != thread) {
            claim(thread, slot);
        }
        return slot;
    }

    /// Keeps the arguments of an entry, unless a later one is known.
    void entered(int thread, int number, long time, MemorySegment in, long start, int length) {
        long at = (long) slotOf(thread) * SLOT_BYTES;
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
        boolean isThread = thread(slot) == thread;
        int entered = slots.get(JAVA_INT_UNALIGNED, at + 4);
        boolean isKnown =
                isThread && entered == number && slots.get(JAVA_LONG_UNALIGNED, at + 8) <= time;
        if (isThread) {
            slots.set(JAVA_INT_UNALIGNED, at + 4, NO_CALL);
        }
        return isKnown ? at : (long) SLOTS * SLOT_BYTES;
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

    private static boolean isExec32(int number) {
        return number == EXECVE_32 || number == EXECVEAT_32;
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
    private byte look(int thread) {
        if (!hasHostIds) {
            return IS_GONE;
        }
        try (var program = new FileInputStream("/proc/" + thread + "/exe")) {
            byte[] head = program.readNBytes(CLASS_AT + 1);
            return head.length > CLASS_AT && head[CLASS_AT] == CLASS_32 ? IS_32_BIT_NOW : IS_64_BIT;
        } catch (IOException gone) {
            return IS_GONE;
        }
    }
}
