// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogbackNameTest {
    @ParameterizedTest
    @CsvSource({"logback:*, *", "logback:com.shop.*, com.shop.*", "logback:, ''"})
    void isThePatternOfLoggersAfterThePrefix(String pattern, String loggers) {
        assertThat(LogbackName.loggers(pattern)).contains(loggers);
    }

    @ParameterizedTest
    @CsvSource({"*", "log*", "logback", "shop:paid", "xlogback:a"})
    void isNoOtherPattern(String pattern) {
        assertThat(LogbackName.loggers(pattern)).isEmpty();
    }

    /// The numbers are those of `ch.qos.logback.classic.Level`.
    @ParameterizedTest
    @CsvSource({
        "ERROR, 3, 40000",
        "warn, 4, 30000",
        "INFO, 6, 20000",
        "DEBUG, 14, 10000",
        "TRACE, 15, 5000"
    })
    void hasLevelsOnTheScaleOfUserSpace(String name, int userspace, int number) {
        assertThat(LogbackName.levelNamed(name)).contains(userspace);
        assertThat(LogbackName.level(userspace)).isEqualTo(number);
        assertThat(LogbackName.least(userspace)).isEqualTo(number);
    }

    /// `NOTICE`, more severe than `INFO`; and levels that are more severe than any of Logback's.
    @Test
    void comparesLevelsThatLogbackDoesNotHave() {
        assertThat(LogbackName.least(5)).isEqualTo(30000);
        assertThat(LogbackName.least(13)).isEqualTo(20000);
        assertThat(LogbackName.least(2)).isEqualTo(Integer.MAX_VALUE);
        assertThat(LogbackName.level(5)).isEqualTo(Integer.MAX_VALUE);
        assertThat(LogbackName.levelNamed("WARNING")).isEmpty();
    }
}
