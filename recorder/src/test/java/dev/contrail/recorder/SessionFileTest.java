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
import java.nio.file.Files;
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
                    5);

    @TempDir private Path directory;

    @Test
    void readsBackWhatItWrote() throws IOException {
        Path file = directory.resolve("session");
        SESSION.write(file);
        assertThat(SessionFile.read(file)).isEqualTo(SESSION);
        SESSION.write(file);
        assertThat(SessionFile.read(file)).isEqualTo(SESSION);
    }

    @Test
    void refusesAFileThatLacksALine() throws IOException {
        Path file = directory.resolve("session");
        SESSION.write(file);
        List<String> lines =
                Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")).toList();
        for (int i = 0; i < lines.size(); i++) {
            var without = new java.util.ArrayList<>(lines);
            String missing = without.remove(i);
            Files.write(file, without);
            assertThatExceptionOfType(IOException.class)
                    .as(missing)
                    .isThrownBy(() -> SessionFile.read(file));
        }
    }
}
