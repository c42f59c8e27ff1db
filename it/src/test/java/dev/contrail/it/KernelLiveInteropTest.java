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

/// The kernel and programs in one live session, followed by babeltrace2.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KernelLiveInteropTest {
    private static final int CALLS = 3000;
    private static final String ANY = "tcp://127.0.0.1:0";

    @Test
    void isFollowedAtOurRelay() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            needs();
            Path pidFile = machine.root().resolve("relayd.pid");
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
            long pid = Long.parseLong(Files.readString(pidFile).strip());
            try {
                Path ports = machine.runDirectory().resolve("relayd");
                follow(
                        machine,
                        "net://127.0.0.1:%s:%s"
                                .formatted(port(ports, "control"), port(ports, "data")),
                        "net://127.0.0.1:" + port(ports, "live"),
                        machine.home().resolve("lttng-traces"));
            } finally {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
            }
        }
    }

    @Test
    void isFollowedAtLttngsRelay() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            needs();
            try (Relayd relay = Relayd.start(machine)) {
                follow(machine, relay.url(), relay.liveUrl(), machine.root().resolve("relayed"));
            }
        }
    }

    private static void needs() throws IOException {
        Needs.kernel();
        Needs.tool("babeltrace2");
    }

    private static String port(Path ports, String name) throws IOException {
        return Files.readString(ports.resolve(name + ".port")).strip();
    }

    private static void follow(Machine machine, String relay, String live, Path output)
            throws IOException, InterruptedException {
        machine.succeed("create", "both", "--live=200000", "-U", relay);
        machine.succeed("enable-event", "-k", "--syscall", "getpriority");
        machine.succeed("enable-event", "-u", "count:*");
        machine.succeed("start");
        Path seen = machine.root().resolve("seen");
        Machine.await("the session to be there", () -> sessions(machine, live).contains("/both "));
        String url =
                sessions(machine, live)
                        .lines()
                        .filter(each -> each.contains("/both "))
                        .findFirst()
                        .orElseThrow()
                        .replaceAll(" .*", "");
        Process viewer =
                machine.start(
                        List.of(
                                "sh",
                                "-c",
                                "exec babeltrace2 -i lttng-live \"$0\" >\"$1\"",
                                url,
                                seen.toString()));
        Machine.await("a viewer", () -> sessions(machine, live).contains("1 client(s) connected"));

        // Who attaches sees what comes from then on, and that is some time after it is counted.
        Machine.await(
                "the viewer to see something",
                () -> {
                    call(machine, 4343, 1);
                    return count(seen, "who = 4343") > 0;
                });
        Counter counter = Counter.start(machine, 1, CALLS, 100_000);
        call(machine, 4242, CALLS);
        long[] emitted = counter.join();
        Machine.await("calls to be seen", () -> count(seen, "who = 4242") == CALLS);
        Machine.await("events to be seen", () -> count(seen, "count:tick") == emitted[0]);
        machine.succeed("destroy", "both");
        assertThat(viewer.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(viewer.exitValue()).isZero();

        Path stored;
        try (var below = Files.walk(output, 2)) {
            stored =
                    below.filter(each -> each.getFileName().toString().startsWith("both-"))
                            .findFirst()
                            .orElseThrow();
        }
        List<String> text = undated(machine.run(List.of("babeltrace2", stored.toString())).lines());
        assertThat(text).filteredOn(each -> each.contains("who = 4242")).hasSize(CALLS);
        assertThat(text).containsAll(undated(Files.readAllLines(seen)));
    }

    /// Without the time since the line before, which another line may be.
    private static List<String> undated(List<String> lines) {
        return lines.stream().map(each -> each.replaceFirst(" \\(\\+[0-9.?]*\\)", "")).toList();
    }

    private static void call(Machine machine, int who, int times) throws IOException {
        try {
            machine.run(
                    List.of("perl", "-e", "getpriority(0, %d) for 1 .. %d".formatted(who, times)));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static long count(Path file, String what) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(each -> each.contains(what)).count();
        }
    }

    private static String sessions(Machine machine, String live) throws IOException {
        try {
            return machine.contrail("view", live).out();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
