// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.stack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThrownStackTest {
    private static final String FRAMES =
            "at shop.Till.pay(Till.java:17)\nat shop.Till.main(Till.java:9)";
    private static final String TEXT =
            FRAMES
                    + "\nSuppressed: java.io.IOException: not closed\n  "
                    + FRAMES.replace("\n", "\n  ")
                    + "\n  ... 2 more\nCaused by: java.lang.IllegalStateException: at last\n"
                    + "at shop.Drawer.take(Drawer.java:31)";

    private static ThrownStack from(String first, String last) {
        return new ThrownStack(
                TEXT, TEXT.indexOf(first), TEXT.indexOf(last, TEXT.indexOf(first)) + last.length());
    }

    @Test
    void isTheFramesOfOneThrowable() {
        ThrownStack first = from("at shop.Till", "java:9)");
        assertThat(first.text()).isEqualTo(FRAMES);
        assertThat(first.depth()).isEqualTo(2);
        assertThat(first.indent()).isEmpty();
        assertThat(from("at shop.Drawer", "java:31)").depth()).isOne();
    }

    @Test
    void isTheSameWhereItIsIndented() {
        ThrownStack first = from("at shop.Till", "java:9)");
        ThrownStack suppressed = from("  at shop.Till", "java:9)");
        assertThat(suppressed.indent()).isEqualTo("  ");
        assertThat(suppressed.text()).isEqualTo(FRAMES);
        assertThat(suppressed.key())
                .isEqualTo(first.key())
                .hasSameHashCodeAs(first.key())
                .isNotEqualTo(from("at shop.Drawer", "java:31)").key());
    }
}
