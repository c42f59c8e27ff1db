// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.channels.FileChannel.MapMode.READ_WRITE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;

/// The ring file of this process, mapped once and for good: a constant for the compiler.
///
/// Public because generated event classes call it; not for anybody else. Plain accesses may be
/// unaligned. Must not be initialised before [RingStorage] has made the file. JDK 17 to 21;
/// `META-INF/versions/22` has the same over a constant memory segment.
public final class Memory {
    private static final VarHandle SHORT =
            MethodHandles.byteBufferViewVarHandle(short[].class, LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, LITTLE_ENDIAN);
    private static final MappedByteBuffer FILE = map();

    /// No packed word of ASCII has a high bit.
    private static final long NOT_PLAIN = -1;

    private Memory() {}

    private static MappedByteBuffer map() {
        while (true) {
            try (FileChannel channel = FileChannel.open(RingStorage.path(), READ, WRITE)) {
                return channel.map(READ_WRITE, 0, RingStorage.size());
            } catch (ClosedByInterruptException e) {
                Thread.interrupted(); // the channel is closed, and would be again
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public static void putByte(int at, byte value) {
        FILE.put(at, value);
    }

    public static void putShort(int at, short value) {
        SHORT.set(FILE, at, value);
    }

    public static void putInt(int at, int value) {
        INT.set(FILE, at, value);
    }

    public static void putLong(int at, long value) {
        LONG.set(FILE, at, value);
    }

    static byte getByte(int at) {
        return FILE.get(at);
    }

    static int getInt(int at) {
        return (int) INT.get(FILE, at);
    }

    static int getIntAcquire(int at) {
        return (int) INT.getAcquire(FILE, at);
    }

    static void putIntRelease(int at, int value) {
        INT.setRelease(FILE, at, value);
    }

    static long getLong(int at) {
        return (long) LONG.getOpaque(FILE, at);
    }

    static long getLongAcquire(int at) {
        return (long) LONG.getAcquire(FILE, at);
    }

    static void putLongOpaque(int at, long value) {
        LONG.setOpaque(FILE, at, value);
    }

    static void putLongRelease(int at, long value) {
        LONG.setRelease(FILE, at, value);
    }

    static boolean compareAndSetLong(int at, long expected, long value) {
        return LONG.compareAndSet(FILE, at, expected, value);
    }

    static long getAndAddLong(int at, long value) {
        return (long) LONG.getAndAdd(FILE, at, value);
    }

    /// Writes a string of more than 16 characters and its zero byte. (What [Text] has for short
    /// ones is not used: nothing here calls what calls this class.)
    ///
    /// @return the position after it, or -1 when it is not plain ASCII
    static int putLongString(int at, String text) {
        int last = text.length() - 8; // overlaps the word before
        for (int i = 0; i < last; i += 8) {
            long word = pack8(text, i);
            if (word == NOT_PLAIN) {
                return -1;
            }
            putLong(at + i, word);
        }
        long word = pack8(text, last);
        if (word == NOT_PLAIN) {
            return -1;
        }
        putLong(at + last, word);
        putByte(at + last + 8, (byte) 0);
        return at + last + 9;
    }

    /// As in [Text].
    private static long pack8(String text, int start) {
        long word = 0;
        int odd = 0;
        for (int i = 0; i < 8; i++) {
            int c = text.charAt(start + i);
            odd |= c - 1;
            word |= (long) c << (i << 3);
        }
        return (odd & ~0x7f | word & 0x8080808080808080L) == 0 ? word : NOT_PLAIN;
    }
}
