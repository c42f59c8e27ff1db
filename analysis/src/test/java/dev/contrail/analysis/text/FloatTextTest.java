// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatTextTest {

    /// Expected values are those of glibc's `printf("%g")`.
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "1.5, 1.5",
        "100000, 100000",
        "1000000, 1e+06",
        "999999.5, 1e+06",
        "123456.5, 123456",
        "123457.5, 123458",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "0.000099999951, 0.0001",
        "3.14159265, 3.14159",
        "1e100, 1e+100",
        "4.9e-324, 4.94066e-324",
        "1.7976931348623157e308, 1.79769e+308",
        "-2.75, -2.75",
        "20000, 20000",
        "NaN, nan",
        "Infinity, inf",
        "-Infinity, -inf",
    })
    void printsAsCDoes(double value, String expected) {
        boolean isNegative = Double.doubleToRawLongBits(value) < 0;
        assertThat(FloatText.of(value, isNegative)).isEqualTo(expected);
    }

    /// Expected values are those of C's `printf("%f")`.
    @ParameterizedTest
    @CsvSource({
        "0, 0.000000",
        "-0.0, -0.000000",
        "1.5, 1.500000",
        "0.0000005, 0.000000",
        "0.0000015, 0.000002",
        "-2.75, -2.750000",
        "1e23, 99999999999999991611392.000000",
        "NaN, nan",
        "-Infinity, -inf",
    })
    void printsSixDigitsBehindThePointAsCDoes(double value, String expected) {
        boolean isNegative = Double.doubleToRawLongBits(value) < 0;
        assertThat(FloatText.fixed(value, isNegative)).isEqualTo(expected);
    }
}
