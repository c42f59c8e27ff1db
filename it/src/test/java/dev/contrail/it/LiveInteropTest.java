// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Live sessions of a real relay, read by ours and by babeltrace2: what real producers have sent is
/// sent once more for each of the two, as that relay lets in one viewer at a time.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LiveInteropTest {
    private Machine machine;
    private Process relay;
    private int controlPort;
    private int dataPort;
    private String url;

    @BeforeEach
    void startRelay() throws IOException, InterruptedException {
        Needs.tool("lttng-relayd");
        Needs.tool("babeltrace2");
        machine = Machine.open();
        List<Integer> ports = freePorts();
        controlPort = ports.get(0);
        dataPort = ports.get(1);
        url = "net://127.0.0.1:" + ports.get(2);
        String address = "tcp://127.0.0.1:";
        relay =
                machine.start(
                        List.of(
                                "lttng-relayd",
                                "-o",
                                machine.root().resolve("relayed").toString(),
                                "-C",
                                address + controlPort,
                                "-D",
                                address + dataPort,
                                "-L",
                                address + ports.get(2)));
        for (int port : ports) {
            Machine.await("the relay", () -> isOpen(port));
        }
    }

    private static List<Integer> freePorts() throws IOException {
        var ports = new ArrayList<Integer>();
        try (var one = new ServerSocket(0);
                var two = new ServerSocket(0);
                var three = new ServerSocket(0)) {
            Stream.of(one, two, three).forEach(each -> ports.add(each.getLocalPort()));
        }
        return ports;
    }

    private static boolean isOpen(int port) {
        try (var _ = new Socket("127.0.0.1", port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void end() throws IOException {
        if (machine != null) {
            machine.close();
        }
    }

    /// What a viewer has printed, and how it ended.
    private record Seen(int status, String text, String errors) {}

    /// Lets a viewer in when the streams are there, and the producer go on when it is in. The
    /// producer ends when the viewer has shown what happened until then.
    ///
    /// @param rotations of single streams before those of the end
    /// @param events that are shown after them
    private Seen see(String conversation, int rotations, int events, String name, String... viewer)
            throws IOException, InterruptedException {
        Viewing viewing;
        try (var producer = new ReplayedProducer(conversation, name, controlPort, dataPort)) {
            producer.until("STREAMS_SENT");
            producer.step();
            viewing = start(name, viewer);
            for (int rotation = 0; rotation < rotations; rotation++) {
                producer.until("ROTATE_STREAMS");
                producer.step();
            }
            producer.until("ROTATE_STREAMS");
            Path out = viewing.out;
            Machine.await(
                    "what has happened being shown",
                    () -> Files.readString(out).lines().count() >= events);
            producer.rest();
        }
        return viewing.end();
    }

    private record Viewing(Process process, Path out, Path err) {
        Seen end() throws IOException, InterruptedException {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return new Seen(process.exitValue(), Files.readString(out), Files.readString(err));
        }
    }

    private Viewing start(String name, String... viewer) throws IOException, InterruptedException {
        Path out = machine.root().resolve(name + ".out");
        Path err = machine.root().resolve(name + ".err");
        Process process =
                machine.start(
                        List.of(
                                "sh",
                                "-c",
                                "exec env --default-signal=INT \"$@\" >" + out + " 2>" + err,
                                "viewer",
                                viewer[0],
                                viewer[1],
                                viewer[2],
                                url + "/host/vm/" + name));
        Machine.await(
                name + " being watched",
                () ->
                        ours().lines()
                                        .anyMatch(each ->
                                                each.contains("/" + name + " ")
                                                        && each.contains("1 client(s) connected"))
                                || !process.isAlive());
        return new Viewing(process, out, err);
    }

    private String ours() throws IOException {
        try {
            return machine.run(List.of(contrail(), "view", url)).out();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String contrail() {
        return Machine.checkout().resolve("contrail").toString();
    }

    @ParameterizedTest
    @CsvSource({"10-live-babeltrace2, 0, 60", "13-live-rotate, 0, 80", "14-live-clear, 2, 30"})
    void printsWhatBabeltrace2Prints(String conversation, int rotations, int events)
            throws IOException, InterruptedException {
        Seen theirs =
                see(conversation, rotations, events, "theirs", "babeltrace2", "-i", "lttng-live");
        Seen ours =
                see(conversation, rotations, events, "ours", contrail(), "view", "-ilttng-live");

        assertThat(theirs.text.lines()).hasSize(events);
        assertThat(ours.text).isEqualTo(theirs.text);
        assertThat(ours.status).as(ours.errors).isEqualTo(theirs.status).isZero();
    }

    /// The relay's promises; how often they come depends on when each viewer asks.
    @Test
    void showsPromisesInDetailsAsBabeltrace2Does() throws IOException, InterruptedException {
        String details = "--component=sink.text.details";
        Seen peer = seen("peer", "babeltrace2", "-ilttng-live", details);
        Seen own = seen("own", contrail(), "convert", details);

        assertThat(peer.status).as(peer.errors).isZero();
        assertThat(own.status).as(own.errors).isZero();
        assertThat(promises(own.text)).hasSize(1).isEqualTo(promises(peer.text));
    }

    /// Looks until there was a promise among the events.
    private Seen seen(String name, String... viewer) throws IOException, InterruptedException {
        for (int number = 0; ; number++) {
            Seen seen = see("10-live-babeltrace2", 0, 60, name + number, viewer);
            if (seen.status != 0 || !promises(seen.text).isEmpty()) {
                return seen;
            }
        }
    }

    /// What is said of them, without their times.
    private static Set<String> promises(String details) {
        return Stream.of(details.split("\n\n"))
                .filter(each -> each.contains("inactivity"))
                .map(each -> each.replaceFirst("^\\[.* cycles, .* ns from origin]\n", ""))
                .collect(Collectors.toSet());
    }

    @Test
    void answersTheQueryForSessionsAsBabeltrace2Does() throws IOException, InterruptedException {
        var query =
                List.of(
                        "query",
                        "source.ctf.lttng-live",
                        "sessions",
                        "--params=url=\"%s\"".formatted(url));
        try (var producer =
                new ReplayedProducer("10-live-babeltrace2", "seen", controlPort, dataPort)) {
            producer.until("STREAMS_SENT");
            producer.step();
            var peer = new ArrayList<>(List.of("babeltrace2"));
            peer.addAll(query);
            var own =
                    new ArrayList<>(List.of(Machine.checkout().resolve("babeltrace2").toString()));
            own.addAll(query);

            String text = machine.run(peer).out();
            assertThat(text).contains("session-name: seen");
            assertThat(machine.run(own).out()).isEqualTo(text);
        }
    }

    @Test
    void listsWhatBabeltrace2Lists() throws IOException, InterruptedException {
        assertThat(machine.run(List.of(contrail(), "view", url)).out()).isEmpty();
        try (var one = new ReplayedProducer("10-live-babeltrace2", "one", controlPort, dataPort);
                var two = new ReplayedProducer("14-live-clear", "two", controlPort, dataPort)) {
            one.until("STREAMS_SENT");
            one.step();
            two.until("ADD_STREAM");
            Machine.Result theirs = machine.run(List.of("babeltrace2", "-i", "lttng-live", url));
            Machine.Result ours = machine.run(List.of(contrail(), "view", url));

            assertThat(theirs.out()).contains("/host/vm/one ");
            assertThat(ours.out()).isEqualTo(theirs.out());
            assertThat(ours.status()).as(ours.err()).isEqualTo(theirs.status()).isZero();
        }
    }

    @Test
    void saysThatTheRelayHasGoneAfterAllThatItHasReceived()
            throws IOException, InterruptedException {
        Viewing viewing;
        try (var producer =
                new ReplayedProducer("10-live-babeltrace2", "gone", controlPort, dataPort)) {
            producer.until("STREAMS_SENT");
            producer.step();
            viewing = start("gone", contrail(), "view", "-ilttng-live");
            producer.until("ROTATE_STREAMS");
            Path out = viewing.out;
            Machine.await(
                    "what has happened being shown",
                    () -> Files.readString(out).lines().count() >= 60);
            relay.destroyForcibly().waitFor();
        }
        Seen seen = viewing.end();

        assertThat(seen.text.lines()).hasSize(60);
        assertThat(seen.status).isEqualTo(1);
        assertThat(seen.errors.lines())
                .singleElement()
                .asString()
                .startsWith("Error: relay 127.0.0.1:");
    }

    @Test
    void endsWithWhatIsThereWhenItIsInterrupted() throws IOException, InterruptedException {
        try (var producer =
                new ReplayedProducer("10-live-babeltrace2", "watched", controlPort, dataPort)) {
            producer.until("STREAMS_SENT");
            producer.step();
            Viewing viewing = start("watched", contrail(), "view", "-ilttng-live");
            producer.until("ROTATE_STREAMS");
            Path out = viewing.out;
            Machine.await(
                    "what has happened being shown",
                    () -> Files.readString(out).lines().count() >= 60);
            machine.run(List.of("kill", "-INT", Long.toString(viewing.process.pid())));
            Seen seen = viewing.end();

            assertThat(seen.text.lines()).hasSize(60);
            assertThat(seen.errors).isEmpty();
            assertThat(seen.status).isEqualTo(130);
        }
    }

    @Test
    void endsWhereThereIsNoSuchSession() throws IOException, InterruptedException {
        String missing = url + "/host/vm/missing";
        Machine.Result theirs = machine.run(List.of("babeltrace2", "-i", "lttng-live", missing));
        Machine.Result ours = machine.run(List.of(contrail(), "convert", missing));

        assertThat(ours.status()).isEqualTo(theirs.status()).isZero();
        assertThat(ours.out()).isEmpty();
        assertThat(ours.err()).contains("no session missing of host vm");
        Machine.Result view = machine.run(List.of(contrail(), "view", missing));
        Machine.Result top = machine.run(List.of(contrail(), "top", "--batch", missing));
        for (Machine.Result each : List.of(view, top)) {
            assertThat(each.status()).isEqualTo(1);
            assertThat(each.err()).contains("Error: ", "no session missing of host vm");
        }
    }
}
