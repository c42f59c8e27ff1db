// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Decimal digits, three at a time from a table of 4 KiB. What is written may overrun the digits by
/// [#OVERRUN] bytes.
final class Digits {
    /// Most digits of an unsigned `long`.
    static final int MOST = 20;

    /// Bytes behind the digits that may be written, too.
    static final int OVERRUN = 3;

    private static final int THOUSAND = 1_000;
    private static final int MILLION = 1_000_000;
    private static final long MILLIARD = 1_000_000_000;
    private static final int ZEROS_SHIFT = 24;

    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /// For each number below 1000 its three digits, the first in the lowest byte, and in the
    /// highest byte how many of them are zeros in front.
    private static final int[] THREE = three();

    private Digits() {}

    private static int[] three() {
        int[] three = new int[THOUSAND];
        for (int i = 0; i < THOUSAND; i++) {
            int zeros = i < 10 ? 2 : i < 100 ? 1 : 0;
            int digits = '0' + i / 100 | '0' + i / 10 % 10 << 8 | '0' + i % 10 << 16;
            three[i] = digits | zeros << ZEROS_SHIFT;
        }
        return three;
    }

    /// Writes an unsigned number.
    ///
    /// @return where its digits end
    static int unsigned(byte[] to, int at, long value) {
        if (value >= 0 && value < MILLIARD) {
            return belowMilliard(to, at, (int) value);
        }
        long high = (value >>> 1) / (MILLIARD / 2); // the same as unsigned, without a slow division
        int end;
        if (high < MILLIARD) {
            end = belowMilliard(to, at, (int) high);
        } else {
            long highest = high / MILLIARD;
            end = nine(to, first(to, at, (int) highest), (int) (high - highest * MILLIARD));
        }
        return nine(to, end, (int) (value - high * MILLIARD));
    }

    private static int belowMilliard(byte[] to, int at, int value) {
        if (value < THOUSAND) {
            return first(to, at, value);
        }
        if (value < MILLION) {
            int thousands = value / THOUSAND;
            return three(to, first(to, at, thousands), value - thousands * THOUSAND);
        }
        int millions = value / MILLION;
        return six(to, first(to, at, millions), value - millions * MILLION);
    }

    /// Writes a signed number.
    ///
    /// @return where its digits end
    static int signed(byte[] to, int at, long value) {
        if (value >= 0) {
            return unsigned(to, at, value);
        }
        to[at] = '-';
        return unsigned(to, at + 1, -value); // of the smallest value, too, as an unsigned number
    }

    /// Writes nine digits of a number of at most nine: nanoseconds of a second.
    ///
    /// @return where they end
    static int nine(byte[] to, int at, int value) {
        int millions = value / MILLION;
        return six(to, three(to, at, millions), value - millions * MILLION);
    }

    private static int six(byte[] to, int at, int value) {
        int thousands = value / THOUSAND;
        return three(to, three(to, at, thousands), value - thousands * THOUSAND);
    }

    private static int three(byte[] to, int at, int value) {
        INTS.set(to, at, THREE[value]);
        return at + 3;
    }

    /// Writes a number below 1000 without zeros in front.
    private static int first(byte[] to, int at, int value) {
        int digits = THREE[value];
        int zeros = digits >>> ZEROS_SHIFT;
        INTS.set(to, at, digits >>> zeros * Byte.SIZE);
        return at + 3 - zeros;
    }
}
