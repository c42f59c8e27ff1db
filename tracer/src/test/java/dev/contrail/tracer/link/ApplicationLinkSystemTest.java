// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.PoolTotals;
import dev.contrail.tracer.ring.read.RingFile;
import java.io.BufferedReader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import org.junit.jupiter.api.Test;

/// Whole programs, started with and without the agent, against a daemon of the test's.
class ApplicationLinkSystemTest extends TracedPrograms {
    private void recordsAllOf(boolean withAgent) throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, List.of())) {
            awaitExit(start(withAgent, "events"));
            List<EventDescription> events = new ArrayList<>();
            List<String> found = new ArrayList<>();
            for (ByteBuffer packet : drain(daemon.awaitRing(), events)) {
                while (packet.hasRemaining()) {
                    assertThat(packet.getLong() & 0xffff).isEqualTo(10);
                    packet.getInt();
                    found.add(packet.getLong() + string(packet));
                }
            }
            List<String> wanted = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                wanted.add(i + (i % 2 == 0 ? "EUR" : "€"));
            }
            assertThat(found).isEqualTo(wanted);
            assertThat(events)
                    .containsExactly(
                            new EventDescription(
                                    10,
                                    "shop:paid",
                                    6,
                                    List.of(
                                            new EventField("order", FieldType.S64),
                                            new EventField("currency", FieldType.STRING))));
            assertThat(errors()).isEmpty();
        }
    }

    @Test
    void recordsTheFirstEventOfAShortProgramWithAnAgent() throws Exception {
        recordsAllOf(AGENT);
    }

    @Test
    void recordsTheFirstEventOfAShortProgramThatBinds() throws Exception {
        recordsAllOf(!AGENT);
    }

    /// One tracer, whoever loads the jar how often; and nothing of it keeps a loader alive.
    private void recordsOnceAndLetsTheLoaderGo(boolean withAgent, String application)
            throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, SHOP_RULES)) {
            Process process = start(withAgent, LoaderProgram.class, application);
            assertThat(process.inputReader().readLine()).isEqualTo("collected");
            awaitExit(process);
            List<Long> requests = new ArrayList<>();
            List<String> messages = new ArrayList<>();
            for (ByteBuffer packet : drain(daemon.awaitRing(), new ArrayList<>())) {
                while (packet.hasRemaining()) {
                    long id = packet.getLong() & 0xffff;
                    packet.getInt();
                    if (id != TestDaemon.LOG_EVENT_ID) {
                        requests.add(packet.getLong());
                        continue;
                    }
                    messages.add(string(packet));
                    for (int i = 0; i < 3; i++) {
                        string(packet);
                    }
                    packet.getLong();
                    packet.getLong();
                    for (int i = 0; i < 5; i++) {
                        string(packet);
                    }
                }
            }
            assertThat(requests).containsExactly(1L, 2L, 3L);
            if (withAgent) {
                assertThat(messages).containsExactly("request 1", "request 2", "request 3");
            } else {
                assertThat(messages).isEmpty();
            }
        }
    }

    @Test
    void recordsOnceForAnApplicationWithACopyOfTheAgent() throws Exception {
        recordsOnceAndLetsTheLoaderGo(AGENT, "copy");
    }

    @Test
    void recordsOnceForAnApplicationWithACopyOfTheLibrary() throws Exception {
        recordsOnceAndLetsTheLoaderGo(!AGENT, "copy");
    }

    @Test
    void letsTheLoaderOfAnInterfaceGoWithTheAgent() throws Exception {
        recordsOnceAndLetsTheLoaderGo(AGENT, "interface");
    }

    @Test
    void letsTheLoaderOfAnInterfaceGoWithoutTheAgent() throws Exception {
        recordsOnceAndLetsTheLoaderGo(!AGENT, "interface");
    }

    @Test
    void runsWithoutADaemonAndMakesNoRing() throws Exception {
        awaitExit(start(AGENT, "events"));
        assertThat(directory.resolve("rings")).doesNotExist();
        assertThat(errors()).isEmpty();
    }

    @Test
    void goesOnAcrossADaemonsRestart() throws Exception {
        Process process = start(AGENT, "steps");
        BufferedReader output = process.inputReader();
        output.readLine(); // step 0: not recorded, there is no daemon
        Path ring;
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, List.of())) {
            assertThat(daemon.awaitAcknowledged(100).problem()).isEmpty();
            step(process, output);
        }
        step(process, output);
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, List.of())) {
            assertThat(daemon.await(FromApplication.Hello.class).pid()).isEqualTo(process.pid());
            ring = daemon.awaitRing();
            assertThat(daemon.awaitAcknowledged(100).problem()).isEmpty();
            step(process, output);
            process.getOutputStream().close();
            awaitExit(process);
        }
        List<Long> orders = new ArrayList<>();
        for (ByteBuffer packet : drain(ring, new ArrayList<>())) {
            while (packet.hasRemaining()) {
                packet.getLong();
                packet.getInt();
                orders.add(packet.getLong());
                string(packet);
            }
        }
        assertThat(orders).containsExactly(1L, 2L, 3L);
        assertThat(errors()).isEmpty();
    }

    /// Nobody knows yet whether they are wanted: then they were, and each is stored or told.
    @Test
    void countsEventsThatAreBoundWhileTheDaemonIsAway() throws Exception {
        Process process;
        BufferedReader output;
        Path ring;
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, List.of())) {
            process = start(AGENT, "late");
            output = process.inputReader();
            ring = daemon.awaitRing();
            daemon.awaitAcknowledged(100);
        }
        assertThat(step(process, output)).isEqualTo("under way");
        long emitted;
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, List.of())) {
            assertThat(daemon.awaitAcknowledged(101).problem()).isEmpty();
            emitted = Long.parseLong(step(process, output));
            awaitExit(process);
        }
        try (RingFile file = RingFile.open(ring, -1)) {
            PoolTotals totals = file.pools().get(0).totals();
            assertThat(totals.contended()).isGreaterThanOrEqualTo(100);
            assertThat(totals.recorded() + totals.lost()).isEqualTo(1 + emitted);
        }
        assertThat(errors()).isEmpty();
    }

    @Test
    void closesAPoolAndRefusesOneThatDoesNotFit() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, List.of())) {
            Process process = start(AGENT, "steps");
            BufferedReader output = process.inputReader();
            output.readLine();
            Path ring = daemon.awaitRing();
            daemon.awaitAcknowledged(100);
            daemon.send(
                    new FromDaemon.OpenPool(8, 78, 0, PoolMode.OVERWRITE, 1 << 20, 255, List.of()));
            assertThat(daemon.awaitAcknowledged(8).problem()).contains("do not fit into");
            daemon.send(new FromDaemon.ClosePool(9, TestDaemon.SESSION, 0));
            assertThat(daemon.awaitAcknowledged(9).problem()).isEmpty();
            step(process, output);
            try (RingFile file = RingFile.open(ring, -1)) {
                Pool pool = file.pools().get(0);
                assertThat(pool.isDraining()).isTrue();
                assertThat(pool.totals().recorded()).isEqualTo(1);
                pool.release();
                assertThat(file.pools()).isEmpty();
                daemon.send(
                        new FromDaemon.OpenPool(
                                10, 79, 0, PoolMode.OVERWRITE, 32768, 64, List.of()));
                assertThat(daemon.awaitAcknowledged(10).problem()).isEmpty();
                assertThat(file.pools()).hasSize(1);
                assertThat(file.pools().get(0).generation()).isEqualTo(2);
            }
            process.getOutputStream().close();
            awaitExit(process);
            assertThat(errors().lines()).hasSize(1);
        }
    }

    private void recordsLogsWith(Map<String, String> properties, String manager) throws Exception {
        List<String> options = new ArrayList<>();
        properties.forEach((key, value) -> options.add("-D" + key + "=" + value));
        recordsLogsWith(options, manager);
    }

    private void recordsLogsWith(List<String> options, String manager) throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, SHOP_RULES)) {
            Process process = start(AGENT, "log", options.toArray(String[]::new));
            assertThat(process.inputReader().readLine()).isEqualTo(manager);
            awaitExit(process);
            assertThat(logs(daemon.awaitRing()))
                    .containsExactly(INFERRED, "drawer 7|shop.till|Till|open|900");
        }
    }

    @Test
    void recordsTheFirstLogRecord() throws Exception {
        recordsLogsWith(Map.of(), "java.util.logging.LogManager");
        assertThat(errors().lines().filter(line -> line.endsWith("first"))).hasSize(1);
    }

    @Test
    void leavesTheLogManagerToTheApplication() throws Exception {
        recordsLogsWith(
                Map.of("java.util.logging.manager", ApplicationLogManager.class.getName()),
                ApplicationLogManager.class.getName());
    }

    /// What agents that measure put around a method: the method's returns become jumps, its
    /// parameters copies.
    static final class Measuring {
        private Measuring() {}

        @Advice.OnMethodEnter
        static long enter() {
            return System.nanoTime();
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class)
        static void exit(@Advice.Enter long begin) {
            if (System.nanoTime() < begin) {
                throw new IllegalStateException();
            }
        }
    }

    /// As attached agents find it: those that came first have changed the logger already.
    @Test
    void findsItsPlaceInALoggerThatAnotherAgentHasChanged() throws Exception {
        Path patch = directory.resolve("patch");
        new ByteBuddy()
                .redefine(Logger.class)
                .visit(
                        Advice.to(Measuring.class)
                                .on(named("log").and(takesArguments(LogRecord.class))))
                .make()
                .saveIn(patch.toFile());
        recordsLogsWith(
                List.of("--patch-module", "java.logging=" + patch), "java.util.logging.LogManager");
    }

    @Test
    void leavesTheConfigurationOfHandlersAlone() throws Exception {
        Path log = directory.resolve("shop.log");
        Path configuration = directory.resolve("logging.properties");
        Files.writeString(
                configuration,
                """
                handlers = java.util.logging.FileHandler
                java.util.logging.FileHandler.pattern = %s
                java.util.logging.FileHandler.formatter = java.util.logging.SimpleFormatter
                """
                        .formatted(log));
        recordsLogsWith(
                Map.of("java.util.logging.config.file", configuration.toString()),
                "java.util.logging.LogManager");
        assertThat(errors()).isEmpty();
        assertThat(Files.readString(log)).contains("first", "drawer 7", "not wanted");
    }

    @Test
    void seesLoggersThatHaveATreeOfTheirOwn() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, SHOP_RULES)) {
            Process process = start(AGENT, "node");
            assertThat(process.inputReader().readLine()).isEqualTo("1");
            awaitExit(process);
            String where = "|shop.till|" + ShopProgram.class.getName() + "|sell|800";
            assertThat(logs(daemon.awaitRing())).containsExactly("bread sold" + where);
        }
    }

    @Test
    void leavesTheLoggersAsTheyWereWhenNobodyWantsTheirRecords() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, List.of())) {
            Process process = start(AGENT, "watched");
            BufferedReader output = process.inputReader();
            Path ring = daemon.awaitRing();
            daemon.awaitAcknowledged(1);
            assertThat(step(process, output)).isEqualTo("[contrail-link, no class]");
            for (int order = 10; order < 14; order += 2) {
                daemon.send(
                        new FromDaemon.Logging(
                                order,
                                TestDaemon.SESSION,
                                0,
                                TestDaemon.LOG_EVENT_ID,
                                LogSystem.JUL,
                                SHOP_RULES));
                assertThat(daemon.awaitAcknowledged(order).problem()).isEmpty();
                assertThat(step(process, output)).isEqualTo("[contrail-link, target]");
                daemon.send(
                        new FromDaemon.Logging(
                                order + 1, TestDaemon.SESSION, 0, 0, LogSystem.JUL, List.of()));
                assertThat(daemon.awaitAcknowledged(order + 1).problem()).isEmpty();
                assertThat(step(process, output)).isEqualTo("[contrail-link]");
            }
            process.getOutputStream().close();
            awaitExit(process);
            List<String> recorded = new ArrayList<>();
            for (String log : logs(ring)) {
                recorded.add(log.split("\\|")[0]);
            }
            assertThat(recorded).containsExactly("watched 1", "watched 3");
        }
    }

    @Test
    void recordsLongMessagesWholeOrSaysThatTheyAreCut() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, SHOP_RULES)) {
            awaitExit(start(AGENT, "long"));
            Path ring = daemon.awaitRing();
            List<String> messages = new ArrayList<>();
            for (String log : logs(ring)) {
                messages.add(log.split("\\|")[0]);
            }
            assertThat(messages).hasSize(4).contains("m", "m".repeat(200_000), "m".repeat(300_000));
            assertThat(messages).anyMatch(text -> text.endsWith("m… (600000 characters)"));
            long cut = 0;
            try (RingFile file = RingFile.open(ring, -1)) {
                for (Pool pool : file.pools()) {
                    cut += pool.totals().cut();
                    assertThat(pool.totals().lost()).isZero();
                }
            }
            assertThat(cut).isEqualTo(1);
        }
    }

    @Test
    void missesNothingAcrossAReset() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, SHOP_RULES)) {
            awaitExit(start(AGENT, "reset"));
            assertThat(logs(daemon.awaitRing()))
                    .containsExactly(
                            INFERRED,
                            INFERRED.replace("first", "after reset"),
                            INFERRED.replace("first", "after readConfiguration"),
                            INFERRED.replace("first", "without parent"));
        }
    }
}
