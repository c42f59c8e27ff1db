// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Traces that go to LTTng's own relay daemon.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class RelayProducerInteropTest {
    private static final Pattern LOST = Pattern.compile("(\\d+) event records could not be stored");
    private static final Pattern UNDER_WAY =
            Pattern.compile("(\\d+) of the event records that could not be stored");

    @Test
    void theRelayStoresWhatADirectoryStores() throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                Relayd relay = Relayd.start(machine)) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path local = machine.root().resolve("local");
            session(machine, "local", "-o", local.toString());
            session(machine, "both", "-U", relay.url());
            session(machine, "pair", "-C", relay.controlUrl(), "-D", relay.dataUrl());
            Counter counter = Counter.start(machine, 3, 20_000, 10_000);
            long[] emitted = counter.join();
            for (String each : List.of("local", "both", "pair")) {
                machine.succeed("stop", each);
                machine.succeed("destroy", each);
            }

            Ticks.read(machine, local).assertAllUpTo(emitted);
            List<String> wanted = events(machine, local);
            for (String each : List.of("both", "pair")) {
                Path stored = relay.sessions(each).getFirst();
                Ticks.read(machine, stored).assertAllUpTo(emitted);
                assertThat(events(machine, stored)).isEqualTo(wanted);
            }
        }
    }

    @Test
    void aRelayThatIsKilledAndComesBackCostsNothing() throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                Relayd relay = Relayd.start(machine)) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            session(machine, "net", "-U", relay.url());
            Counter counter = Counter.start(machine, 2, 0, 20_000);
            counter.await(20_000);
            Machine.await("packets at the relay", () -> hasMetadata(relay.sessions("net")));
            relay.kill();
            counter.await(counter.total() + 20_000);
            assertThat(machine.contrail("list").out()).contains("Cannot send to tcp4://");
            relay.restart();
            Machine.await("another session at the relay", () -> relay.sessions("net").size() == 2);
            counter.await(counter.total() + 20_000);
            long[] emitted = counter.end();
            Machine.Result stopped = machine.contrail("stop");
            Machine.Account account = Machine.Account.of("User space", machine.succeed("status"));
            machine.succeed("destroy");

            assertThat(stopped.err()).contains("in a session of its own, net-");
            assertThat(account.recorded()).isEqualTo(counter.total());
            assertThat(account.discarded()).isZero();
            List<Path> sessions = relay.sessions("net");
            assertThat(sessions).hasSize(2);
            List<BitSet> first = Ticks.readOurs(sessions.get(0)).threads();
            List<BitSet> second = Ticks.readOurs(sessions.get(1)).threads();
            for (int thread = 0; thread < emitted.length; thread++) {
                var both = (BitSet) first.get(thread).clone();
                both.or(second.get(thread));
                assertThat((long) both.cardinality()).isEqualTo(emitted[thread]);
            }
        }
    }

    @Test
    void aRelayThatStaysAwayIsToldOfExactly() throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                Relayd relay = Relayd.start(machine)) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path local = machine.root().resolve("local");
            session(machine, "local", "-o", local.toString());
            session(machine, "net", "-U", relay.url());
            Counter counter = Counter.start(machine, 2, 0, 20_000);
            counter.await(20_000);
            relay.kill();
            counter.await(counter.total() + 20_000);
            long[] emitted = counter.end();
            machine.succeed("stop", "local");
            Machine.Result stopped = machine.contrail("stop", "net");
            machine.succeed("set-session", "net");
            Machine.Result status = machine.contrail("status");
            Machine.Result again = machine.contrail("start", "net");

            assertThat(stopped.status()).isEqualTo(1); // the trace is not what it should be
            assertThat(again.status()).isEqualTo(141);
            assertThat(again.err()).contains("Unable to connect to lttng-relayd");
            Machine.Account account = Machine.Account.of("User space", status.out());
            assertThat(account.recorded() + account.discarded()).isEqualTo(counter.total());
            long lost = number(LOST, status.err());
            assertThat(account.discarded()).isEqualTo(lost);
            long stored = Ticks.readOurs(relay.sessions("net").getFirst()).stored();
            assertThat(counter.total() - lost - stored).isIn(0L, -number(UNDER_WAY, status.err()));
            Ticks.read(machine, local).assertAllUpTo(emitted);
        }
    }

    @Test
    void aRelayThatDoesNotAnswerKeepsNobody() throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                Relayd relay = Relayd.start(machine)) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path local = machine.root().resolve("local");
            session(machine, "local", "-o", local.toString());
            session(machine, "net", "-U", relay.url());
            Counter counter = Counter.start(machine, 2, 0, 20_000);
            counter.await(20_000);
            relay.signal("STOP");
            counter.await(counter.total() + 20_000);
            Machine.await(
                    "word of the silence",
                    () -> {
                        try {
                            return machine.contrail("list").out().contains("No answer from tcp4:");
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    });
            machine.succeed("stop", "local");
            relay.signal("CONT");
            long[] emitted = counter.end();
            machine.contrail("stop", "net");
            machine.succeed("destroy", "net");

            assertThat(Ticks.read(machine, local).stored()).isPositive();
            var numbers = new ArrayList<BitSet>();
            for (Path each : relay.sessions("net")) { // two, where the silence was taken for a cut
                List<BitSet> its = Ticks.readOurs(each).threads();
                for (int i = 0; i < its.size(); i++) {
                    if (numbers.size() == i) {
                        numbers.add(new BitSet());
                    }
                    numbers.get(i).or(its.get(i));
                }
            }
            for (int thread = 0; thread < emitted.length; thread++) {
                assertThat((long) numbers.get(thread).cardinality()).isEqualTo(emitted[thread]);
            }
        }
    }

    @Test
    void aViewerSeesEventsWhileTheyHappen() throws IOException, InterruptedException {
        Needs.tool("babeltrace2");
        try (Machine machine = Machine.open();
                Relayd relay = Relayd.start(machine)) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            session(machine, "now", "--live=200000", "-U", relay.url());
            assertThat(machine.succeed("list")).contains("Live timer interval: 200000 us");
            Path seen = machine.root().resolve("seen");
            String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            machine.start(
                    List.of(
                            "sh",
                            "-c",
                            "exec babeltrace2 -i lttng-live '%s/host/%s/now' > '%s'"
                                    .formatted(relay.liveUrl(), host, seen)));
            Machine.await(
                    "a viewer",
                    () -> {
                        try {
                            return machine.run(
                                            List.of(
                                                    "babeltrace2",
                                                    "-i",
                                                    "lttng-live",
                                                    relay.liveUrl()))
                                    .out()
                                    .contains("1 client(s) connected");
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    });
            Counter counter = Counter.start(machine, 4, 0, 1_000_000);
            counter.await(200);
            Machine.await("events in the viewer", () -> count(seen) > 0);
            counter.await(counter.total() + 200);
            counter.end();
            Machine.await("all events in the viewer", () -> count(seen) == counter.total());
            machine.succeed("stop");
            machine.succeed("destroy");

            assertThat(Ticks.read(machine, relay.sessions("now").getFirst()).stored())
                    .isEqualTo(counter.total());
            assertThat(count(seen)).isEqualTo(counter.total());
        }
    }

    @Test
    void snapshotsGoToTheRelay() throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                Relayd relay = Relayd.start(machine)) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            session(machine, "rings", "--snapshot", "-U", relay.url());
            long[] emitted = Counter.start(machine, 2, 5_000, 0).join();
            machine.succeed("snapshot", "record");
            machine.succeed("snapshot", "del-output", "1");
            machine.succeed("snapshot", "add-output", "-n", "later", relay.url());
            assertThat(machine.succeed("snapshot", "list-output")).contains("[2] later: tcp4://");
            machine.succeed("snapshot", "record");
            assertThat(machine.succeed("snapshot", "record", "-n", "url", relay.url()))
                    .contains("Snapshot written at: " + relay.url());
            relay.kill();
            Machine.Result refused = machine.contrail("snapshot", "record");

            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("Unable to connect to lttng-relayd");
            List<Path> all;
            try (var below = Files.list(relay.sessions("rings").getFirst())) {
                all = below.toList();
            }
            assertThat(all).hasSize(3);
            for (Path each : all) { // without indexes, as LTTng's own
                assertThat(events(machine, each)).hasSize((int) LongStream.of(emitted).sum());
                assertThat(machine.succeed("view", each.toString()).lines().count())
                        .isEqualTo(LongStream.of(emitted).sum());
            }
        }
    }

    @Test
    void theKernelsEventsGoThereToo() throws IOException, InterruptedException {
        Needs.kernel();
        try (Machine machine = Machine.open();
                Relayd relay = Relayd.start(machine)) {
            machine.succeed("sessiond", "--background");
            machine.succeed("create", "kernel", "-U", relay.url());
            machine.succeed("enable-event", "-k", "sched_switch");
            machine.succeed("start");
            Machine.await(
                    "events of the kernel",
                    () -> {
                        try {
                            return Machine.Account.of("Linux kernel", machine.succeed("status"))
                                            .recorded()
                                    > 1000;
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    });
            machine.succeed("stop");
            Machine.Account account = Machine.Account.of("Linux kernel", machine.succeed("status"));
            machine.succeed("destroy");

            Path stored = relay.sessions("kernel").getFirst();
            long switches =
                    machine.run(List.of("babeltrace2", stored.toString()))
                            .out()
                            .lines()
                            .filter(line -> line.contains(" sched_switch: "))
                            .count();
            assertThat(switches).isEqualTo(account.recorded());
        }
    }

    @Test
    void aSessionIsNotStartedWithoutItsRelay() throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                Relayd relay = Relayd.start(machine)) {
            relay.kill();
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "net", "-U", relay.url());
            machine.succeed("enable-event", "-u", "count:*");
            Machine.Result started = machine.contrail("start");
            relay.restart();
            machine.succeed("start");

            assertThat(started.status()).isEqualTo(141);
            assertThat(started.err()).contains("Unable to connect to lttng-relayd");
            assertThat(machine.contrail("list").out()).contains("net [active]");
        }
    }

    /// Whether the only one has been told of what it is to have.
    private static boolean hasMetadata(List<Path> sessions) throws IOException {
        try (var below = Files.walk(sessions.getFirst())) {
            return below.anyMatch(each -> each.endsWith("metadata") && each.toFile().length() > 0);
        }
    }

    private static void session(Machine machine, String name, String... options)
            throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of("create", name));
        words.addAll(List.of(options));
        machine.succeed(words.toArray(String[]::new));
        machine.succeed("enable-event", "-u", "count:*");
        machine.succeed("start");
    }

    /// What comes after the times: each session takes its own.
    private static List<String> events(Machine machine, Path trace)
            throws IOException, InterruptedException {
        return machine.run(List.of("babeltrace2", trace.toString())).lines().stream()
                .map(each -> each.substring(each.indexOf(" count:tick: ")))
                .sorted()
                .toList();
    }

    private static long count(Path seen) throws IOException {
        try (var lines = Files.lines(seen)) {
            return lines.filter(each -> each.contains(" count:tick: ")).count();
        }
    }

    private static long number(Pattern pattern, String said) {
        Matcher matcher = pattern.matcher(said);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
