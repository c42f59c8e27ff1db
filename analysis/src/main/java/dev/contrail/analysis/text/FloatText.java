// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Numbers as C prints them.
public final class FloatText {
    private static final MathContext SIX_DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

    private static final int FRACTION_DIGITS = 6;

    private FloatText() {}

    /// As `%f`: six digits after the point.
    ///
    /// @param isNegative the sign bit
    public static String fixed(double value, boolean isNegative) {
        String sign = isNegative ? "-" : "";
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return sign + (Double.isNaN(value) ? "nan" : "inf");
        }
        return sign
                + new BigDecimal(Math.abs(value))
                        .setScale(FRACTION_DIGITS, RoundingMode.HALF_EVEN)
                        .toPlainString();
    }

    /// As `%g`: six significant digits, no trailing zeros.
    ///
    /// @param isNegative the sign bit, which tells -0 from 0 and `-nan` from `nan`
    static String of(double value, boolean isNegative) {
        String sign = isNegative ? "-" : "";
        if (Double.isNaN(value)) {
            return sign + "nan";
        }
        if (Double.isInfinite(value)) {
            return sign + "inf";
        }
        if (value == 0) {
            return sign + "0";
        }
        BigDecimal rounded = new BigDecimal(Math.abs(value)).round(SIX_DIGITS);
        int exponent = rounded.precision() - rounded.scale() - 1;
        BigDecimal stripped = rounded.stripTrailingZeros();
        if (exponent >= -4 && exponent < 6) {
            return sign + stripped.toPlainString();
        }
        String digits = stripped.unscaledValue().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        String power = Math.abs(exponent) < 10 ? "0" : "";
        return "%s%s%se%s%s%d"
                .formatted(
                        sign,
                        digits.charAt(0),
                        fraction,
                        exponent < 0 ? "-" : "+",
                        power,
                        Math.abs(exponent));
    }
}
