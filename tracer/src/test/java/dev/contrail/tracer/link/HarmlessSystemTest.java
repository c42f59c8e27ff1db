// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.LogHandler;
import dev.contrail.tracer.ring.PoolMode;
import java.io.BufferedReader;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs and daemons that tracers suffer from, and programs that would suffer from the tracer.
class HarmlessSystemTest extends TracedPrograms {
    /// A daemon that works has 3 s.
    private static final long MOST_NANOS = 2_500_000_000L;

    @Test
    void isNotHeldUpByADaemonThatTakesConnectionsAndNeverAnswers() throws Exception {
        longestWait = null;
        long shortest = Long.MAX_VALUE; // of some: the machine may be busy
        try (ServerSocketChannel daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            daemon.bind(UnixDomainSocketAddress.of(directory.resolve("apps.sock")));
            for (int i = 0; i < 3 && shortest >= MOST_NANOS; i++) {
                shortest = Math.min(shortest, nanosToStart(daemon));
            }
        }
        assertThat(shortest).isLessThan(MOST_NANOS);
        assertThat(errors()).isEmpty();
    }

    /// From the connection, which is taken and never answered, to the program's first line.
    private long nanosToStart(ServerSocketChannel daemon) throws Exception {
        Process process = start(AGENT, ExposedProgram.class, "start");
        try (SocketChannel taken = daemon.accept()) {
            long from = System.nanoTime();
            assertThat(process.inputReader().readLine()).isEqualTo("started");
            long nanos = System.nanoTime() - from;
            assertThat(taken.isOpen()).isTrue();
            awaitExit(process);
            return nanos;
        }
    }

