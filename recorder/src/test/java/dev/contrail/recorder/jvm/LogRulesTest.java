// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.tracer.logging.LevelSelection;
import dev.contrail.tracer.logging.LogRule;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.PointType;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogRulesTest {
    private static EventRule rule(String pattern, EventRule.LevelSelection levels, int level) {
        return new EventRule(
                PointType.TRACEPOINT,
                pattern,
                List.of("logback:com.shop.till", "other:*"),
                levels,
                level,
                true);
    }

    private static List<LogRule> of(DomainName domain, EventRule... rules) {
        var attributes = new ChannelAttributes(LossMode.DISCARD, 1, 1, 0, 0, 0, 0, 0, "mmap");
        return LogRules.of(new ChannelPlan(0, "c", domain, attributes, true, List.of(rules)));
    }

    @Test
    void ofUserSpaceAreThoseThatNameLogback() {
        assertThat(
                        of(
                                DomainName.USERSPACE,
                                rule("*", EventRule.LevelSelection.ALL, 0),
                                rule("logback:com.*", EventRule.LevelSelection.AT_LEAST, 4),
                                rule("logback:a", EventRule.LevelSelection.EXACTLY, 6),
                                rule("logback:b", EventRule.LevelSelection.ALL, 0).enabled(false)))
                .containsExactly(
                        new LogRule(
                                "com.*",
                                List.of("com.shop.till"),
                                LevelSelection.AT_LEAST,
                                30000,
                                ""),
                        new LogRule(
                                "a", List.of("com.shop.till"), LevelSelection.EXACTLY, 20000, ""));
    }

    @Test
    void ofLoggersAreAsTheyWereMade() {
        assertThat(of(DomainName.LOG4J2, rule("com.*", EventRule.LevelSelection.AT_LEAST, 300)))
                .containsExactly(new LogRule("com.*", LevelSelection.AT_LEAST, 300));
        assertThat(LogRules.system(DomainName.LOG4J2)).isEqualTo(LogSystem.LOG4J2);
        assertThat(LogRules.pointName(DomainName.LOG4J2, "a")).isEqualTo("a");
        assertThat(LogRules.pointName(DomainName.USERSPACE, "a")).isEqualTo("logback:a");
    }
}
