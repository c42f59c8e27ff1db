// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.contrail.ctf.ClockClass;
import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.file.StateLog;
import dev.contrail.wire.ChannelAttributes;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.LossMode;
import dev.contrail.wire.PointType;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.control.Reply.SnapshotOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionFileTest {
    private static final SessionFile SESSION =
            new SessionFile(
                    Long.MAX_VALUE,
                    "näme = with # signs\\",
                    SessionMode.SNAPSHOT,
                    "20261123T101500+0000",
                    "/a/a b",
                    250_000,
                    true,
                    UUID.randomUUID(),
                    ClockClass.monotonic(UUID.randomUUID().toString(), -5),
                    SessionState.STOPPED,
                    7,
                    List.of(
                            new ChannelPlan(
                                    6,
                                    "c",
                                    DomainName.KERNEL,
                                    new ChannelAttributes(
                                            LossMode.OVERWRITE, 4096, 2, 1, 2, 3, 4, 5, "mmap"),
                                    false,
                                    List.of(
                                            new EventRule(
                                                    PointType.SYSCALL,
                                                    "*:\n",
                                                    List.of("x", ""),
                                                    EventRule.LevelSelection.EXACTLY,
                                                    -9,
                                                    "n > 3 && s == \"ä\\n\"",
                                                    List.of("arg=0", "return"),
                                                    true)))),
                    List.of(new SnapshotOutput(3, "o", "/d", 1L << 40)),
                    4,
                    5,
                    2,
                    "restarted");

    /// What states before the fourth version have no lines for.
    private static final String FILTERS_AND_SETTINGS =
            "(?m)^.*\\.(filter|settings|setting\\..*)=.*\\R";

    @TempDir private Path directory;

    @Test
    void readsBackTheNewestThatItWrote() throws IOException {
        SessionLog log = SessionLog.begin(file());
        log.keep(SESSION);
        assertThat(SessionLog.open(file()).last()).contains(SESSION);
        SessionFile next = SESSION.afterBoot(SESSION.clock(), UUID.randomUUID(), "again");
        log.keep(next);
        assertThat(SessionLog.open(file()).last()).contains(next);
    }

    @Test
    void goesBackToTheStateBeforeOneThatCannotBeRead() throws IOException {
        SessionLog.begin(file()).keep(SESSION);
        StateLog log = StateLog.open(file());
        log.append("boots=2x");
        log.append("version=2\nid=1");
        log.append("version=4\nid=2");
        assertThat(SessionLog.open(file()).last()).contains(SESSION);
    }

    @Test
    void keepsItsLogSmall() throws IOException {
        SessionLog log = SessionLog.begin(file());
        for (int i = 0; i < 2000; i++) {
            log.keep(SESSION);
        }
        assertThat(Files.size(file())).isLessThan(300_000);
        assertThat(SessionLog.open(file()).last()).contains(SESSION);
    }

    @Test
    void writesOnlyTheRuleThatIsNew() throws IOException {
        SessionLog log = SessionLog.begin(file());
        SessionFile last = SESSION;
        var rules = new ArrayList<EventRule>();
        for (int i = 0; i < 2000; i++) {
            rules.add(
                    new EventRule(
                            PointType.TRACEPOINT,
                            "an:event" + i,
                            List.of(),
                            EventRule.LevelSelection.ALL,
                            0,
                            true));
            SessionFile next = with(rules);
            assertThat(next.changesSince(last)).hasSizeLessThan(2000);
            log.keep(next);
            last = next;
        }
        rules.set(7, rules.get(7).enabled(false));
        log.keep(with(rules));
        assertThat(SessionLog.open(file()).last()).contains(with(rules));
        log.keep(with(rules.subList(0, 3)));
        assertThat(SessionLog.open(file()).last()).contains(with(rules.subList(0, 3)));
        assertThat(Files.size(file())).isLessThan(2_000_000);
    }

    @Test
    void refusesAStateThatLacksALine() throws IOException {
        List<String> lines = SESSION.text().lines().filter(line -> !line.startsWith("#")).toList();
        for (int i = 0; i < lines.size(); i++) {
            var without = new ArrayList<>(lines);
            String missing = without.remove(i);
            assertThatExceptionOfType(IOException.class)
                    .as(missing)
                    .isThrownBy(() -> SessionFile.read(List.of(String.join("\n", without))));
        }
    }

    @Test
    void takesUpAStateOfTheSecondVersionWhichKnewNoLiveSessions() throws IOException {
        String second =
                SESSION.text().replace("version=4", "version=2").replaceAll("(?m)^live=.*\\R", "");
        assertThat(SessionFile.read(List.of(second)).liveMicros()).isZero();
        assertThat(SessionFile.read(List.of(second)).name()).isEqualTo(SESSION.name());
        assertThat(SessionFile.read(List.of(second, "live=5\n")).liveMicros()).isEqualTo(5);
    }

    @Test
    void takesUpAStateOfTheThirdVersionWhichKnewNoFilters() throws IOException {
        String third =
                SESSION.text()
                        .replace("version=4", "version=3")
                        .replaceAll(FILTERS_AND_SETTINGS, "");
        EventRule plain = SessionFile.read(List.of(third)).channels().get(0).rules().get(0);
        EventRule rule = SESSION.channels().get(0).rules().get(0);
        assertThat(plain.filter()).isEmpty();
        assertThat(plain.settings()).isEmpty();
        assertThat(plain.pattern()).isEqualTo(rule.pattern());
        String since = "channel.0.rule.0.filter=n > 3\n";
        EventRule filtered =
                SessionFile.read(List.of(third, since)).channels().get(0).rules().get(0);
        assertThat(filtered.filter()).isEqualTo("n > 3");
    }

    /// A daemon of the first version kept a session as a file of such lines.
    @Test
    void takesUpTheFileOfTheFirstVersionAndWritesItAnew() throws IOException {
        String first =
                SESSION.text()
                        .replace("version=4", "version=1")
                        .replaceAll("(?m)^(boots|notice|live)=.*\\R", "")
                        .replaceAll(FILTERS_AND_SETTINGS, "");
        Files.writeString(file(), first);
        SessionFile taken = SessionLog.open(file()).last().orElseThrow();
        assertThat(taken.boots()).isEqualTo(1);
        assertThat(taken.notice()).isEmpty();
        ChannelPlan channel = taken.channels().get(0);
        assertThat(channel.attributes()).isEqualTo(SESSION.channels().get(0).attributes());
        assertThat(channel.rules().get(0).pattern()).isEqualTo("*:\n");
        assertThat(taken.name()).isEqualTo(SESSION.name());
        assertThat(StateLog.isOne(file())).isTrue();
        SessionLog next = SessionLog.open(file());
        assertThat(next.last()).contains(taken);
        assertThat(next.problem()).isEmpty();
    }

    @Test
    void leavesAFileAsItIsThatItCannotRead() throws IOException {
        for (String text : List.of("nonsense", "version=7\nid=1\n", "\\uZZZZ", "version=1\n")) {
            Files.writeString(file(), text);
            assertThatExceptionOfType(IOException.class)
                    .as(text)
                    .isThrownBy(() -> SessionLog.open(file()));
            assertThat(file()).hasContent(text);
        }
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    private static SessionFile with(List<EventRule> rules) {
        ChannelPlan plan = SESSION.channels().getFirst();
        return new SessionFile(
                SESSION.id(),
                SESSION.name(),
                SESSION.mode(),
                SESSION.created(),
                SESSION.output(),
                SESSION.liveMicros(),
                SESSION.isSynced(),
                SESSION.seed(),
                SESSION.clock(),
                SESSION.state(),
                SESSION.nextChannelId(),
                List.of(
                        new ChannelPlan(
                                plan.id(),
                                plan.name(),
                                plan.domain(),
                                plan.attributes(),
                                plan.isEnabled(),
                                List.copyOf(rules))),
                SESSION.outputs(),
                SESSION.nextOutputId(),
                SESSION.nextSnapshot(),
                SESSION.boots(),
                SESSION.notice());
    }

    private Path file() {
        return directory.resolve("session");
    }
}