    @Test
    void losesNothingAndTurnsNothingHotWhenItsThreadsAreInterrupted() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, List.of())) {
            Process process = start(AGENT, ExposedProgram.class, "interrupts");
            BufferedReader output = process.inputReader();
            Path ring = daemon.awaitRing();
            assertThat(daemon.awaitAcknowledged(100).problem()).isEmpty();
            assertThat(output.readLine()).isEqualTo("interrupted");
            assertThat(Long.parseLong(step(process, output))).isLessThan(100);
            daemon.send(new FromDaemon.ClosePool(9, TestDaemon.SESSION, 0)); // same connection
            assertThat(daemon.awaitAcknowledged(9).problem()).isEmpty();
            process.getOutputStream().close();
            awaitExit(process);
            List<Long> orders = new ArrayList<>();
            for (ByteBuffer packet : drain(ring, new ArrayList<>())) {
                while (packet.hasRemaining()) {
                    packet.getLong();
                    packet.getInt();
                    orders.add(packet.getLong());
                    string(packet);
                }
            }
            assertThat(orders)
                    .containsExactlyElementsOf(
                            LongStream.range(0, ExposedProgram.EVENTS).boxed().toList());
            assertThat(errors()).isEmpty();
        }
    }

    /// Where: in the header, in what follows it, in a pool. How: as the virtual machine likes it,
    /// interpreted, by the first compiler alone. The mode decides whether blocks are to be had.
    @ParameterizedTest
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    @CsvSource({
        "0, OVERWRITE, -Xmixed",
        "0, DISCARD, -Xmixed",
        "65536, OVERWRITE, -Xmixed",
        "65536, OVERWRITE, -Xint",
        "65536, OVERWRITE, -XX:TieredStopAtLevel=1",
        "65536, DISCARD, -Xmixed",
        "65536, DISCARD, -XX:TieredStopAtLevel=1",
        "1048576, OVERWRITE, -Xmixed",
        "1048576, OVERWRITE, -XX:TieredStopAtLevel=1",
    })
    void throwsNothingIntoAProgramWhoseRingIsCut(int length, PoolMode mode, String how)
            throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, mode, 64, List.of())) {
            Process process = start(!AGENT, ExposedProgram.class, "flood", how);
            BufferedReader output = process.inputReader();
            Path ring = daemon.awaitRing();
            for (int i = 0; i < 5; i++) {
                assertThat(output.readLine()).isEqualTo("thrown 0");
            }
            try (RandomAccessFile cutter = new RandomAccessFile(ring.toFile(), "rw")) {
                assertThat(cutter.length()).isGreaterThan(length);
                cutter.setLength(length);
            }
            while (errors().isEmpty()) {
                assertThat(output.readLine()).isEqualTo("thrown 0");
            }
            for (int i = 0; i < 5; i++) {
                assertThat(output.readLine()).isEqualTo("thrown 0");
            }
            process.getOutputStream().write('\n');
            process.getOutputStream().close();
            awaitExit(process);
            assertThat(errors().lines()).singleElement().asString().contains("was cut");
        }
    }

    @Test
    void lockNothingThatALoggingConfigurationHoldsWhileClassesAreLoaded() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, SHOP_RULES)) {
            String configuration = ExposedProgram.Configuration.class.getName();
            Process process =
                    start(
                            AGENT,
                            ExposedProgram.class,
                            "configured",
                            "-Djava.util.logging.config.class=" + configuration);
            assertThat(process.inputReader().readLine()).isEqualTo("configured");
            awaitExit(process);
            String where = "|shop.till|" + ExposedProgram.class.getName() + "|main|800";
            assertThat(logs(daemon.awaitRing())).containsExactly("first" + where);
        }
    }

    @Test
    void recordsWhatAHandlerGetsWithoutTheAgent() throws Exception {
        Path configuration = directory.resolve("logging.properties");
        Files.writeString(configuration, "handlers = " + LogHandler.class.getName());
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, SHOP_RULES)) {
            Process process =
                    start(
                            !AGENT,
                            ExposedProgram.class,
                            "handler",
                            "-Djava.util.logging.config.file=" + configuration);
            BufferedReader output = process.inputReader();
            assertThat(output.readLine()).isEqualTo("ready");
            Path ring = daemon.awaitRing();
            assertThat(daemon.awaitAcknowledged(2).problem()).isEmpty();
            step(process, output);
            awaitExit(process);
            String where = "|shop.till|" + ExposedProgram.class.getName() + "|main|800";
            assertThat(logs(ring))
                    .containsExactly("first" + where, "drawer 7|shop.till|Till|open|900");
            assertThat(errors()).isEmpty();
        }
    }

    @Test
    void tellsTheDaemonThatThereIsNoAgentUntilThereIsAHandler() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, SHOP_RULES)) {
            Process process = start(!AGENT, ExposedProgram.class, "handled late");
            BufferedReader output = process.inputReader();
            assertThat(output.readLine()).isEqualTo("ready");
            assertThat(daemon.awaitAcknowledged(2).problem()).isEmpty();
            assertThat(daemon.awaitLogState()).contains("no agent", "-javaagent:");
            assertThat(step(process, output)).isEqualTo("handled");
            assertThat(daemon.awaitLogState()).isEmpty();
            process.getOutputStream().close();
            awaitExit(process);
            assertThat(errors()).isEmpty();
        }
    }

    @Test
    void saysThatTheLogGoesToLog4j() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, SHOP_RULES)) {
            Process process = start(AGENT, ExposedProgram.class, "log4j");
            BufferedReader output = process.inputReader();
            assertThat(output.readLine()).isEqualTo("ready");
            assertThat(daemon.awaitAcknowledged(2).problem()).isEmpty();
            assertThat(step(process, output)).isEqualTo("logged");
            assertThat(daemon.awaitLogState()).contains("Log4j");
            process.getOutputStream().close();
            awaitExit(process);
            assertThat(errors().lines()).hasSize(1);
        }
    }

    /// A stand-in: the property is what a native image has, and what its builder has.
    @ParameterizedTest
    @ValueSource(strings = {"runtime", "buildtime"})
    void saysOnceThatNothingIsRecordedInANativeImage(String code) throws Exception {
        longestWait = "0";
        awaitExit(
                start(
                        !AGENT,
                        ExposedProgram.class,
                        "refused",
                        "-Dorg.graalvm.nativeimage.imagecode=" + code));
        assertThat(errors().lines().toList())
                .singleElement()
                .asString()
                .startsWith("contrail: nothing is recorded in a native image, which cannot");
        assertThat(directory.resolve("rings")).doesNotExist();
    }

    @Test
    void saysOfEachOfTheFirstInterfacesWhyItIsNotRecorded() throws Exception {
        longestWait = "0";
        awaitExit(start(!AGENT, ExposedProgram.class, "refused"));
        List<String> lines = errors().lines().toList();
        assertThat(lines).hasSize(9);
        assertThat(lines.subList(0, 5))
                .satisfiesExactly(
                        line -> assertThat(line).contains("$R0.takes", "of type byte[]"),
                        line -> assertThat(line).contains("$R1.takes", "of type java.lang.Object"),
                        line -> assertThat(line).contains("$R2.takes", "of type java.lang.Integer"),
                        line -> assertThat(line).contains("$R3.takes", "Thread$State"),
                        line -> assertThat(line).contains("$R4.returns", "returns a value"));
        assertThat(lines.get(8)).contains("more event interfaces are not recorded");
    }
}
