// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The relay daemon as a program: its start, what it leaves where, its end.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RelaydSystemTest {
    private static final String ANY = "tcp://127.0.0.1:0";

    @Test
    void goesToTheBackgroundAndEndsOnSigterm() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path pidFile = machine.root().resolve("pid");
            String said =
                    machine.succeed(
                            "relayd",
                            "-d",
                            "-C",
                            ANY,
                            "-D",
                            ANY,
                            "-L",
                            ANY,
                            "--pidfile",
                            pidFile.toString());
            Path directory = machine.runDirectory().resolve("relayd");
            ProcessHandle daemon =
                    ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                            .orElseThrow();
            try {
                int port =
                        Integer.parseInt(Files.readString(directory.resolve("live.port")).strip());
                assertThat(said).contains("Listening: live tcp://127.0.0.1:" + port);
                try (var socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
                    assertThat(socket.isConnected()).isTrue();
                }
                assertThat(directory.resolve("health-" + daemon.pid())).exists();
            } finally {
                daemon.destroy();
                daemon.onExit().join();
            }
            assertThat(pidFile).doesNotExist();
            assertThat(Files.list(directory).map(each -> each.getFileName().toString()))
                    .containsExactly("relayd.log");
        }
    }

    /// The kernel's own table: `02` is the timer that looks after a connection, with its ticks of a
    /// hundredth of a second.
    @Test
    void looksAfterConnectionsAsLttngsVariablesSay() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.environment().put("LTTNG_RELAYD_TCP_KEEP_ALIVE", "1");
            machine.environment().put("LTTNG_RELAYD_TCP_KEEP_ALIVE_IDLE_TIME", "100");
            try (OurRelay relay = OurRelay.start(machine);
                    var socket =
                            new Socket(InetAddress.getByName("127.0.0.1"), relay.controlPort())) {
                assertThat(socket.isConnected()).isTrue();
                Pattern line =
                        Pattern.compile(
                                "(?m)^ *\\d+: [0-9A-F]+:%04X [0-9A-F]+:%04X 01 \\S+ (\\S+)"
                                        .formatted(relay.controlPort(), socket.getLocalPort()));
                var timer = new AtomicReference<String>();
                Machine.await(
                        "the connection",
                        () -> {
                            // A port that listens to both kinds of addresses is in the second.
                            String all =
                                    Files.readString(Path.of("/proc/net/tcp"))
                                            + Files.readString(Path.of("/proc/net/tcp6"));
                            Matcher found = line.matcher(all);
                            timer.set(found.find() ? found.group(1) : "");
                            return timer.get().startsWith("02:");
                        });
                assertThat(Long.parseLong(timer.get().substring(3), 16)).isBetween(1L, 10_000L);
            }
        }
    }

    @Test
    void isStoppedByItsUserByItsOutputOrByItsPidFile() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            assertThat(machine.contrail("relayd", "--stop").err())
                    .contains("No relay daemon runs", machine.runDirectory().toString());
            Path one = start(machine, "one");
            assertThat(machine.succeed("relayd", "--stop"))
                    .contains("ended; traces: " + machine.root().resolve("one"));
            assertThat(one).doesNotExist();

            one = start(machine, "one");
            Path two = start(machine, "two");
            Path three = start(machine, "three");
            Machine.Result unclear = machine.contrail("relayd", "--stop");
            assertThat(unclear.status()).isEqualTo(1);
            assertThat(unclear.err())
                    .contains("Several relay daemons run", "traces: " + machine.root());
            ProcessHandle its = daemon(two);
            machine.succeed("relayd", "--stop", "--output", machine.root() + "/two");
            its.onExit().join(); // at once, once somebody has waited for it
            assertThat(two).doesNotExist();
            machine.succeed("relayd", "--stop", "--pidfile", three.toString());
            assertThat(three).doesNotExist();
            assertThat(machine.contrail("relayd", "--stop", "-o", machine.root() + "/two").err())
                    .contains("No relay daemon that stores in", "There are others");

            ProcessHandle killed = daemon(one);
            killed.destroyForcibly();
            killed.onExit().join();
            assertThat(machine.contrail("relayd", "--stop", "--pidfile", one.toString()).err())
                    .contains("No relay daemon with the pid file " + one);
        }
    }

    /// @return its pid file
    private static Path start(Machine machine, String name)
            throws IOException, InterruptedException {
        Path pidFile = machine.root().resolve(name + ".pid");
        machine.succeed(
                "relayd",
                "-d",
                "-C",
                ANY,
                "-D",
                ANY,
                "-L",
                ANY,
                "-o",
                machine.root().resolve(name).toString(),
                "--pidfile",
                pidFile.toString());
        return pidFile;
    }

    /// What it has said in files stays when one before it ends.
    @Test
    void takesNoFilesOfAnotherOne() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path pidFile = machine.root().resolve("pid");
            String[] words = {
                "relayd", "-d", "-C", ANY, "-D", ANY, "-L", ANY, "--pidfile", pidFile.toString()
            };
            machine.succeed(words);
            ProcessHandle first = daemon(pidFile);
            machine.succeed(words);
            ProcessHandle second = daemon(pidFile);
            Path port = machine.runDirectory().resolve("relayd/live.port");
            try {
                first.destroy();
                first.onExit().join();
                assertThat(daemon(pidFile)).isEqualTo(second);
                assertThat(port).exists();
            } finally {
                second.destroy();
                second.onExit().join();
            }
            assertThat(port).doesNotExist();
        }
    }

    private static ProcessHandle daemon(Path pidFile) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip())).orElseThrow();
    }

    @Test
    void saysWhyItDoesNotStart() throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                var taken = new java.net.ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String url = "tcp://127.0.0.1:" + taken.getLocalPort();
            for (List<String> words :
                    List.of(
                            List.of("relayd", "-L", url, "-C", ANY, "-D", ANY),
                            List.of("relayd", "-L", url, "-C", ANY, "-D", ANY, "-b"))) {
                Machine.Result result = machine.contrail(words.toArray(String[]::new));
                assertThat(result.status()).isEqualTo(1);
                assertThat(result.err())
                        .contains("Address already in use: perhaps a relay daemon runs already")
                        .containsOnlyOnce("Error: ");
            }
            assertThat(machine.contrail("relayd", "-o", "relative").err())
                    .contains("absolute path");
        }
    }

    @Test
    void theEntryPointForScriptsIsTheSame() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Machine.Result result =
                    machine.run(
                            List.of(
                                    Machine.checkout().resolve("lttng-relayd").toString(),
                                    "--version"));
            assertThat(result.out()).isEqualTo(machine.succeed("relayd", "--version"));
        }
    }
}
