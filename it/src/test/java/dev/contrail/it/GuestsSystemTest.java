// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Programs of other people's frameworks and languages that are recorded print what they print
/// without us, end as they do without us, find their logging configured as without us, and have
/// each of their log statements recorded once; also beside other agents.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class GuestsSystemTest {
    private static final String LOGGED = "logged ";

    private static final Pattern PORT = Pattern.compile("dt_socket at address: (\\d+)\n");

    private static final Pattern EVENT =
            Pattern.compile(
                    ".* (\\S+:event): .*\\{ msg = \"(.*)\", logger_name = \"(.*)\", class_name = .*,"
                            + " int_loglevel = (\\d+), .*, thread_name = \"(.*)\", mdc = \"(.*)\","
                            + " marker = \"\", throwable = \"(.*)\", stack = .*");

    @ParameterizedTest
    @EnumSource
    void doesAndLeavesWhatItDoesWithoutUs(Guest guest) throws Exception {
        try (Machine machine = Machine.open()) {
            assertRecorded(machine, guest, Needs.jdk("own"), List.of());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void doesAndLeavesOnJdk17WhatItDoesWithoutUs(Guest guest) throws Exception {
        try (Machine machine = Machine.open()) {
            assertRecorded(machine, guest, Needs.jdk("17"), List.of());
        }
    }

    /// Agents that change loggers and classes too, and one that other programs connect to.
    @ParameterizedTest
    @EnumSource
    void sharesTheProgramWithOpenTelemetryJaCoCoAndADebugger(Guest guest) throws Exception {
        try (Machine machine = Machine.open()) {
            Path covered = machine.root().resolve("covered");
            List<String> options =
                    List.of(
                            "-javaagent:" + Guest.agent("opentelemetry-javaagent"),
                            "-Dotel.traces.exporter=console",
                            "-Dotel.metrics.exporter=none",
                            "-Dotel.logs.exporter=none",
                            "-javaagent:"
                                    + Guest.agent("org.jacoco.agent-runtime")
                                    + "=append=false,destfile="
                                    + covered,
                            "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");
            Machine.Result recorded = assertRecorded(machine, guest, Needs.jdk("own"), options);
            assertThat(recorded.out()).startsWith("Listening for transport dt_socket");
            assertThat(recorded.err()).contains("opentelemetry-javaagent - version: ");
            if (guest == Guest.TOMCAT) {
                assertThat(recorded.err().lines())
                        .filteredOn(each -> each.contains("LoggingSpanExporter - 'GET"))
                        .hasSize(20);
            }
            assertThat(covered).isNotEmptyFile();
        }
    }

    /// In the very method that our call is put into.
    @Test
    void stopsWhereADebuggerWantsItTo() throws Exception {
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            List<String> options =
                    List.of(
                            "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:0");
            var words = new ArrayList<String>();
            words.add(Machine.checkout().resolve("contrail").toString());
            words.addAll(List.of("record", "-j", "-o", trace.toString(), "--"));
            words.addAll(Guest.SCALA.command(Needs.jdk("own"), machine.root(), options));
            Process process = machine.start(words);
            Path output = machine.root().resolve("output");
            Machine.await("its port", () -> PORT.matcher(Files.readString(output)).find());
            Matcher port = PORT.matcher(Files.readString(output));
            assertThat(port.find()).isTrue();
            int calls =
                    Debugger.countCalls(
                            Integer.parseInt(port.group(1)),
                            "java.util.logging.Logger",
                            "log",
                            "(Ljava/util/logging/LogRecord;)V");
            assertThat(process.waitFor()).isEqualTo(Guest.SCALA.status());
            assertThat(calls).isEqualTo(100);
            assertThat(machine.succeed("view", trace.toString()).lines()).hasSize(100);
        }
    }

    private static Machine.Result assertRecorded(
            Machine machine, Guest guest, Path jdk, List<String> options) throws Exception {
        Path trace = machine.root().resolve("trace");
        Machine.Result alone =
                machine.run(guest.command(jdk, machine.root().resolve("first"), options));
        var words =
                new ArrayList<>(
                        List.of(
                                "record",
                                "-j",
                                "--log4j2",
                                "-u",
                                "logback:*",
                                "-o",
                                trace + "",
                                "--"));
        words.addAll(guest.command(jdk, machine.root().resolve("second"), options));
        Machine.Result recorded = machine.contrail(words.toArray(String[]::new));

        assertThat(alone.status()).as(alone.err()).isEqualTo(guest.status());
        assertThat(recorded.status()).as(recorded.err()).isEqualTo(guest.status());
        String report = recorded.err().substring(recorded.err().lastIndexOf("Trace: "));
        assertThat(report).contains(" events recorded, 0 lost").doesNotContain("Warning");
        List<String> said = recorded.err().replace(report, "").lines().collect(Collectors.toList());
        assertThat(said.removeIf(each -> each.startsWith("Picked up JAVA_TOOL_OPTIONS: ")))
                .isTrue();
        assertThat(unordered(said)).isEqualTo(unordered(alone.err().lines().toList()));
        assertThat(comparable(recorded.out())).isEqualTo(comparable(alone.out()));

        List<String> statements =
                recorded.lines().stream()
                        .filter(each -> each.startsWith(LOGGED))
                        .map(each -> each.substring(LOGGED.length()))
                        .sorted()
                        .toList();
        assertThat(statements).isNotEmpty();
        assertThat(events(machine, trace, guest, statements)).isEqualTo(statements);
        return recorded;
    }

    /// What was recorded of the loggers of these statements, in their form.
    private static List<String> events(
            Machine machine, Path trace, Guest guest, List<String> statements) throws Exception {
        Set<String> loggers =
                statements.stream()
                        .map(each -> each.substring(0, each.indexOf('|')))
                        .collect(Collectors.toSet());
        var events = new ArrayList<String>();
        for (String line : machine.succeed("view", trace.toString()).lines().toList()) {
            Matcher event = EVENT.matcher(line);
            if (event.matches()
                    && event.group(1).equals(guest.event())
                    && loggers.contains(event.group(3))) {
                events.add(
                        Stream.of(3, 4, 5, 6, 2, 7)
                                .map(event::group)
                                .collect(Collectors.joining("|")));
            }
        }
        events.sort(null);
        return events;
    }

    /// Its lines, but for what differs from run to run; those of statements in any order.
    private static List<String> comparable(String printed) {
        List<String> lines = printed.lines().map(GuestsSystemTest::lasting).toList();
        var all = new ArrayList<>(lines.stream().filter(each -> !each.startsWith(LOGGED)).toList());
        lines.stream().filter(each -> each.startsWith(LOGGED)).sorted().forEach(all::add);
        return all;
    }

    private static List<String> unordered(List<String> lines) {
        return lines.stream().map(GuestsSystemTest::lasting).sorted().toList();
    }

    /// Without times, process ids, ports, the numbers of a pool's threads, and identities.
    private static String lasting(String line) {
        return line.replaceAll("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d[.:,]\\d{3}", "TIME")
                .replaceAll("\\d\\d-\\w{3}-\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{3}", "TIME")
                .replaceAll("(PID|INFO|WARN|DEBUG|ERROR) \\d+ ", "$1 PID ")
                .replaceAll("\\d+(\\.\\d+)?( seconds| ms|\\))", "DURATION$2")
                .replaceAll("(address: |auto-1-)\\d+", "$1PORT")
                .replaceAll("(exec|worker|global)-\\d+", "$1-N")
                .replaceAll("(LoggingSpanExporter - .* : )[0-9a-f]{32} [0-9a-f]{16} .*", "$1SPAN")
                .replaceAll("Equinox Container: \\S+?(?=\\||$)", "CONTAINER")
                .replaceAll("/first\\b|/second\\b", "/work");
    }
}
