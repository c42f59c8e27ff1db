// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.contrail.ctf.ClockClass;
import dev.contrail.wire.control.ChannelAttributes;
import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.EventRule;
import dev.contrail.wire.control.LossMode;
import dev.contrail.wire.control.PointType;
import dev.contrail.wire.control.Reply.SnapshotOutput;
import dev.contrail.wire.control.Request.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionFileTest {
    private static final SessionFile SESSION =
            new SessionFile(
                    Long.MAX_VALUE,
                    "näme = with # signs\\",
                    Mode.SNAPSHOT,
                    "20261123T101500+0000",
                    "/a/a b",
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
                                                    true)))),
                    List.of(new SnapshotOutput(3, "o", "/d", 1L << 40)),
                    4,
                    5,
                    2,
                    "restarted");

    @TempDir private Path directory;

    @Test
    void readsBackTheNewestThatItWrote() throws IOException {
        StateLog log = log();
        SESSION.append(log);
        SessionFile next = SESSION.afterBoot(SESSION.clock(), UUID.randomUUID(), "again");
        next.append(log);
        assertThat(SessionFile.read(log())).isEqualTo(next);
    }

    @Test
    void goesBackToTheStateBeforeOneThatCannotBeRead() throws IOException {
        StateLog log = log();
        SESSION.append(log);
        log.append("version=2\nid=1");
        log.append("version=3\nid=2");
        assertThat(SessionFile.read(log())).isEqualTo(SESSION);
    }

    @Test
    void keepsItsLogSmall() throws IOException {
        StateLog log = log();
        for (int i = 0; i < 2000; i++) {
            SESSION.append(log);
        }
        assertThat(log.sizeBytes()).isLessThan(300_000);
        assertThat(SessionFile.read(log())).isEqualTo(SESSION);
    }

    @Test
    void refusesAStateThatLacksALine() throws IOException {
        SESSION.append(log());
        List<String> lines =
                log().records().getLast().lines().filter(line -> !line.startsWith("#")).toList();
        for (int i = 0; i < lines.size(); i++) {
            var without = new java.util.ArrayList<>(lines);
            String missing = without.remove(i);
            StateLog log = log();
            log.replace(List.of(String.join("\n", without)));
            assertThatExceptionOfType(IOException.class)
                    .as(missing)
                    .isThrownBy(() -> SessionFile.read(log()));
        }
    }

    private StateLog log() throws IOException {
        return StateLog.open(directory.resolve("session"));
    }
}
