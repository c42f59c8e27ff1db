// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

/// Decimal digits, eight at a time, in the lanes of a `long`.
final class Digits {
    /// One more than the largest number of eight digits.
    static final long EIGHT = 100_000_000;

    /// What makes digits of numbers below ten: `0` in each byte.
    private static final long ASCII = 0x3030_3030_3030_3030L;

    private Digits() {}

    /// The eight digits of a number, the first of them in the lowest byte.
    ///
    /// @param value 0 to 99,999,999
    static long ascii(long value) {
        return split(value) + ASCII;
    }

    /// The digits of a number without those zeros in front that are not its only digit: the first
    /// in the lowest byte, nothing in the highest bytes.
    ///
    /// @param value 0 to 99,999,999
    static long shortest(long value) {
        long digits = split(value);
        return digits + ASCII >>> leadingZeros(digits) * Byte.SIZE;
    }

    /// How many bytes [#shortest] has.
    static int length(long shortest) {
        return Long.BYTES - (Long.numberOfLeadingZeros(shortest) >>> 3);
    }

    private static int leadingZeros(long digits) {
        return Long.numberOfTrailingZeros(digits | 1L << 7 * Byte.SIZE) >>> 3;
    }

    /// Divides by 10,000, by 100 and by 10, with all quotients of a step in one multiplication. The
    /// factors are 2¹⁹ / 100 and 2¹⁰ / 10, rounded up: exact for all that occurs.
    private static long split(long value) {
        long halves = value / 10_000 | value % 10_000 << 32;
        long hundreds = halves * 5243 >>> 19 & 0x0000_007F_0000_007FL;
        long quarters = hundreds | halves - hundreds * 100 << 16;
        long tens = quarters * 103 >>> 10 & 0x000F_000F_000F_000FL;
        return tens | quarters - tens * 10 << 8;
    }
}
