// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.logging.LevelSelection;
import dev.contrail.tracer.logging.LogRule;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.ring.PoolMode;
import java.io.BufferedReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Log systems that a program brings, in class loaders of their own, with the agent and without.
class LogSystemsSystemTest extends TracedPrograms {
    private static final List<LogRule> SHOP = List.of(new LogRule("shop.*", LevelSelection.ALL, 0));

    /// All fields of each log event but the time, with `|` between them.
    private static List<List<String>> events(Path ring) throws Exception {
        List<List<String>> found = new ArrayList<>();
        for (ByteBuffer packet : drain(ring, new ArrayList<>())) {
            while (packet.hasRemaining()) {
                assertThat(packet.getLong() & 0xffff).isEqualTo(TestDaemon.LOG_EVENT_ID);
                packet.getInt();
                List<String> fields = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    fields.add(string(packet));
                }
                assertThat(packet.getLong()).isBetween(1L << 40, 1L << 42);
                fields.add(Integer.toString(packet.getInt()));
                packet.getInt();
                for (int i = 0; i < 5; i++) {
                    fields.add(string(packet));
                }
                found.add(fields);
            }
        }
        return found;
    }

    private String print(boolean withAgent, String program) throws Exception {
        Process process = start(withAgent, ChildFirst.class, List.of(program));
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        awaitExit(process);
        assertThat(errors()).doesNotContain("contrail:");
        return printed.replaceAll("@[0-9a-f]+=>", "=>");
    }

    /// What the program prints is what it prints without us: so nothing of its configuration was
    /// changed, and nothing of it called more often.
    private List<List<String>> recorded(LogSystem system, String program) throws Exception {
        String without = print(!AGENT, program);
        assertThat(without).contains("asked 2");
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, system, SHOP)) {
            assertThat(print(AGENT, program)).isEqualTo(without);
            return events(daemon.awaitRing());
        }
    }

    private String logback(String version, String slf4j) {
        return LogSystems.program("LogbackShop", directory, LogSystems.logback(version, slf4j));
    }

    private static List<String> logback(
            String message, String logger, int level, String context, String marker) {
        String main = "shop.LogbackShop";
        return List.of(message, logger, main, "main", "" + level, "main", context, marker, "", "");
    }

    @ParameterizedTest
    @CsvSource({"1.2.13, 1.7.36", "1.5.18, 2.0.17", "1.6.7, 2.0.17"})
    void recordsEachStatementOfLogbackOnce(String version, String slf4j) throws Exception {
        List<List<String>> events = recorded(LogSystem.LOGBACK, logback(version, slf4j));
        assertThat(events).hasSize(8);
        assertThat(events.get(0)).isEqualTo(logback("paid 3 of 4", "shop.till", 20000, "", ""));
        assertThat(events.get(1))
                .isEqualTo(logback("nobody prints this one", "shop.alone", 30000, "", ""));
        assertThat(events.get(2).subList(0, 5))
                .isEqualTo(logback("marked", "shop.till", 30000, "", "").subList(0, 5));
        assertThat(events.get(2).get(6)).isIn("user=ann, order=7", "order=7, user=ann");
        assertThat(events.get(2).get(7)).isEqualTo("AUDIT");
        assertThat(events.get(3))
                .isEqualTo(logback("failing [FAILED toString()]", "shop.till", 40000, "", ""));
        assertThat(events.get(4).subList(0, 4))
                .containsExactly(
                        "from toString {}", "shop.nested", "shop.LogbackShop$Logging", "toString");
        assertThat(events.get(5)).isEqualTo(logback("logging", "shop.till", 20000, "", ""));
        assertThrown(events.get(6));
        assertThat(events.get(7)).isEqualTo(logback("queued 1", "shop.slow", 20000, "", ""));
    }

    private static void assertThrown(List<String> event) {
        assertThat(event.get(0)).isEqualTo("thrown");
        assertThat(event.get(8)).isEqualTo("java.lang.RuntimeException: circle");
        List<String> stack = event.get(9).lines().toList();
        assertThat(stack.get(0)).startsWith("at shop.Log").contains("Shop.main(");
        assertThat(stack)
                .containsSubsequence(
                        "Caused by: java.io.IOException: no coins",
                        "Suppressed: java.lang.RuntimeException: not closed",
                        "Caused by: java.lang.IllegalStateException: empty");
        assertThat(stack.get(stack.size() - 1))
                .startsWith("Caused by: java.lang.RuntimeException: circle");
    }

    private String log4j(String version) {
        return LogSystems.program("Log4jShop", directory, LogSystems.log4j(version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.17.1", "2.26.0"})
    void recordsEachStatementOfLog4jOnce(String version) throws Exception {
        List<List<String>> events = recorded(LogSystem.LOG4J2, log4j(version));
        String shop = "shop.Log4jShop";
        assertThat(events.get(0))
                .containsExactly(
                        "paid 3 of 4", "shop.till", shop, "main", "400", "main", "", "", "", "");
        assertThat(events.get(2).get(6)).isIn("user=ann, order=7", "order=7, user=ann");
        assertThat(events.get(2).get(7)).isEqualTo("AUDIT");
        assertThat(events)
                .extracting(each -> each.get(0).replaceAll("@.*=>", "=>"))
                .containsExactly(
                        "paid 3 of 4",
                        "nobody prints this one",
                        "marked",
                        "failing [!!!shop.Log4jShop$Failing=>java.lang.IllegalStateException:asked!!!]",
                        "from toString 7",
                        "logging",
                        "asked about shelf 0", // by the filter of a configuration
                        "shelf 0",
                        "asked about shelf 1",
                        "asked about shelf 2",
                        "shelf 2",
                        "asked about shelf 3",
                        "located",
                        "thrown");
        assertThrown(events.get(13));
    }

    /// The thread and the time are those of the statement, though another thread hands it on.
    @ParameterizedTest
    @CsvSource({"2.17.1, 3.4.4", "2.26.0, 4.0.0"})
    void recordsAsynchronousLoggersOfLog4j(String version, String disruptor) throws Exception {
        List<Path> jars = new ArrayList<>(LogSystems.log4j(version));
        jars.add(LogSystems.jar("disruptor", disruptor));
        String program = LogSystems.program("Log4jAsyncShop", directory, jars);
        try (TestDaemon daemon =
                new TestDaemon(directory, PoolMode.DISCARD, 64, LogSystem.LOG4J2, SHOP)) {
            assertThat(print(AGENT, program)).contains("printed by another thread");
            assertThat(events(daemon.awaitRing()))
                    .extracting(each -> each.get(0) + " " + each.get(1) + " " + each.get(5))
                    .containsExactlyInAnyOrder(
                            "mixed 1 shop.mixed main",
                            "above 2 shop.mixed.below main",
                            "all 3 shop.all main");
        }
    }

    /// Two applications in one JVM, each with a version of its own.
    @Test
    void recordsEachClassLoadersLog() throws Exception {
        String both = logback("1.2.13", "1.7.36") + "," + logback("1.6.7", "2.0.17");
        assertThat(recorded(LogSystem.LOGBACK, both)).hasSize(16);
    }

    /// An application that is undeployed: nothing of what we have of its classes keeps them. (What
    /// Log4j keeps by itself is switched off.)
    @ParameterizedTest
    @EnumSource(
            value = LogSystem.class,
            names = {"LOGBACK", "LOG4J2"})
    void letsTheLoaderGo(LogSystem system) throws Exception {
        String program =
                system == LogSystem.LOGBACK ? logback("1.5.18", "2.0.17") : log4j("2.26.0");
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, system, SHOP)) {
            Process process =
                    start(
                            AGENT,
                            ChildFirst.class,
                            List.of(program, "forget"),
                            "-Dlog4j2.shutdownHookEnabled=false",
                            "-Dlog4j2.disableJmx=true");
            String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            awaitExit(process);
            assertThat(printed).endsWith("ended\n");
            assertThat(events(daemon.awaitRing())).hasSizeGreaterThan(7);
        }
    }

    /// What the JVM runs of a class that was loaded long before: the call is there while somebody
    /// wants it, and nothing of it afterwards.
    @ParameterizedTest
    @EnumSource(
            value = LogSystem.class,
            names = {"LOGBACK", "LOG4J2"})
    void leavesClassesAsTheyWere(LogSystem system) throws Exception {
        boolean isLogback = system == LogSystem.LOGBACK;
        List<Path> jars =
                isLogback ? LogSystems.logback("1.5.18", "2.0.17") : LogSystems.log4j("2.26.0");
        String type =
                isLogback
                        ? "ch.qos.logback.classic.Logger"
                        : "org.apache.logging.log4j.core.config.LoggerConfig";
        try (TestDaemon daemon = new TestDaemon(directory, PoolMode.DISCARD, 64, List.of())) {
            Process process =
                    start(AGENT, WatchedClass.class, List.of(type + "@" + LogSystems.path(jars)));
            BufferedReader output = process.inputReader();
            daemon.awaitAcknowledged(1);
            String before = step(process, output);
            for (int order = 10; order < 14; order += 2) {
                daemon.send(logging(order, system, SHOP));
                assertThat(daemon.awaitAcknowledged(order).problem()).isEmpty();
                assertThat(step(process, output)).isNotEqualTo(before);
                daemon.send(logging(order + 1, system, List.of()));
                assertThat(daemon.awaitAcknowledged(order + 1).problem()).isEmpty();
                assertThat(step(process, output)).isEqualTo(before);
            }
            process.getOutputStream().close();
            awaitExit(process);
        }
    }

    private static FromDaemon.Logging logging(int order, LogSystem system, List<LogRule> rules) {
        return new FromDaemon.Logging(
                order, TestDaemon.SESSION, 0, TestDaemon.LOG_EVENT_ID, system, rules);
    }
}
