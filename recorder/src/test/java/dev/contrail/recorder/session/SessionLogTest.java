// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.contrail.ctf.ClockClass;
import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.PointType;
import dev.contrail.wire.SessionMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The states of a session, one after the other, in a file that stays small.
class SessionLogTest {
    private static final ChannelAttributes ATTRIBUTES =
            new ChannelAttributes(LossMode.OVERWRITE, 4096, 2, 0, 0, 0, 0, 0, "mmap");

    @TempDir Path directory;
    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("session");
    }

    private static SessionFile session(int snapshots, List<EventRule> rules) {
        return new SessionFile(
                1,
                "s",
                SessionMode.SNAPSHOT,
                "20261123T101500+0000",
                "",
                0,
                false,
                new UUID(1, 2),
                ClockClass.monotonic(new UUID(3, 4).toString(), 5),
                SessionState.ACTIVE,
                1,
                List.of(new ChannelPlan(0, "c", DomainName.USERSPACE, ATTRIBUTES, true, rules)),
                List.of(),
                1,
                snapshots,
                1,
                "");
    }

    private static List<EventRule> rules(int count) {
        var rules = new ArrayList<EventRule>();
        for (int i = 0; i < count; i++) {
            rules.add(
                    new EventRule(
                            PointType.TRACEPOINT,
                            "provider" + i + ":*",
                            List.of(),
                            EventRule.LevelSelection.ALL,
                            0,
                            true));
        }
        return rules;
    }

    private SessionFile last() throws IOException {
        return SessionLog.open(file).last().orElseThrow();
    }

    @Test
    void isOfNoSessionBeforeTheFirstState() throws IOException {
        assertThat(SessionLog.begin(file).last()).isEmpty();
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> SessionLog.open(directory.resolve("none")));
    }

    @Test
    void holdsTheLastOfManyStates() throws IOException {
        SessionLog log = SessionLog.begin(file);
        for (int i = 0; i <= 500; i++) {
            log.keep(session(i, rules(3)));
        }

        assertThat(last()).isEqualTo(session(500, rules(3)));
    }

    /// A cron job takes a snapshot each minute for years.
    @Test
    void staysSmallHoweverManyStatesThereWere() throws IOException {
        SessionLog log = SessionLog.begin(file);
        for (int i = 0; i < 20_000; i++) {
            log.keep(session(i, rules(2)));
        }

        assertThat(Files.size(file)).isLessThan(300 << 10);
        assertThat(last()).isEqualTo(session(19_999, rules(2)));
    }

    @Test
    void holdsAStateThatIsLargeItself() throws IOException {
        SessionLog log = SessionLog.begin(file);
        for (int i = 0; i < 20; i++) {
            log.keep(session(i, rules(5_000 - i)));
        }

        assertThat(last()).isEqualTo(session(19, rules(4_981)));
    }

    @Test
    void losesNoRuleThatGoesOrComes() throws IOException {
        SessionLog log = SessionLog.begin(file);
        for (int count : new int[] {0, 5, 2, 9, 1, 0, 3}) {
            log.keep(session(0, rules(count)));
            assertThat(last()).isEqualTo(session(0, rules(count)));
        }
    }

    @Test
    void goesOnWhereAnEarlierDaemonStopped() throws IOException {
        SessionLog.begin(file).keep(session(1, rules(1)));
        SessionLog next = SessionLog.open(file);
        next.keep(session(2, rules(2)));

        assertThat(next.problem()).isEmpty();
        assertThat(last()).isEqualTo(session(2, rules(2)));
    }
}
