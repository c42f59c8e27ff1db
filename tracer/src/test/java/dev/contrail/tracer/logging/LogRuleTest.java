// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogRuleTest {
    @ParameterizedTest
    @CsvSource({
        "JUL, AT_LEAST, 800, 900, true",
        "JUL, AT_LEAST, 800, 700, false",
        "LOGBACK, AT_LEAST, 20000, 20000, true",
        "LOGBACK, AT_LEAST, 20000, 10000, false",
        "LOG4J2, AT_LEAST, 300, 100, true",
        "LOG4J2, AT_LEAST, 300, 300, true",
        "LOG4J2, AT_LEAST, 300, 400, false",
        "LOG4J2, AT_LEAST, 2147483647, 600, true",
        "LOG4J2, EXACTLY, 300, 300, true",
        "LOG4J2, EXACTLY, 300, 200, false",
        "JUL, ALL, 0, -5, true"
    })
    void knowsWhichLevelIsTheMoreSevere(
            LogSystem system, LevelSelection selection, int level, int logged, boolean isWanted) {
        assertThat(new LogRule("*", selection, level).wants(system, "shop", logged))
                .isEqualTo(isWanted);
    }

    @ParameterizedTest
    @CsvSource({
        "shop.till, true",
        "shop.drawer, false",
        "shop.drawer.coins, false",
        "shopping, false"
    })
    void leavesOutWhatIsExcluded(String logger, boolean isWanted) {
        LogRule rule =
                new LogRule(
                        "shop.*",
                        List.of("shop.drawer", "shop.drawer.*"),
                        LevelSelection.ALL,
                        0,
                        "");
        assertThat(rule.wants(LogSystem.LOGBACK, logger, 1)).isEqualTo(isWanted);
    }
}
