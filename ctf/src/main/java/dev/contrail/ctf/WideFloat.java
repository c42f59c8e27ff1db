// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import dev.contrail.ctf.FieldClass.FloatClass;
import java.nio.ByteBuffer;

/// Floating point numbers of more than 64 bits, IEEE 754-2008 interchange formats (`ctf.md` section
/// 2.2).
final class WideFloat {
    private WideFloat() {}

    /// Reads a number's bits, the least significant 64 first.
    ///
    /// @param bytes little-endian
    static long[] words(ByteBuffer bytes, long position, FieldLayout field) {
        int size = field.sizeBits;
        long[] words = new long[(size + 63) / 64];
        for (int low = 0; low < size; low += 64) {
            int count = Math.min(64, size - low);
            long at = field.isBigEndian ? position + size - low - count : position + low;
            words[low / 64] = PacketBits.read(bytes, at, count, field.isBigEndian);
        }
        return field.isReversed ? reversed(words, size) : words;
    }

    private static long[] reversed(long[] words, int size) {
        long[] reversed = new long[words.length];
        for (int bit = 0; bit < size; bit++) {
            int from = size - 1 - bit;
            reversed[bit >> 6] |= (words[from >> 6] >>> from & 1) << bit;
        }
        return reversed;
    }

    /// The nearest `double`; what is too small becomes zero, what is too large infinity.
    static double value(long[] words, FieldLayout field) {
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
