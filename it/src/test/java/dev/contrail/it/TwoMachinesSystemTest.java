// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A traced machine and one that has the relay: what may pass between them.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TwoMachinesSystemTest {
    private static final String RELAY = "net://" + TwoNetworks.SECOND_ADDRESS;
    private static final int EVENTS = 2000;

    private Machine runner;
    private TwoNetworks networks;
    private Machine traced;
    private Machine receiving;

    @BeforeEach
    void connect() throws IOException, InterruptedException {
        Needs.root();
        Needs.tool("ip");
        runner = Machine.open();
        networks = TwoNetworks.open(runner);
        traced = Machine.openBehind(networks.onFirst());
        receiving = Machine.openBehind(networks.onSecond());
    }

    @AfterEach
    void disconnect() throws IOException, InterruptedException {
        if (networks != null) {
            endRelay();
            traced.close();
            receiving.close();
            networks.close();
        }
        if (runner != null) {
            runner.close();
        }
    }

    private Path pidFile() {
        return receiving.root().resolve("relayd.pid");
    }

    private void endRelay() throws IOException {
        if (Files.exists(pidFile())) {
            long pid = Long.parseLong(Files.readString(pidFile()).strip());
            ProcessHandle.of(pid)
                    .ifPresent(each -> {
                        each.destroy();
                        each.onExit().join();
                    });
        }
    }

    private String startRelay(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("relayd", "-d", "--pidfile", pidFile().toString()));
        command.addAll(List.of(words));
        return receiving.succeed(command.toArray(String[]::new));
    }

    private Path stored(String session) throws IOException {
        try (var below = Files.walk(receiving.home().resolve("lttng-traces"), 2)) {
            return below.filter(each -> each.getFileName().toString().startsWith(session + "-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// As the user of the README does it: enrol, start, give the token once.
    @Test
    void aTokenOpensTheWayAndIsGivenOnce() throws IOException, InterruptedException {
        String token = receiving.succeed("relayd", "--enrol", "web").strip();
        assertThat(startRelay()).contains("control tcp://").doesNotContain("127.0.0.1");
        traced.succeed("sessiond", "--background", "--no-kernel");

        traced.succeed("create", "one", "-U", "net://" + token + "@" + TwoNetworks.SECOND_ADDRESS);
        long[] emitted = record("one");
        traced.succeed("create", "live", "--live=100000", "-U", RELAY);
        traced.succeed("enable-event", "-u", "count:*");
        traced.succeed("start");
        assertThat(traced.succeed("view", RELAY)).contains("/live ");
        assertThat(traced.succeed("list", "one")).doesNotContain(token);
        traced.succeed("destroy", "--all");

        Ticks.read(receiving, stored("one")).assertAllUpTo(emitted);
        for (Machine each : List.of(traced, receiving)) {
            assertThat(logsOf(each)).doesNotContain(token);
        }
    }

    /// As above, where somebody only looks.
    @Test
    void aViewerGivesItsTokenOnce() throws IOException, InterruptedException {
        String token = receiving.succeed("relayd", "--enrol", "desk").strip();
        startRelay();
        traced.succeed("view", "net://" + token + "@" + TwoNetworks.SECOND_ADDRESS);
        assertThat(traced.contrail("view", RELAY).status()).isZero();
        assertThat(traced.contrail("view", "net://" + token + "@there:x").err())
                .contains("net://TOKEN@there:x")
                .doesNotContain(token);
    }

    @Test
    void aCommandIsRecordedOnAnotherMachineAndShownFromThere()
            throws IOException, InterruptedException {
        String token = receiving.succeed("relayd", "--enrol", "web").strip();
        startRelay();
        String url = "net://" + token + "@" + TwoNetworks.SECOND_ADDRESS;
        Path counts = Counter.prepare(traced, 1);
        var command = new ArrayList<>(List.of("record", "-u", "count:*", "-U", url, "--"));
        command.addAll(Counter.command(traced, counts, 1, EVENTS, 0));
        Machine.Result said = traced.contrail(command.toArray(String[]::new));

        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.err()).doesNotContain(token).contains("Trace: " + RELAY + ", ");
        Matcher show = Pattern.compile("Show it: contrail view (\\S+)").matcher(said.err());
        assertThat(show.find()).as(said.err()).isTrue();
        assertThat(traced.succeed("view", show.group(1)).lines()).hasSize(EVENTS);
        assertThat(Files.exists(traced.home().resolve(".config/contrail/relay-tokens"))).isTrue();
        var words = new ArrayList<>(networks.onFirst());
        words.addAll(List.of("env", "CONTRAIL_RELAY_TOKENS=/dev/null/tokens")); // cannot be kept
        words.addAll(List.of(Machine.checkout().resolve("contrail").toString(), "summary", url));
        Machine.Result summary = traced.run(words);
        assertThat(summary.status()).as(summary.err()).isZero();
        assertThat(summary.out() + summary.err()).contains("channel0_0").doesNotContain(token);
    }

    private long[] record(String session) throws IOException, InterruptedException {
        traced.succeed("enable-event", "-u", "count:*");
        traced.succeed("start");
        long[] emitted = Counter.start(traced, 1, EVENTS, 0).join();
        traced.succeed("stop", session);
        return emitted;
    }

    private static String logsOf(Machine machine) throws IOException {
        var all = new StringBuilder();
        for (String each : List.of("sessiond.log", "relayd/relayd.log")) {
            Path log = machine.runDirectory().resolve(each);
            all.append(Files.exists(log) ? Files.readString(log) : "");
        }
        return all.toString();
    }

    @Test
    void whoHasNoTokenIsToldHowToGetIn() throws IOException, InterruptedException {
        String token = receiving.succeed("relayd", "--enrol", "web").strip();
        startRelay();
        String advice = "contrail relayd --enrol prints one";

        Machine.Result seen = traced.contrail("view", RELAY);
        assertThat(seen.status()).isEqualTo(1);
        assertThat(seen.err()).contains(advice).contains("--plain");

        traced.succeed("sessiond", "--background", "--no-kernel");
        traced.succeed("create", "refused", "-U", RELAY);
        traced.succeed("enable-event", "-u", "count:*");
        assertThat(traced.contrail("start").err()).contains(advice);
        assertThat(logsOf(receiving))
                .contains("is refused: a plain connection to " + TwoNetworks.SECOND_ADDRESS);

        receiving.succeed("relayd", "--revoke", "web");
        Machine.Result late =
                traced.contrail("view", "net://" + token + "@" + TwoNetworks.SECOND_ADDRESS);
        assertThat(late.status()).isEqualTo(1);
        assertThat(late.err()).contains("does not know the token").doesNotContain(token);
    }

    /// As the first lines of the README have it, in that order.
    @Test
    void aLiveSessionWaitsForItsRelay() throws IOException, InterruptedException {
        String here = "net://127.0.0.1";
        traced.succeed("create", "early", "--live=200000", "-U", here);
        traced.succeed("enable-event", "-u", "count:*");
        Machine.Result started = traced.contrail("start");
        assertThat(started.status()).isZero();
        assertThat(started.err()).contains("No relay daemon answers at tcp4://127.0.0.1:5342/");
        long[] emitted = Counter.start(traced, 1, EVENTS, 0).join();
        Path pid = traced.root().resolve("relayd.pid");
        traced.succeed("relayd", "-d", "--pidfile", pid.toString());
        try {
            Machine.await("the session to be shown", () -> listed(here).contains("/early "));
            Path shown = traced.root().resolve("shown");
            Path complaints = traced.root().resolve("complaints");
            var view = new ArrayList<>(networks.onFirst());
            view.addAll(
                    List.of(
                            "sh",
                            "-c",
                            "exec \"$@\" >%s 2>%s".formatted(shown, complaints),
                            "view",
                            Machine.checkout().resolve("contrail").toString(),
                            "view",
                            "early",
                            "--from-beginning"));
            Process viewer = traced.start(view);
            Machine.await(
                    "the viewer", () -> !viewer.isAlive() || listed(here).contains(" 1 client(s)"));
            assertThat(viewer.isAlive()).as(Files.readString(complaints)).isTrue();
            traced.succeed("destroy", "early");
            assertThat(viewer.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(Files.readAllLines(shown)).hasSize(EVENTS);
            String whole = traced.succeed("summary", here + "/host/" + host() + "/early");
            assertThat(withoutPlaces(whole)).isNotEmpty();
            try (var below = Files.walk(traced.home().resolve("lttng-traces"), 2)) {
                Path trace =
                        below.filter(each -> each.getFileName().toString().startsWith("early-"))
                                .findFirst()
                                .orElseThrow();
                Ticks.read(traced, trace).assertAllUpTo(emitted);
                assertThat(withoutPlaces(whole))
                        .isEqualTo(withoutPlaces(traced.succeed("summary", trace.toString())));
            }
        } finally {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                    .ifPresent(ProcessHandle::destroy);
        }
    }

    private static String host() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }

    /// A summary without what the trace is called and where it is.
    private static List<String> withoutPlaces(String summary) {
        return summary.lines()
                .filter(each -> !each.startsWith("Trace ") && !each.startsWith("  Folder: "))
                .toList();
    }

    private String listed(String url) throws IOException {
        try {
            return traced.contrail("view", url).out();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /// What LTTng's own programs need; only at the address that is named.
    @Test
    void plainConnectionsAreForTheAddressThatIsNamed() throws IOException, InterruptedException {
        String there = "tcp://" + TwoNetworks.SECOND_ADDRESS;
        Machine.Result closed = receiving.contrail("relayd", "-L", there);
        assertThat(closed.status()).isEqualTo(1);
        assertThat(closed.err()).contains("--enrol").contains("--plain");

        startRelay("--plain", TwoNetworks.SECOND_ADDRESS, "-C", there, "-D", there, "-L", there);
        assertThat(traced.contrail("view", RELAY).status()).isZero();
        if (Files.isExecutable(Path.of("/usr/bin/babeltrace2"))) {
            var command = new ArrayList<>(networks.onFirst());
            command.addAll(List.of("babeltrace2", "-i", "lttng-live", RELAY));
            assertThat(runner.run(command).status()).isZero();
        }
    }
}
