// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
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

    @Test
    void aCommandSaysWhichDaemonDoesNotAnswer() throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                ServerSocketChannel deaf = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Files.createDirectories(machine.runDirectory());
            deaf.bind(UnixDomainSocketAddress.of(machine.runDirectory().resolve("control.sock")));
            Files.writeString(machine.runDirectory().resolve("sessiond.pid"), "4711\n");

            Machine.Result listed = machine.contrail("list");
            assertThat(listed.status()).isNotZero();
            assertThat(listed.err())
                    .contains(
                            "PID 4711",
                            "has not answered for 20 s",
                            "kill -9",
                            "contrail sessiond --background");
            Files.delete(machine.runDirectory().resolve("control.sock"));
        }
    }

    @Test
    void commandsSayHowToGoOnAfterADaemonWasKilled() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "flight", "--snapshot");
            machine.killDaemon();
            var statuses = new LinkedHashMap<String, Integer>(); // as lttng 2.13.9 has them
            statuses.put("list", 1);
            statuses.put("status", 1);
            statuses.put("start", 19);
            statuses.put("stop", 19);
            statuses.put("enable-event -u b:*", 19);
            statuses.put("enable-channel -u c", 1);
            statuses.put("disable-channel -u c", 4);
            statuses.put("list -u", 1);
            statuses.put("snapshot record", 1);
            statuses.put("set-session flight", 1);
            statuses.put("destroy", 1);
            statuses.forEach((command, status) -> {
                Machine.Result said = run(machine, command.split(" "));
                assertThat(said.status()).as(command).isEqualTo(status);
                assertThat(said.err()).contains("No session daemon is available");
                assertThat(said.out()).contains("contrail sessiond --background");
            });
            machine.succeed("create", "next", "--no-output");
            assertThat(machine.succeed("list")).contains("flight [inactive snapshot]", "next");
        }
    }

    @Test
    void aDaemonStartsBesideStateOfAnotherVersionAndLeavesItsTraces()
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "newer", "--output", trace.toString());
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            Counter counter = Counter.start(machine, 1, 1000, 0);
            long[] emitted = counter.join();
            Machine.await("its records", () -> recorded(machine) == 1000);
            machine.succeed("stop");
            machine.killDaemon();
            Path sessions = machine.runDirectory().resolve("sessions");
            try (var files = Files.walk(sessions)) {
                for (Path file : files.filter(each -> each.endsWith("session")).toList()) {
                    var record = "contrail-state 9 another-layout";
                    var checksum = new CRC32C();
                    checksum.update(record.getBytes(StandardCharsets.UTF_8));
                    Files.writeString(file, "%08x %s%n".formatted(checksum.getValue(), record));
                }
            }
            machine.succeed("sessiond", "--background", "--no-kernel");

            Machine.Result listed = machine.contrail("list");
            assertThat(listed.status()).isZero();
            assertThat(listed.err()).contains("could not be taken up", "put aside");
            try (var kept = Files.list(sessions)) {
                assertThat(kept.map(each -> each.getFileName().toString()))
                        .anyMatch(name -> name.startsWith("unreadable-"));
            }
            machine.succeed("create", "next", "--snapshot");
            Ticks.read(machine, trace).assertAllUpTo(emitted);
        }
    }

    private static Machine.Result run(Machine machine, String... words) {
        try {
            return machine.contrail(words);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long recorded(Machine machine) throws IOException {
        try {
            return machine.account().recorded();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void silentConnectionsTakeNothingFromOthers() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path socket = machine.runDirectory().resolve("apps.sock");
            List<SocketChannel> silent = new ArrayList<>();
            try {
                for (int i = 0; i < 600; i++) {
                    silent.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
                }
                assertThat(machine.succeed("list")).contains("no available recording session");
            } finally {
                for (SocketChannel each : silent) {
                    each.close();
                }
            }
            assertThat(machine.succeed("list")).contains("no available recording session");
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
                assertThat(machine.succeed("status")).contains("count:*");
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
                        "tracer",
                        "samples",
                        "ctf",
                        "wire",
                        "posix",
                        "recorder",
                        "kernel",
                        "analysis",
                        "cli")) {
            Path jar = Machine.jar(room);
            Path copy = to.resolve(room).resolve("target").resolve(jar.getFileName());
            Files.createDirectories(copy.getParent());
            jars.add(Files.copy(jar, copy));
        }
        return jars;
    }

    @Test
    void aSessionOutlivesAStateThatWasTornAtItsEnd() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "torn");
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            machine.killDaemon();
            try (var sessions = Files.walk(machine.runDirectory().resolve("sessions"))) {
                for (Path file : sessions.filter(Files::isRegularFile).toList()) {
                    Files.writeString(file, "3fd0a1", java.nio.file.StandardOpenOption.APPEND);
                }
            }
            machine.succeed("sessiond", "--background", "--no-kernel");
            assertThat(machine.succeed("list")).contains("torn [active]");
        }
    }
}
