// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.it.sim.RecordedConversation.Message;
import dev.contrail.it.sim.machine.Machine;
import dev.contrail.it.sim.machine.SimulatedNetwork;
import dev.contrail.it.sim.machine.SimulatedProcess;
import dev.contrail.it.sim.machine.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A relay that hostile producers and viewers talk to, one after the other, each with one message
/// of a recorded conversation damaged: nothing is made outside its output directory, no thread and
/// no connection stays, and whoever speaks properly is served as before.
class DamagedConversationsTest {
    private static final Logger LOG = Logger.getLogger("dev.contrail.relay");

    /// A fault of the relay's, which a peer must not be able to bring about.
    private static final List<String> FAULTS =
            List.of("Exception", "Error:", "null", "out of bounds");

    @Test
    @Timeout(600)
    void breakNothing() throws IOException {
        run(1, 1500);
    }

    @Test
    @Tag("long")
    @Timeout(36_000)
    void breakNothingInAHundredThousandTries() throws IOException {
        run(2, 100_000);
    }

    private static void run(long seed, int tries) throws IOException {
        List<RecordedConversation> all = RecordedConversation.all();
        var random = new SplittableRandom(seed);
        for (int done = 0; done < tries; done += 100) {
            try (var relay = new Relay(random.nextLong())) {
                Map<String, String> whole = relay.proper(all.getFirst());
                for (int i = 0; i < 100; i++) {
                    RecordedConversation each = all.get(random.nextInt(all.size()));
                    long messages = each.messages().stream().filter(Message::isToServer).count();
                    relay.hostile(each, random.nextInt((int) messages));
                }
                assertThat(relay.proper(all.getFirst())).isEqualTo(whole);
                relay.check();
            }
        }
    }

    private static final class Relay implements AutoCloseable {
        private final Simulation simulation;
        private final Machine relaying;
        private final SimulatedProcess process;
        private final Machine other;
        private final List<String> said = new ArrayList<>();
        private final Handler handler =
                new Handler() {
                    @Override
                    public void publish(LogRecord entry) {
                        simulation.log("relay says: " + entry.getMessage());
                        if (FAULTS.stream().anyMatch(entry.getMessage()::contains)) {
                            said.add(entry.getMessage());
                        }
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                };
        private final List<String> tried = new ArrayList<>();

        Relay(long seed) {
            simulation = new Simulation(seed);
            var network = new SimulatedNetwork(simulation);
            relaying = new Machine(simulation, network, 2);
            other = new Machine(simulation, network, 1);
            process = new SimulatedProcess(simulation, relaying, "relay");
            process.start("main", this::serve);
            LOG.addHandler(handler);
            LOG.setUseParentHandlers(false);
            simulation.run(() -> false, SimulatedProcess.millis(1000));
        }

        private void serve() {
            try {
                SimulatedRelay.open(process, 4096);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        void hostile(RecordedConversation conversation, int damaged) {
            tried.add(conversation.name() + " " + damaged);
            say(conversation, damaged);
        }

        /// @return what is stored of it
        Map<String, String> proper(RecordedConversation conversation) throws IOException {
            Path traces = SimulatedRelay.traces(relaying);
            simulation.run(() -> false, simulation.now() + SimulatedProcess.millis(1_800_000));
            deleteAll(traces); // no session is left that is the same one
            say(conversation, -1);
            simulation.run(() -> false, simulation.now() + SimulatedProcess.millis(60_000));
            var stored = new TreeMap<String, String>();
            try (var files = Files.walk(traces)) {
                for (Path each : files.filter(Files::isRegularFile).toList()) {
                    stored.put(each.toString(), HexFormat.of().formatHex(sha256(each)));
                }
            }
            assertThat(stored).isNotEmpty();
            return stored;
        }

        private static byte[] sha256(Path file) throws IOException {
            try {
                return MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void deleteAll(Path directory) throws IOException {
            try (var files = Files.list(directory)) {
                for (Path each : files.toList()) {
                    if (Files.isDirectory(each)) {
                        deleteAll(each);
                    }
                    Files.delete(each);
                }
            }
        }

        private void say(RecordedConversation conversation, int damaged) {
            var peer = new SimulatedProcess(simulation, other, "peer");
            boolean[] isOver = {false};
            peer.start(
                    "main",
                    () -> {
                        new HostilePeer(peer, SimulatedRelay.control(relaying), simulation.random())
                                .say(conversation, damaged);
                        isOver[0] = true;
                    });
            boolean isDone =
                    simulation.run(
                            () -> isOver[0], simulation.now() + SimulatedProcess.millis(3_600_000));
            assertThat(isDone).as(conversation.name() + " " + damaged).isTrue();
            peer.kill();
        }

        void check() throws IOException {
            assertThat(process.isAlive()).as(tried.toString()).isTrue();
            assertThat(relaying.disk().list(relaying.disk().path("/")))
                    .as(tried.toString())
                    .containsOnly("traces");
            assertThat(process.threadCount()).as(tried.toString()).isEqualTo(3);
            assertThat(said).as(tried.toString()).isEmpty();
        }

        @Override
        public void close() {
            LOG.removeHandler(handler);
            LOG.setUseParentHandlers(true);
        }
    }
}
