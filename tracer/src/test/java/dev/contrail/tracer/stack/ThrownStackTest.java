// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class ThrownStackTest {
    private static final String TEXT =
            """
            at shop.Till.pay(Till.java:17)
            at shop.Till.main(Till.java:9)
            Suppressed: java.io.IOException: not closed
              at shop.Till.pay(Till.java:17)
              at shop.Till.main(Till.java:9)
              ... 2 more
            Caused by: java.lang.IllegalStateException: at last
            at shop.Drawer.take(Drawer.java:31)\
            """;

    private static ThrownStack at(String line) {
        return Objects.requireNonNull(ThrownStack.at(TEXT, TEXT.indexOf(line)));
    }

    @Test
    void isTheFramesOfOneThrowable() {
        ThrownStack first = at("at shop.Till");
        assertThat(first.text())
                .isEqualTo("at shop.Till.pay(Till.java:17)\nat shop.Till.main(Till.java:9)");
        assertThat(first.depth()).isEqualTo(2);
        assertThat(TEXT.substring(first.end())).startsWith("\nSuppressed: ");
        ThrownStack last = at("at shop.Drawer");
        assertThat(last.depth()).isOne();
        assertThat(last.end()).isEqualTo(TEXT.length());
    }

    @Test
    void isTheSameWhereItIsIndented() {
        ThrownStack suppressed = at("  at shop.Till");
        assertThat(suppressed.indent()).isEqualTo("  ");
        assertThat(suppressed.text()).isEqualTo(at("at shop.Till").text());
        assertThat(suppressed.key())
                .isEqualTo(at("at shop.Till").key())
                .hasSameHashCodeAs(at("at shop.Till").key())
                .isNotEqualTo(at("at shop.Drawer").key());
    }

    @Test
    void isNoOtherLine() {
        assertThat(ThrownStack.at(TEXT, TEXT.indexOf("Suppressed"))).isNull();
        assertThat(ThrownStack.at(TEXT, TEXT.indexOf("  ... 2"))).isNull();
        assertThat(ThrownStack.at(TEXT, TEXT.length())).isNull();
        assertThat(ThrownStack.at("\n\nat shop", 0)).isNull();
        assertThat(ThrownStack.at("  ", 0)).isNull();
    }
}
