// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An output that blocks for ever whoever writes to it: a pipe that nobody reads, in the place of
/// the metadata.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SilentOutputSystemTest {
    private static final int THREADS = 2;
    private static final String SILENT = "No answer from ";

    @Test
    void keepsNobodyAndIsStoredByTheNextDaemon() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path silent = machine.root().resolve("silent");
            Path other = machine.root().resolve("other");
            machine.succeed("sessiond", "--background", "--no-kernel");
            for (Path output : List.of(silent, other)) {
                machine.succeed("create", output.getFileName().toString(), "-o", output.toString());
                machine.succeed("enable-event", "-u", "count:*");
                machine.succeed("start");
            }
            Path pipe = block(machine, silent);
            Counter counter = Counter.start(machine, THREADS, 20_000, 10_000);
            long[] emitted = counter.join();
            machine.succeed("set-session", "silent");
            while (!said(machine.contrail("status")).contains(SILENT)) {
                Thread.onSpinWait(); // no longer than the test may take
            }
            Machine.Result stopped = machine.contrail("stop", "silent");
            assertThat(stopped.err())
                    .contains(SILENT + silent)
                    .containsPattern("[1-9][0-9,]* bytes wait in memory");
            machine.succeed("stop", "other");
            Ticks.read(machine, other).assertAllUpTo(emitted);

            machine.killDaemon();
            Files.delete(pipe);
            machine.succeed("sessiond", "--background", "--no-kernel");
            while (!Files.exists(pipe)
                    || Ticks.readBroken(machine, silent).stored() < counter.total()) {
                Thread.onSpinWait();
            }
            Ticks.read(machine, silent).assertAllUpTo(emitted);
            machine.succeed("destroy", "silent");
            Ticks.read(machine, silent).assertAllUpTo(emitted);
        }
    }

    @Test
    void canBeDestroyed() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path silent = machine.root().resolve("silent");
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "silent", "-o", silent.toString());
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            block(machine, silent);
            Counter.start(machine, THREADS, 1_000, 0).join();
            Machine.Result destroyed = machine.contrail("destroy", "silent");

            assertThat(said(destroyed)).contains("Session silent destroyed", SILENT + silent);
            assertThat(machine.succeed("list")).doesNotContain("silent");
            machine.succeed("create", "next", "-o", machine.root().resolve("next").toString());
        }
    }

    private static String said(Machine.Result result) {
        return result.out() + result.err();
    }

    private static Path block(Machine machine, Path output)
            throws IOException, InterruptedException {
        Object uid = Files.getAttribute(machine.root(), "unix:uid");
        Path pipe = output.resolve("ust/uid/" + uid + "/64-bit/metadata");
        Files.createDirectories(pipe.getParent());
        assertThat(machine.run(List.of("mkfifo", pipe.toString())).status()).isZero();
        return pipe;
    }
}
