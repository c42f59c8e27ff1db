// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.cli.console.Failure;
import dev.contrail.wire.DomainName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogLevelsTest {
    @ParameterizedTest
    @CsvSource({
        "USERSPACE, EMERG, 0",
        "USERSPACE, warning, 4",
        "USERSPACE, TRACE_INFO, 6",
        "USERSPACE, trace_debug_line, 13",
        "USERSPACE, DEBUG_LINE, 13",
        "USERSPACE, LINE, 13",
        "USERSPACE, SYSTEM, 7",
        "USERSPACE, DEBUG, 14",
        "JUL, SEVERE, 1000",
        "JUL, fine, 500",
        "JUL, JUL_FINEST, 300",
        "JUL, OFF, 2147483647",
        "JUL, ALL, -2147483648",
        "LOG4J2, OFF, 0",
        "LOG4J2, fatal, 100",
        "LOG4J2, LOG4J2_TRACE, 600",
        "LOG4J2, ALL, 2147483647"
    })
    void knowsTheNamesOfADomain(DomainName domain, String text, int level) throws Failure {
        assertThat(LogLevels.parse(domain, text)).isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource({
        "USERSPACE, 3",
        "USERSPACE, BOGUS",
        "USERSPACE, FINE",
        "USERSPACE, INFO..",
        "JUL, 900",
        "JUL, DEBUG",
        "JUL, TRACE_INFO",
        "LOG4J2, WARNING"
    })
    void refusesOtherNamesWithLttngsStatus(DomainName domain, String text) {
        assertThatThrownBy(() -> LogLevels.parse(domain, text))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.status()).isEqualTo(97))
                .hasMessage("Unknown loglevel " + text);
    }

    @ParameterizedTest
    @CsvSource({
        "USERSPACE, 4, TRACE_WARNING (4)",
        "USERSPACE, 14, TRACE_DEBUG (14)",
        "USERSPACE, 77, 77",
        "JUL, 500, JUL_FINE",
        "JUL, 501, 501",
        "LOG4J2, 300, LOG4J2_WARN",
        "LOG4J2, 350, 350"
    })
    void showsALevelAsListDoes(DomainName domain, int level, String text) {
        assertThat(LogLevels.show(domain, level)).isEqualTo(text);
    }
}
