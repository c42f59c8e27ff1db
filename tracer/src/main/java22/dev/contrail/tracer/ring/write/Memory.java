// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.channels.FileChannel.MapMode.READ_WRITE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;

/// The ring file of this process, mapped once and for good: a constant for the compiler.
///
/// Public because generated event classes call it; not for anybody else. Plain accesses may be
/// unaligned. Must not be initialised before [RingStorage] has made the file. JDK 22 and later; the
/// same as the class of that name for JDK 17, over a constant segment.
public final class Memory {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final VarHandle INT_WORD =
            ValueLayout.JAVA_INT.withOrder(LITTLE_ENDIAN).varHandle();
    private static final VarHandle LONG_WORD =
            ValueLayout.JAVA_LONG.withOrder(LITTLE_ENDIAN).varHandle();
    private static final MemorySegment FILE = map();

    private Memory() {}

    private static MemorySegment map() {
        while (true) {
            try (FileChannel channel = FileChannel.open(RingStorage.path(), READ, WRITE)) {
                return channel.map(READ_WRITE, 0, RingStorage.size(), Arena.global());
            } catch (ClosedByInterruptException e) {
                Thread.interrupted(); // the channel is closed, and would be again
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public static void putByte(int at, byte value) {
        FILE.set(ValueLayout.JAVA_BYTE, at, value);
    }

    public static void putShort(int at, short value) {
        FILE.set(SHORT, at, value);
    }

    public static void putInt(int at, int value) {
        FILE.set(INT, at, value);
    }

    public static void putLong(int at, long value) {
        FILE.set(LONG, at, value);
    }

    static byte getByte(int at) {
        return FILE.get(ValueLayout.JAVA_BYTE, at);
    }

    static int getInt(int at) {
        return FILE.get(INT, at);
    }

    static int getIntAcquire(int at) {
        return (int) INT_WORD.getAcquire(FILE, (long) at);
    }

    static void putIntRelease(int at, int value) {
        INT_WORD.setRelease(FILE, (long) at, value);
    }

    static long getLong(int at) {
        return (long) LONG_WORD.getOpaque(FILE, (long) at);
    }

    static long getLongAcquire(int at) {
        return (long) LONG_WORD.getAcquire(FILE, (long) at);
    }

    static void putLongOpaque(int at, long value) {
        LONG_WORD.setOpaque(FILE, (long) at, value);
    }

    static void putLongRelease(int at, long value) {
        LONG_WORD.setRelease(FILE, (long) at, value);
    }

    static boolean compareAndSetLong(int at, long expected, long value) {
        return LONG_WORD.compareAndSet(FILE, (long) at, expected, value);
    }

    static long getAndAddLong(int at, long value) {
        return (long) LONG_WORD.getAndAdd(FILE, (long) at, value);
    }

    /// Writes a string of more than 16 characters and its zero byte.
    ///
    /// @return the position after it, or -1 when it is longer as UTF-8: anything but plain ASCII,
    ///   and halves of surrogate pairs, of which a question mark is made here as by the encoder
    static int putLongString(int at, String text) {
        if (text.indexOf(0) >= 0) {
            return -1;
        }
        int end = at + text.length();
        FILE.setString(at, text);
        return FILE.get(ValueLayout.JAVA_BYTE, end) == 0 ? end + 1 : -1;
    }
}
