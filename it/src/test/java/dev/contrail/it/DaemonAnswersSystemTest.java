// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The session daemon answers, or a command says why not.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class DaemonAnswersSystemTest {
    @Test
    void tellsWhoDidNotWaitForItWhileItWasBusy() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "flight", "--snapshot");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            String daemon = Long.toString(machine.daemonPid());
            machine.run(List.of("kill", "-STOP", daemon));
            Counter counter =
                    Counter.start(
                            machine,
                            List.of("env", "-u", "LTTNG_UST_REGISTER_TIMEOUT"),
                            1,
                            0,
                            1_000_000);
            counter.await(10);
            machine.run(List.of("kill", "-CONT", daemon));

            Machine.await(
                    "the notice",
                    () -> status(machine).contains("before the busy session daemon had told it"));
            counter.end();
        }
    }

    private static String status(Machine machine) throws IOException {
        try {
            return machine.succeed("status");
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /// Somebody has removed the run directory: the daemon goes on, and nobody finds it. When it
    /// ends it takes nothing of the one that was started there since.
    @Test
    void aDaemonThatNobodyFindsLeavesTheNextOneAlone() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            ProcessHandle first = ProcessHandle.of(machine.daemonPid()).orElseThrow();
            Path run = machine.runDirectory();
            Path aside = machine.root().resolve("aside");
            Files.move(run, aside);
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "second", "--snapshot");
            assertThat(machine.daemonPid()).isNotEqualTo(first.pid());

            first.destroy();
            first.onExit().join();
            assertThat(machine.succeed("list")).contains("second");
            assertThat(run.resolve("apps.sock")).exists();
            assertThat(run.resolve("sessiond.options")).exists();
        }
    }

    @Test
    void commandsGoOnWithTheSessionsOfADaemonThatWasKilled()
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "flight", "--snapshot");
            machine.killDaemon();

            Machine.Result status = machine.contrail("status");
            assertThat(status.status()).as(status.err()).isZero();
            assertThat(status.out()).contains("flight");
            assertThat(status.err()).contains("another one takes over its sessions");
            machine.killDaemon();
            assertThat(machine.succeed("destroy", "flight"))
                    .isEqualTo("Session flight destroyed\n");
        }
    }

    /// Whichever starts the next daemon, all of them find it: each starts one, and one is first.
    @Test
    void commandsAtOnceGoOnWithWhatADaemonHasLeft() throws Exception {
        try (Machine machine = Machine.open();
                var threads = Executors.newFixedThreadPool(4)) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "flight", "--snapshot");
            machine.killDaemon();
            Callable<Machine.Result> list = () -> machine.contrail("list");

            for (var each : threads.invokeAll(Collections.nCopies(4, list))) {
                assertThat(each.get().status()).as(each.get().err()).isZero();
                assertThat(each.get().out()).contains("flight");
            }
        }
    }

    @Test
    void aCommandLineThatCannotBeEndsNoDaemon() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            long daemon = machine.daemonPid();
            for (List<String> wrong :
                    List.of(
                            List.of("--idle-timeout", "soon"),
                            List.of("--pidfile", machine.root() + "/no/such/directory/pid"))) {
                var words = new ArrayList<>(List.of("sessiond", "--replace", "--background"));
                words.addAll(wrong);
                Machine.Result said = machine.contrail(words.toArray(String[]::new));
                assertThat(said.status()).as(said.err()).isNotZero();
            }

            assertThat(machine.daemonPid()).isEqualTo(daemon);
            machine.succeed("create", "flight", "--snapshot");
        }
    }

    @Test
    void aDaemonAnswersAfterItsJarsWereReplacedUnderIt() throws Exception {
        try (Machine machine = Machine.open()) {
            Path product = machine.root().resolve("product");
            List<Path> jars = copyProduct(product);
            Path log = machine.root().resolve("daemon.log");
            Path ready = machine.root().resolve("ready");
            var daemon =
                    new ProcessBuilder(
                            product.resolve("contrail").toString(),
                            "sessiond",
                            "--no-kernel",
                            "--pidfile",
                            ready.toString());
            daemon.environment().put("LTTNG_RUNDIR", machine.runDirectory().toString());
            daemon.environment().put("LTTNG_HOME", machine.home().toString());
            daemon.environment().put("CONTRAIL_NO_BUILD", "1");
            daemon.environment().put("CONTRAIL_NO_CACHE", "1");
            Process running = daemon.redirectErrorStream(true).redirectOutput(log.toFile()).start();
            try {
                Machine.await("the daemon", () -> Files.exists(ready));
                TimeUnit.SECONDS.sleep(5); // it loads its classes in the background
                for (Path jar : jars) {
                    Files.write(jar, new byte[100_000]);
                }
                machine.succeed("create", "s", "--snapshot");
                machine.succeed("enable-event", "-u", "count:*");
                machine.succeed("start");
                machine.succeed("snapshot", "record");
                assertThat(machine.succeed("list", "s")).contains("count:*");
                machine.succeed("destroy", "s");
            } finally {
                running.destroy();
                running.waitFor();
            }
        }
    }

    private static List<Path> copyProduct(Path to) throws IOException {
        Files.createDirectories(to);
        Files.copy(
                Machine.checkout().resolve("contrail"),
                to.resolve("contrail"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        var jars = new ArrayList<Path>();
        for (String room :
                List.of(
                        "picocli",
                        "aircompressor",
                        "tamboui",
                        "tracer",
                        "samples",
                        "ctf",
                        "wire",
                        "posix",
                        "recorder",
                        "kernel",
                        "relay",
                        "analysis",
                        "cli")) {
            Path jar = Machine.jar(room);
            Path copy = to.resolve(room).resolve("target").resolve(jar.getFileName());
            Files.createDirectories(copy.getParent());
            jars.add(Files.copy(jar, copy));
        }
        return jars;
    }
}
