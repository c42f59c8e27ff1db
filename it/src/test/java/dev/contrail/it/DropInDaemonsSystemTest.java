// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What scripts for LTTng do with its daemons, done with ours.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DropInDaemonsSystemTest {
    private static Machine.Result run(Machine machine, String program, String... words)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Machine.checkout().resolve(program).toString()));
        command.addAll(List.of(words));
        return machine.run(command);
    }

    /// The name that `ps` and `pgrep` know the daemon by.
    private static String nameOf(Path pidFile) throws IOException {
        String pid = Files.readString(pidFile).strip();
        assertThat(Files.readString(Path.of("/proc", pid, "cmdline")).split("\0")[0])
                .contains("/" + Files.readString(Path.of("/proc", pid, "comm")).strip());
        return Files.readString(Path.of("/proc", pid, "comm")).strip();
    }

    @Test
    void theSessionDaemonTakesLttngsOptionsAndName() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path pid = machine.root().resolve("pid");
            Machine.Result started =
                    run(
                            machine,
                            "lttng-sessiond",
                            "--background",
                            "--no-kernel",
                            "--consumerd64-path=/nowhere",
                            "--verbose-consumer",
                            "-vvv",
                            "--pid",
                            pid.toString(),
                            "passed-over");
            assertThat(started.status()).as(started.err()).isZero();
            assertThat(nameOf(pid)).isEqualTo("lttng-sessiond");
            assertThat(run(machine, "lttng", "create", "at-once").status()).isZero();
            Machine.Result wrong = run(machine, "lttng-sessiond", "--consumerd64-path");
            assertThat(wrong.status()).isNotZero();
            assertThat(wrong.err()).startsWith("Error: ");
        }
    }

    @Test
    void theOneThatACommandStartsHasTheNameToo() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            assertThat(run(machine, "lttng", "create", "first").out())
                    .contains("Spawning a session daemon");
            assertThat(nameOf(machine.runDirectory().resolve("sessiond.pid")))
                    .isEqualTo("lttng-sessiond");
        }
    }

    @Test
    void theConfigurationFileOfLttngIsRead() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path directory = Files.createDirectories(machine.home().resolve(".lttng"));
            Path pid = machine.root().resolve("pid");
            Files.writeString(
                    directory.resolve("lttng.conf"),
                    "[relayd]\nfd-pool-size=50\n[sessiond]\nno-kernel=yes\npidfile=" + pid + "\n");
            machine.succeed("sessiond", "--background");
            assertThat(nameOf(pid)).isEqualTo("contrail-sessio");
            machine.succeed("create", "at-once");
            assertThat(machine.contrail("enable-event", "-k", "-a").err())
                    .contains("started with --no-kernel");
            Path wrong =
                    Files.writeString(machine.root().resolve("wrong"), "[sessiond]\nno-kern=1\n");
            machine.refused(
                    1,
                    wrong + ":2: no option of sessiond: no-kern",
                    "sessiond",
                    "-f",
                    wrong.toString());
        }
    }
}
