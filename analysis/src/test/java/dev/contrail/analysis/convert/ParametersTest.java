// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.contrail.analysis.UsageException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {
    @Test
    void readsEveryKindOfValue() throws UsageException {
        assertThat(
                        Parameters.parse(
                                " a = yes,b=FALSE, c=null, d=\"a \\\" b\", path=/a/x-1.y , e=[1, [+2],"
                                        + " \"3\"], f={x=1,y=[]},"))
                .containsExactly(
                        entry("a", true),
                        entry("b", false),
                        entry("d", "a \" b"),
                        entry("path", "/a/x-1.y"),
                        entry("e", List.of(1L, List.of(2L), "3")),
                        entry("f", Map.of("x", 1L, "y", List.of())));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "+100, 100", "-23, -23", "0x1F, 31", "017, 15", "0b101, 5", "-0b1, -1"})
    void readsIntegers(String text, long value) throws UsageException {
        assertThat(Parameters.parse("n=" + text)).containsExactly(entry("n", value));
    }

    @ParameterizedTest
    @CsvSource({"1.5, 1.5", "-0.25, -0.25", "1e3, 1000", ".5, 0.5"})
    void readsRealNumbers(String text, double value) throws UsageException {
        assertThat(Parameters.parse("n=" + text)).containsExactly(entry("n", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "=1", "a=", "a=[1", "a={b=1", "a=\"b", "a=1 b=2", "a=1]"})
    void saysWhereItDoesNotUnderstand(String text) {
        assertThatThrownBy(() -> Parameters.parse(text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(text)
                .hasMessageContaining("at character");
    }

    @Test
    void refusesEndlessNesting() {
        assertThatThrownBy(() -> Parameters.parse("a=" + "[".repeat(100_000)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("too deep");
    }
}
