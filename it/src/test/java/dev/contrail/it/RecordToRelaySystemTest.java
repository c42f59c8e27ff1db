// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `record -U` and `demo -U`: the trace is at the relay, whole, and the user is told where.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RecordToRelaySystemTest {
    private static final int EVENTS = 5000;
    private static final long PAUSE_NANOS = 100_000;

    /// Of several packets: the first is acknowledged then.
    private static final long LEAST_BYTES = 200_000;

    private static RelayProcess relay(Machine machine, boolean isOurs)
            throws IOException, InterruptedException {
        return isOurs ? OurRelay.start(machine) : Relayd.start(machine);
    }

    /// @param events 0 for as many as there are until [Counter#end], 10,000 a second
    private static List<String> recording(
            Machine machine, String url, Path counts, long events, String... options) {
        var command = new ArrayList<String>();
        command.addAll(
                List.of(
                        Machine.checkout().resolve("contrail").toString(),
                        "record",
                        "-u",
                        "count:*",
                        "-U",
                        url));
        command.addAll(List.of(options));
        command.add("--");
        command.addAll(Counter.command(machine, counts, 1, events, events == 0 ? PAUSE_NANOS : 0));
        return command;
    }

    /// The directory at the relay that the user is told of.
    private static Path told(Machine machine, RelayProcess relay, String said) {
        Matcher where =
                Pattern.compile("(?:Trace|The trace): %s, (\\S+) below".formatted(relay.url()))
                        .matcher(said);
        assertThat(where.find()).as(said).isTrue();
        return machine.root().resolve("relayed").resolve(where.group(1));
    }

    private static boolean hasTrace(RelayProcess relay) throws IOException {
        List<Path> sessions = relay.sessions("java");
        if (sessions.isEmpty()) {
            return false;
        }
        try (var below = Files.walk(sessions.getFirst())) {
            return below.map(Path::toFile)
                            .filter(each -> each.getName().startsWith("channel0_"))
                            .filter(each -> !each.getName().endsWith(".idx"))
                            .mapToLong(File::length)
                            .sum()
                    > LEAST_BYTES;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsTheTraceToARelay(boolean isOurs) throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                RelayProcess relay = relay(machine, isOurs)) {
            Path counts = Counter.prepare(machine, 1);
            Machine.Result said = machine.run(recording(machine, relay.url(), counts, EVENTS));

            assertThat(said.status()).as(said.err()).isZero();
            assertThat(said.err())
                    .contains("User space: 5,000 events recorded, 0 lost")
                    .contains("Show it on this machine");
            Ticks.read(machine, told(machine, relay, said.err()))
                    .assertAllUpTo(new long[] {EVENTS});
            assertThat(machine.home().resolve("lttng-traces")).doesNotExist();
            Machine.Result view = machine.contrail("view");
            assertThat(view.status()).isEqualTo(1);
            assertThat(view.err())
                    .contains("The last recording was sent to " + relay.url())
                    .contains("Show it on this machine");
        }
    }

    /// As `record` keeps it, also where the session was never the current one.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereADestroyedSessionWentIsKept(boolean isOurs) throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                RelayProcess relay = relay(machine, isOurs)) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "empty", "-U", relay.url());
            machine.succeed("create", "sent", "-U", relay.url());
            machine.succeed("enable-event", "-u", "count:*");
            machine.succeed("start");
            Counter.start(machine, 1, EVENTS, 0).join();
            machine.succeed("destroy", "sent");
            machine.succeed("destroy", "empty"); // of which there is nothing to look at

            Machine.Result view = machine.contrail("view");
            assertThat(view.status()).isEqualTo(1);
            String stored = relay.sessions("sent").getFirst().getFileName().toString();
            assertThat(view.err())
                    .contains("The last recording was sent to " + relay.url())
                    .contains("/" + stored + " below its output directory")
                    .contains("Show it on this machine");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsASnapshotToARelay(boolean isOurs) throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                RelayProcess relay = relay(machine, isOurs)) {
            Path counts = Counter.prepare(machine, 1);
            Machine.Result said =
                    machine.run(recording(machine, relay.url(), counts, EVENTS, "--snapshot"));

            assertThat(said.status()).as(said.err()).isZero();
            Path trace = told(machine, relay, said.err());
            assertThat(machine.succeed("view", trace.toString()).lines()).hasSize(EVENTS);
        }
    }

    @Test
    void runsNothingWhereNoRelayAnswers() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            OurRelay relay = OurRelay.start(machine);
            relay.kill();
            for (String mode : List.of("--snapshot", "--syscall")) {
                Machine.Result said =
                        machine.contrail(
                                "record", mode, "-j", "-U", relay.url(), "--", "touch", "ran");
                assertThat(said.status()).isEqualTo(1);
                assertThat(said.err())
                        .contains("No relay daemon takes the trace at " + relay.url())
                        .contains("Connection refused")
                        .contains("contrail relayd --daemonize");
            }
            assertThat(machine.contrail("demo", "-U", relay.url()).status()).isEqualTo(1);
            assertThat(machine.home().resolve("ran")).doesNotExist();
        }
    }

    @Test
    void aRelayThatComesBackGetsAll() throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                OurRelay relay = OurRelay.start(machine)) {
            Path counts = Counter.prepare(machine, 1);
            Process running = machine.start(recording(machine, relay.url(), counts, 0));
            Machine.await("a trace at the relay", () -> hasTrace(relay));
            relay.kill();
            long then = Counter.emitted(counts, 1)[0];
            Machine.await("1,000 more", () -> Counter.emitted(counts, 1)[0] >= then + 1_000);
            relay.restart();
            Counter.end(counts, 1);
            Machine.await("the end of record", () -> !running.isAlive());

            assertThat(running.exitValue()).isZero();
            Path trace = relay.sessions("java").getFirst();
            Ticks.read(machine, trace).assertAllUpTo(Counter.emitted(counts, 1));
        }
    }

    @Test
    void countsWhatARelayThatIsGoneHasNotTaken() throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                OurRelay relay = OurRelay.start(machine)) {
            Path counts = Counter.prepare(machine, 1);
            Path err = machine.root().resolve("err");
            var command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 2>" + err, "sh"));
            command.addAll(recording(machine, relay.url(), counts, 0));
            Process running = machine.start(command);
            Machine.await("a trace at the relay", () -> hasTrace(relay));
            relay.kill();
            long then = Counter.emitted(counts, 1)[0];
            Machine.await("1,000 more", () -> Counter.emitted(counts, 1)[0] >= then + 1_000);
            Counter.end(counts, 1);
            Machine.await("the end of record", () -> !running.isAlive());

            String said = Files.readString(err);
            assertThat(running.exitValue()).as(said).isEqualTo(1);
            Matcher lost =
                    Pattern.compile("([\\d,]+) events could not be sent to " + relay.url())
                            .matcher(said);
            assertThat(lost.find()).as(said).isTrue();
            long emitted = Counter.emitted(counts, 1)[0];
            long stored = Ticks.readOurs(relay.sessions("java").getFirst()).stored();
            // A packet may be there whose acknowledgement was not: it counts as lost.
            assertThat(Long.parseLong(lost.group(1).replace(",", "")))
                    .isGreaterThanOrEqualTo(emitted - stored)
                    .isLessThan(emitted);
        }
    }

    @Test
    void aSnapshotWhoseRelayIsGoneIsWrittenHere() throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                OurRelay relay = OurRelay.start(machine)) {
            Path counts = Counter.prepare(machine, 1);
            Path err = machine.root().resolve("err");
            var command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 2>" + err, "sh"));
            command.addAll(recording(machine, relay.url(), counts, 0, "--snapshot"));
            Process running = machine.start(command);
            Machine.await("1,000 events", () -> Counter.emitted(counts, 1)[0] >= 1_000);
            relay.kill();
            Counter.end(counts, 1);
            Machine.await("the end of record", () -> !running.isAlive());

            String said = Files.readString(err);
            assertThat(running.exitValue()).as(said).isEqualTo(1);
            assertThat(said).contains("The snapshot cannot be sent to " + relay.url());
            Matcher where = Pattern.compile("Trace: (/\\S+)").matcher(said);
            assertThat(where.find()).as(said).isTrue();
            assertThat(machine.succeed("view", where.group(1)).lines().count())
                    .isEqualTo(Counter.emitted(counts, 1)[0]);
        }
    }

    @Test
    void theDemonstrationsTraceIsAtTheRelay() throws IOException, InterruptedException {
        try (Machine machine = Machine.open();
                OurRelay relay = OurRelay.start(machine)) {
            String said = machine.succeed("demo", "-U", relay.url());

            assertThat(said).contains("The last moments of order ");
            Path trace = told(machine, relay, said);
            assertThat(machine.succeed("view", trace.toString())).contains(" shop:failed: ");
            assertThat(machine.home().resolve("lttng-traces")).doesNotExist();
        }
    }
}
