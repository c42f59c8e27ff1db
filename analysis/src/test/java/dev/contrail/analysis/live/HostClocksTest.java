// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class HostClocksTest {
    private static final long SECOND = 1_000_000_000L;

    /// What is told within two minutes, looked at every 100 ms.
    ///
    /// @param slow up to where the one host is known, by this machine's clock
    private static List<String> told(LongUnaryOperator slow, LongUnaryOperator fast) {
        var clocks = new HostClocks();
        var told = new ArrayList<String>();
        for (long now = 0; now < 120 * SECOND; now += SECOND / 10) {
            clocks.heard("web", slow.applyAsLong(now));
            clocks.heard("db", fast.applyAsLong(now));
            clocks.look(now).ifPresent(told::add);
        }
        return told;
    }

    @Test
    void saysOnceThatClocksAreApart() {
        assertThat(told(now -> now, now -> now + 49 * SECOND))
                .singleElement()
                .asString()
                .startsWith("the clock of host db is 49 s ahead of that of web");
    }

    @Test
    void alsoWhereNewsComeEveryFewSeconds() {
        assertThat(told(now -> now - now % (4 * SECOND), now -> now + 49 * SECOND)).singleElement();
    }

    @Test
    void hostsWithinSecondsAgree() {
        assertThat(told(now -> now, now -> now + 5 * SECOND)).isEmpty();
    }

    @Test
    void whoIsBehindAndCatchesUpHasNoOtherClock() {
        assertThat(told(now -> Math.min(now, -100 * SECOND + 3 * now), now -> now)).isEmpty();
    }

    @Test
    void whoSaysNothingMoreHasNoOtherClock() {
        assertThat(told(now -> Math.min(now, 20 * SECOND), now -> now)).isEmpty();
    }
}
