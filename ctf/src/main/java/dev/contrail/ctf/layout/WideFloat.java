// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import dev.contrail.ctf.FieldClass.FloatClass;
import java.nio.ByteBuffer;

/// Floating point numbers of more than 64 bits, IEEE 754-2008 interchange formats (`ctf.md` section
/// 2.2).
public final class WideFloat {
    private static final int DOUBLE_FRACTION_BITS = 52;

    /// Makes numbers normal that are not.
    private static final int TINY_SHIFT = 100;

    private static final double TINY_SCALE = 0x1p100;

    private WideFloat() {}

    /// Reads a number's bits, the least significant 64 first.
    ///
    /// @param bytes little-endian
    public static long[] words(ByteBuffer bytes, long position, FieldLayout field) {
        int size = field.sizeBits;
        long[] words = new long[(size + 63) / 64];
        for (int low = 0; low < size; low += 64) {
            int count = Math.min(64, size - low);
            long at = field.isBigEndian ? position + size - low - count : position + low;
            words[low / 64] = PacketBits.read(bytes, at, count, field.isBigEndian);
        }
        return field.isReversed ? reversed(words, size) : words;
    }

    public static long[] reversed(long[] words, int size) {
        long[] reversed = new long[words.length];
        for (int bit = 0; bit < size; bit++) {
            int from = size - 1 - bit;
            reversed[bit >> 6] |= (words[from >> 6] >>> from & 1) << bit;
        }
        return reversed;
    }

    /// The nearest `double`; what is too small becomes zero, what is too large infinity.
    public static double value(long[] words, FieldLayout field) {
        var number = (FloatClass) field.fieldClass;
        int fractionBits = number.mantissaBits() - 1;
        boolean isNegative = bits(words, field.sizeBits - 1, 1) != 0;
        long exponent = bits(words, fractionBits, number.exponentBits());
        long most = PacketBits.mask(number.exponentBits());
        long high = bits(words, fractionBits - 61, 61);
        boolean isRestZero = isZero(words, fractionBits - 61);
        double size;
        if (exponent == most) {
            size = high == 0 && isRestZero ? Double.POSITIVE_INFINITY : Double.NaN;
        } else if (exponent == 0) {
            size = 0; // subnormal numbers of these formats are far below those of a double
        } else {
            long significand = 1L << 61 | high | (isRestZero ? 0 : 1);
            long power = exponent - (most >>> 1) - 61;
            size = Math.scalb((double) significand, (int) Math.clamp(power, -5000L, 5000L));
        }
        return isNegative ? -size : size;
    }

    /// The bits of a number that is as large as a `double`, the least significant 64 first.
    public static long[] words(double value, FloatClass number) {
        int size = number.sizeBits();
        int fractionBits = number.mantissaBits() - 1;
        long most = PacketBits.mask(number.exponentBits());
        boolean isTiny = Math.abs(value) < Double.MIN_NORMAL;
        double normal = isTiny ? value * TINY_SCALE : value;
        long raw = Double.doubleToRawLongBits(normal);
        long exponent;
        if (value == 0) {
            exponent = 0;
        } else if (Double.isNaN(value) || Double.isInfinite(value)) {
            exponent = most;
        } else {
            exponent = Math.getExponent(normal) + (most >>> 1) - (isTiny ? TINY_SHIFT : 0);
        }
        long[] words = new long[(size + 63) / 64];
        set(words, fractionBits - DOUBLE_FRACTION_BITS, raw & (1L << DOUBLE_FRACTION_BITS) - 1);
        set(words, fractionBits, exponent);
        set(words, size - 1, raw >>> 63);
        return words;
    }

    private static void set(long[] words, int low, long value) {
        words[low >> 6] |= value << low;
        if ((low & 63) != 0 && (low >> 6) + 1 < words.length) {
            words[(low >> 6) + 1] |= value >>> 64 - (low & 63);
        }
    }

    private static boolean isZero(long[] words, int count) {
        for (int low = 0; low < count; low += 64) {
            if (bits(words, low, Math.min(64, count - low)) != 0) {
                return false;
            }
        }
        return true;
    }

    private static long bits(long[] words, int low, int count) {
        int word = low >> 6;
        int shift = low & 63;
        long value = words[word] >>> shift;
        if (shift + count > 64) {
            value |= words[word + 1] << 64 - shift;
        }
        return value & PacketBits.mask(count);
    }
}
