// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Services with a log system of their own, in a class loader that has its own classes first, from
/// `enable-event` to a line of `view`.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ServiceLogSystemTest {
    /// Where the build of the tracer has put released jars.
    private static final Path JARS = Machine.checkout().resolve("tracer/target/log-systems");

    private static final String AGENT = "-javaagent:" + Machine.jar("tracer");

    private record Service(String name, List<String> jars) {
        private String path(Path classes) {
            return String.join(
                    ":", Stream.concat(jarPaths(), Stream.of(classes.toString())).toList());
        }

        private Stream<String> jarPaths() {
            return jars.stream().map(each -> JARS.resolve(each).toString());
        }

        /// The words that start it.
        List<String> command(Machine machine, String... options) throws IOException {
            Path classes = machine.root().resolve("classes");
            compile("ChildFirst", classes, "");
            compile(name, classes, String.join(":", jarPaths().toList()));
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(options));
            command.addAll(
                    List.of(
                            "-cp",
                            classes.toString(),
                            "ChildFirst",
                            "service." + name,
                            path(classes)));
            return command;
        }
    }

    private static final Service LOGBACK =
            new Service(
                    "LogbackService",
                    List.of(
                            "logback-classic-1.5.18.jar",
                            "logback-core-1.5.18.jar",
                            "slf4j-api-2.0.17.jar"));
    private static final Service LOG4J =
            new Service("Log4jService", List.of("log4j-core-2.26.0.jar", "log4j-api-2.26.0.jar"));

    private static void compile(String name, Path directory, String path) throws IOException {
        try (InputStream in = ServiceLogSystemTest.class.getResourceAsStream(name + ".java")) {
            String source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            CompiledProgram.compile(directory, name, source, "-cp", path);
        }
    }

    /// What the service prints, but for times.
    private static String printed(Machine machine, Service service, String... options)
            throws Exception {
        List<String> command = service.command(machine, options);
        command.add("once");
        Machine.Result result = machine.run(command);
        assertThat(result.status()).as(result.err()).isZero();
        return (result.out() + result.err()).replaceAll("\\d\\d:\\d\\d:\\d\\d[.,]\\d+", "TIME");
    }

    private static List<String> lines(String text) {
        return text.lines().filter(each -> each.contains("event:")).toList();
    }

    /// The rules go while the service runs, and come.
    @Test
    void logbackIsOneOfUserSpace() throws Exception {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path trace = machine.root().resolve("trace");
            machine.succeed("create", "service", "-o", trace.toString());
            machine.succeed("enable-event", "-u", "logback:service.*", "--loglevel", "INFO");
            machine.succeed("start");
            String without = printed(machine, LOGBACK);
            assertThat(without).contains("no connection", "no coins", "details");
            assertThat(printed(machine, LOGBACK, AGENT)).isEqualTo(without);
            Process late = machine.start(LOGBACK.command(machine, AGENT));
            await(machine, "ready", 1);
            assertThat(machine.succeed("list", "-u"))
                    .contains("logback:service.orders (type: logger)", "logback:library.pool");
            assertThat(machine.succeed("list", "service"))
                    .contains(
                            "logback:service.* (loglevel <= INFO (6)) (type: tracepoint) [enabled]");
            machine.succeed("disable-event", "-u", "logback:service.*");
            machine.succeed("enable-event", "-u", "logback:library.*,logback:nobody");
            step(machine, late, 1);
            machine.succeed("disable-event", "-u", "-a");
            step(machine, late, 2);
            machine.succeed("stop");
            List<String> lines = lines(machine.succeed("view", trace.toString()));
            assertThat(lines).hasSize(3);
            assertThat(lines.get(0))
                    .contains(" logback:event: ", "msg = \"order 1 of ann\"")
                    .contains("logger_name = \"service.orders\"")
                    .contains("class_name = \"service.LogbackService\", method_name = \"main\"")
                    .contains("int_loglevel = 20000", "thread_name = \"main\"")
                    .contains("mdc = \"order=1\", marker = \"\", throwable = \"\", stack = \"\"");
            assertThat(lines.get(1))
                    .contains("msg = \"failed\"")
                    .contains("throwable = \"java.lang.IllegalStateException: no coins\"")
                    .contains("stack = \"at service.LogbackService.main(LogbackService.java:");
            assertThat(lines.get(2)).contains("msg = \"no connection\"", "int_loglevel = 40000");
        }
    }

    @Test
    void log4jIsADomain() throws Exception {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path trace = machine.root().resolve("trace");
            machine.succeed("create", "service", "-o", trace.toString());
            machine.succeed("enable-event", "--log4j2", "service.*", "--loglevel", "WARN");
            machine.succeed("enable-event", "--log4j2", "library.pool", "--loglevel-only", "FATAL");
            machine.succeed("start");
            String without = printed(machine, LOG4J);
            assertThat(without).contains("no connection", "no coins");
            assertThat(printed(machine, LOG4J, AGENT)).isEqualTo(without);
            Process late = machine.start(LOG4J.command(machine, AGENT));
            await(machine, "ready", 1);
            assertThat(machine.succeed("list", "--log4j2"))
                    .contains(
                            "log4j2 events (Logger name):",
                            "    - service.orders",
                            "    - library.pool");
            assertThat(machine.succeed("list", "service"))
                    .contains("=== Domain: Log4j2 ===", "- lttng_log4j2_channel: [enabled]")
                    .contains("    - service.* [enabled] (loglevel <= LOG4J2_WARN)");
            step(machine, late, 1);
            machine.succeed("disable-event", "--log4j2", "-a");
            step(machine, late, 2);
            machine.succeed("stop");
            List<String> lines = lines(machine.succeed("view", trace.toString()));
            assertThat(lines).hasSize(2);
            for (String line : lines) {
                assertThat(line)
                        .contains(" lttng_log4j2:event: ", "msg = \"failed\"")
                        .contains("int_loglevel = 200", "mdc = \"order=1\"")
                        .contains("throwable = \"java.lang.IllegalStateException: no coins\"");
            }
        }
    }

    /// Both at once, in two sessions: one by what the statement says, one by its context.
    @Test
    void filtersTakeStatementsByTheirFields() throws Exception {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path logback = machine.root().resolve("logback");
            machine.succeed("create", "logback", "-o", logback.toString());
            machine.succeed(
                    "enable-event",
                    "-u",
                    "logback:*",
                    "-f",
                    "msg == \"order 1*\" && mdc == \"order=1\" || throwable != \"\" && stack == \"at *\"");
            machine.succeed("start");
            Path log4j = machine.root().resolve("log4j");
            machine.succeed("create", "log4j", "-o", log4j.toString());
            machine.succeed(
                    "enable-event",
                    "--log4j2",
                    "-a",
                    "-f",
                    "int_loglevel == 200 && logger_name == \"library.*\" && method_name == \"main\"");
            machine.succeed("start");
            printed(machine, LOGBACK, AGENT);
            printed(machine, LOG4J, AGENT);
            machine.succeed("destroy", "--all");
            List<String> lines = lines(machine.succeed("view", logback.toString()));
            assertThat(lines).hasSize(2);
            assertThat(lines.get(0)).contains("msg = \"order 1 of ann\"");
            assertThat(lines.get(1)).contains("msg = \"failed\"");
            lines = lines(machine.succeed("view", log4j.toString()));
            assertThat(lines).hasSize(1);
            assertThat(lines.get(0)).contains("msg = \"no connection\"");
        }
    }

    private static void step(Machine machine, Process process, int number) throws Exception {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        await(machine, "done", number);
    }

    /// What the service's own configuration prints comes in between.
    private static void await(Machine machine, String word, int times) throws Exception {
        Path output = machine.root().resolve("output");
        Machine.await(
                word,
                () ->
                        Files.readString(output)
                                        .lines()
                                        .filter(each -> each.startsWith(word))
                                        .count()
                                >= times);
    }
}
