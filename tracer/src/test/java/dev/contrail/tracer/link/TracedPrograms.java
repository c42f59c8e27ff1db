// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.logging.LevelSelection;
import dev.contrail.tracer.logging.LogRule;
import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.read.PacketReceiver;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.read.RingPacket;
import dev.contrail.tracer.ring.read.StoredPacket;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/// Starts programs with and without the agent, and reads their rings.
abstract class TracedPrograms {
    private static final Path JAR = Path.of(System.getProperty("contrail.tracer.jar"));
    static final boolean AGENT = true;
    static final List<LogRule> SHOP_RULES =
            List.of(new LogRule("shop.*", LevelSelection.AT_LEAST, 800));

    /// The program did not say where it is, the stack did.
    static final String INFERRED = "first|shop.till|" + ShopProgram.class.getName() + "|main|800";

    @TempDir Path directory;

    /// `LTTNG_UST_REGISTER_TIMEOUT`, so long that no machine is too busy; null: not set.
    String longestWait = "300000";

    Process start(boolean withAgent, String step, String... options) throws IOException {
        return start(withAgent, ShopProgram.class, step, options);
    }

    Process start(boolean withAgent, Class<?> program, String step, String... options)
            throws IOException {
        return start(withAgent, program, List.of(step), options);
    }

    Process start(boolean withAgent, Class<?> program, List<String> arguments, String... options)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (withAgent) {
            command.add("-javaagent:" + JAR);
        }
        Path tests =
                Path.of(
                        ShopProgram.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath());
        command.addAll(List.of("-cp", JAR + ":" + tests, "-Xlog:disable"));
        command.addAll(List.of(options));
        command.add(program.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LTTNG_RUNDIR", directory.toString());
        builder.environment().remove("LTTNG_UST_REGISTER_TIMEOUT");
        if (longestWait != null) {
            builder.environment().put("LTTNG_UST_REGISTER_TIMEOUT", longestWait);
        }
        builder.environment().put("CONTRAIL_RING_DIRECTORY", directory.resolve("rings").toString());
        return builder.redirectError(directory.resolve("stderr").toFile()).start();
    }

    String errors() throws IOException {
        return Files.readString(directory.resolve("stderr"));
    }

    static void awaitExit(Process process) throws InterruptedException {
        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    /// Drains a ring whose pools are of one channel.
    static List<ByteBuffer> drain(Path ring, List<EventDescription> events) throws IOException {
        List<ByteBuffer> packets = new ArrayList<>();
        try (RingFile file = RingFile.open(ring, -1)) {
            PacketReceiver receiver =
                    new PacketReceiver() {
                        @Override
                        public StoredPacket lastStored(int cell) {
                            return StoredPacket.NONE;
                        }

                        @Override
                        public boolean mayGrow(int cell, long sequence, int moreBytes) {
                            return false;
                        }

                        @Override
                        public void packet(RingPacket packet) {
                            ByteBuffer copy = ByteBuffer.allocate(packet.records().remaining());
                            packets.add(
                                    copy.put(packet.records())
                                            .flip()
                                            .order(packet.records().order()));
                        }
                    };
            for (Pool pool : file.pools()) {
                pool.drain(receiver, true);
            }
            events.addAll(file.events(file.pools().get(0)));
        }
        return packets;
    }

    static String string(ByteBuffer record) {
        int from = record.position();
        while (record.get() != 0) {}
        return new String(record.array(), from, record.position() - 1 - from, UTF_8);
    }

    static String step(Process process, BufferedReader output) throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return output.readLine();
    }

    /// The message and the names of each log event in a ring, with the event's other integers.
    List<String> logs(Path ring) throws IOException {
        List<String> found = new ArrayList<>();
        for (ByteBuffer packet : drain(ring, new ArrayList<>())) {
            while (packet.hasRemaining()) {
                long id = packet.getLong() & 0xffff;
                packet.getInt();
                if (id != TestDaemon.LOG_EVENT_ID) {
                    throw new AssertionError("event " + id);
                }
                String text = "";
                for (int i = 0; i < 4; i++) {
                    text += string(packet) + "|";
                }
                assertThat(packet.getLong()).isBetween(1L << 40, 1L << 42);
                found.add(text + packet.getInt());
                packet.getInt();
                for (int i = 0; i < 5; i++) {
                    string(packet);
                }
            }
        }
        return found;
    }
}
