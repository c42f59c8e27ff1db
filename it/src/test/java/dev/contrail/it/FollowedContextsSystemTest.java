// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Contexts that libraries keep for the threads of a program that knows nothing of us: the mapped
/// diagnostic contexts of Logback and Log4j 2, and OpenTelemetry's current span.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FollowedContextsSystemTest {
    private static final String EVENTS =
            """
                @dev.contrail.tracer.Provider("followed")
                public interface Events {
                    void at(@dev.contrail.tracer.Field("what") String what);
                }

                private static final Events EVENTS =
                        dev.contrail.tracer.Tracer.bind(Events.class);

                static void inThread(Runnable work) throws Exception {
                    Thread thread;
                    try {
                        thread = (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class)
                                .invoke(null, work);
                    } catch (NoSuchMethodException e) {
                        thread = new Thread(work);
                        thread.start();
                    }
                    thread.join();
                }
            """;

    private static final String SLF4J =
            """
            import org.slf4j.MDC;

            public class Slf4jShop {
            %s
                public static void main(String[] arguments) throws Exception {
                    EVENTS.at("begin");
                    MDC.put("requestId", "7");
                    MDC.put("user.id", "ann");
                    EVENTS.at("put");
                    org.slf4j.LoggerFactory.getLogger("shop.till").info("paid");
                    var copy = MDC.getCopyOfContextMap();
                    inThread(() -> {
                        EVENTS.at("other thread");
                        MDC.setContextMap(copy);
                        EVENTS.at("copied");
                        MDC.remove("requestId");
                        EVENTS.at("removed");
                        try (var scope = MDC.putCloseable("requestId", "8")) {
                            Thread.yield();
                            EVENTS.at("in scope");
                        }
                        EVENTS.at("behind scope");
                    });
                    MDC.clear();
                    EVENTS.at("cleared");
                    Thread failing = new Thread(() -> {
                        MDC.put("requestId", "9");
                        throw new IllegalStateException("no coins");
                    });
                    failing.start();
                    failing.join();
                }
            }
            """
                    .formatted(EVENTS);

    private static final String LOG4J =
            """
            import java.util.List;
            import java.util.Map;
            import org.apache.logging.log4j.CloseableThreadContext;
            import org.apache.logging.log4j.ThreadContext;

            public class Log4jShop {
            %s
                public static void main(String[] arguments) throws Exception {
                    EVENTS.at("begin");
                    ThreadContext.put("user.id", "ann");
                    ThreadContext.putIfNull("user.id", "bob");
                    ThreadContext.putAll(Map.of("requestId", "7", "colour", "red"));
                    EVENTS.at("put");
                    inThread(() -> {
                        EVENTS.at("other thread");
                        ThreadContext.putIfNull("requestId", "6");
                        ThreadContext.put("user.id", "eve");
                        EVENTS.at("there");
                    });
                    try (var scope = CloseableThreadContext.put("requestId", "8")) {
                        EVENTS.at("in scope");
                    }
                    EVENTS.at("behind scope");
                    ThreadContext.remove("user.id");
                    EVENTS.at("removed");
                    ThreadContext.removeAll(List.of("requestId", "colour"));
                    EVENTS.at("all removed");
                    ThreadContext.put("requestId", "9");
                    ThreadContext.clearAll();
                    EVENTS.at("cleared");
                }
            }
            """
                    .formatted(EVENTS);

    private static final String SPANS =
            """
            import io.opentelemetry.api.GlobalOpenTelemetry;
            import io.opentelemetry.api.trace.Span;
            import io.opentelemetry.api.trace.SpanContext;
            import io.opentelemetry.api.trace.TraceFlags;
            import io.opentelemetry.api.trace.TraceState;
            import io.opentelemetry.context.Context;
            import io.opentelemetry.context.Scope;

            public class Spans {
            %s
                static void at(String what) {
                    SpanContext span = Span.current().getSpanContext();
                    System.out.println(
                            what + (span.isValid() ? "|" + span.getTraceId() + "|" + span.getSpanId() : "||"));
                    EVENTS.at(what);
                }

                static Span span(int number) {
                    Span made = GlobalOpenTelemetry.getTracer("shop").spanBuilder("s" + number).startSpan();
                    return made.getSpanContext().isValid() ? made : Span.wrap(SpanContext.create(
                            "0af7651916cd43dd8448eb211c80319c", "b7ad6b716920333" + number,
                            TraceFlags.getSampled(), TraceState.getDefault()));
                }

                public static void main(String[] arguments) throws Exception {
                    at("begin");
                    try (Scope scope = span(1).makeCurrent()) {
                        at("outer");
                        try (Scope inner = span(2).makeCurrent()) {
                            at("inner");
                            inThread(Context.current().wrap(() -> at("other thread")));
                        }
                        at("outer again");
                        try (Scope none = Context.root().makeCurrent()) {
                            at("none");
                        }
                    }
                    at("end");
                }
            }
            """
                    .formatted(EVENTS);

    private static final Pattern EVENT =
            Pattern.compile(
                    ".* (\\S+:\\S+): .*\\bapp_\\w+ = \"(.*?)\", app_\\w+ = \"(.*?)\" \\}, \\{ (?:what|msg) = \"(.*?)\".*");

    private static Path library(String name) {
        return Machine.checkout().resolve("tracer/target/log-systems/" + name + ".jar");
    }

    private static String classPath(Machine machine, String... libraries) {
        var path = new ArrayList<String>(List.of(machine.root().toString()));
        path.add(Machine.jar("tracer").toString());
        for (String each : libraries) {
            assertThat(library(each)).exists();
            path.add(library(each).toString());
        }
        return String.join(":", path);
    }

    private static List<String> program(
            Machine machine, String jdk, String name, String source, String classPath)
            throws IOException {
        CompiledProgram.compile(machine.root(), name, source, "--release", "17", "-cp", classPath);
        return new ArrayList<>(
                List.of(
                        Needs.jdk(jdk).resolve("bin/java").toString(),
                        "-javaagent:" + Machine.jar("tracer"),
                        "-cp",
                        classPath,
                        name));
    }

    private static Path begin(Machine machine, String... contexts)
            throws IOException, InterruptedException {
        machine.succeed("sessiond", "--background", "--no-kernel");
        Path trace = create(machine, "followed", contexts);
        machine.succeed("enable-event", "-u", "-c", "c", "followed:*");
        return trace;
    }

    /// A session with a channel.
    private static Path create(Machine machine, String name, String... contexts)
            throws IOException, InterruptedException {
        Path trace = machine.root().resolve(name);
        machine.succeed("create", name, "-o", trace.toString());
        machine.succeed("enable-channel", "-u", "c");
        for (String each : contexts) {
            machine.succeed("add-context", "-u", "-c", "c", "-t", each);
        }
        return trace;
    }

    /// Of each event the two contexts and what it says of itself.
    private static List<String> events(Machine machine, Path trace) throws Exception {
        return machine.succeed("view", trace.toString())
                .lines()
                .map(EVENT::matcher)
                .filter(Matcher::matches)
                .map(each -> each.group(4) + "|" + each.group(2) + "|" + each.group(3))
                .collect(Collectors.toList());
    }

    @ParameterizedTest
    @CsvSource({
        "17, 1.2.13, 1.7.36",
        "17, 1.5.18, 2.0.17",
        "own, 1.2.13, 1.7.36",
        "own, 1.6.7, 2.0.17"
    })
    void keysOfSlf4j(String jdk, String logback, String slf4j) throws Exception {
        try (Machine machine = Machine.open()) {
            String path =
                    classPath(
                            machine,
                            "logback-classic-" + logback,
                            "logback-core-" + logback,
                            "slf4j-api-" + slf4j);
            List<String> program = program(machine, jdk, "Slf4jShop", SLF4J, path);
            Path trace = begin(machine, "$app.mdc:requestId", "$app.mdc:user.id");
            machine.succeed("enable-event", "-u", "-c", "c", "jvm:*");
            machine.succeed("enable-channel", "-u", "log");
            for (String each : List.of("$app.mdc:requestId", "$app.mdc:user_id")) {
                machine.succeed("add-context", "-u", "-c", "log", "-t", each);
            }
            machine.succeed("enable-event", "-u", "-c", "log", "logback:shop.*");
            machine.succeed("start");
            Machine.Result ran = machine.run(program);
            assertThat(ran.status()).as(ran.err()).isZero();
            machine.succeed("stop");
            assertThat(events(machine, trace))
                    .containsExactly(
                            "begin||",
                            "put|7|ann",
                            "paid|7|ann",
                            "other thread||",
                            "copied|7|ann",
                            "removed||ann",
                            "in scope|8|ann",
                            "behind scope||ann",
                            "cleared||");
            assertThat(machine.succeed("view", trace.toString()).lines())
                    .filteredOn(each -> each.contains("jvm:uncaught_exception"))
                    .singleElement()
                    .asString()
                    .contains("app_mdc_requestId = \"9\", app_mdc_user_id = \"\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"17, 2.17.1", "own, 2.17.1", "17, 2.26.0", "own, 2.26.0"})
    void keysOfLog4j(String jdk, String version) throws Exception {
        try (Machine machine = Machine.open()) {
            String path = classPath(machine, "log4j-api-" + version, "log4j-core-" + version);
            List<String> program = program(machine, jdk, "Log4jShop", LOG4J, path);
            Path trace = begin(machine, "$app.mdc:requestId", "$app.mdc:user_id");
            machine.succeed("start");
            Machine.Result ran = machine.run(program);
            assertThat(ran.status()).as(ran.err()).isZero();
            machine.succeed("stop");
            assertThat(events(machine, trace))
                    .containsExactly(
                            "begin||",
                            "put|7|ann",
                            "other thread||",
                            "there|6|eve",
                            "in scope|8|ann",
                            "behind scope|7|ann",
                            "removed|7|",
                            "all removed||",
                            "cleared||");
        }
    }

    /// Whether they are added to the channel or not.
    @ParameterizedTest
    @CsvSource({"17", "own"})
    void filtersKnowThem(String jdk) throws Exception {
        try (Machine machine = Machine.open()) {
            String path = classPath(machine, "log4j-api-2.26.0", "log4j-core-2.26.0");
            List<String> program = program(machine, jdk, "Log4jShop", LOG4J, path);
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path trace = create(machine, "filtered");
            machine.succeed(
                    "enable-event",
                    "-u",
                    "-c",
                    "c",
                    "followed:*",
                    "-f",
                    "$app.mdc:requestId == \"7\" && $app.mdc:user_id != \"\"");
            machine.succeed("start");
            assertThat(machine.run(program).status()).isZero();
            machine.succeed("stop");
            assertThat(machine.succeed("view", trace.toString()).lines())
                    .hasSize(2)
                    .allMatch(
                            each -> each.contains("\"put\"") || each.contains("\"behind scope\""));
        }
    }

    /// As the program itself finds them; with an agent that brings OpenTelemetry, and without.
    @ParameterizedTest
    @CsvSource({"17, false", "own, false", "17, true", "own, true"})
    void spansOfOpenTelemetry(String jdk, boolean hasAgent) throws Exception {
        try (Machine machine = Machine.open()) {
            String path =
                    classPath(
                            machine,
                            "opentelemetry-api-1.66.0",
                            "opentelemetry-common-1.66.0",
                            "opentelemetry-context-1.66.0");
            List<String> program = program(machine, jdk, "Spans", SPANS, path);
            if (hasAgent) {
                program.addAll(
                        1,
                        List.of(
                                "-javaagent:" + Guest.agent("opentelemetry-javaagent"),
                                "-Dotel.traces.exporter=none",
                                "-Dotel.metrics.exporter=none",
                                "-Dotel.logs.exporter=none"));
            }
            Path trace = begin(machine, "$app.otel:trace_id", "$app.otel:span_id");
            machine.succeed("start");
            Machine.Result ran = machine.run(program);
            assertThat(ran.status()).as(ran.err()).isZero();
            machine.succeed("stop");
            List<String> said = ran.out().lines().toList();
            assertThat(said).hasSize(7).contains("begin||", "none||", "end||");
            assertThat(said).filteredOn(each -> !each.endsWith("|")).hasSize(4);
            assertThat(events(machine, trace)).isEqualTo(said);
        }
    }

    private static final String SERVING =
            """
            import java.nio.file.Files;
            import java.nio.file.Path;
            import org.slf4j.MDC;

            public class Serving {
            %s
                static void await(String file) throws Exception {
                    while (!Files.exists(Path.of(file))) {
                        Thread.sleep(2);
                    }
                }

                public static void main(String[] arguments) throws Exception {
                    MDC.put("requestId", "before");
                    EVENTS.at("nobody wants it");
                    Files.createFile(Path.of(arguments[0] + "/ready"));
                    await(arguments[0] + "/first");
                    EVENTS.at("not known yet");
                    MDC.put("requestId", "1");
                    EVENTS.at("known");
                    Files.createFile(Path.of(arguments[0] + "/recorded"));
                    await(arguments[0] + "/between");
                    MDC.remove("requestId");
                    Files.createFile(Path.of(arguments[0] + "/removed"));
                    await(arguments[0] + "/second");
                    EVENTS.at("not known again");
                    MDC.put("requestId", "2");
                    EVENTS.at("known again");
                }
            }
            """
                    .formatted(EVENTS);

    /// Sessions come and go while the program runs: what is not followed is not known, and nothing
    /// old is shown.
    @Test
    void aProgramThatRuns() throws Exception {
        try (Machine machine = Machine.open()) {
            String path =
                    classPath(
                            machine,
                            "logback-classic-1.6.7",
                            "logback-core-1.6.7",
                            "slf4j-api-2.0.17");
            List<String> program = program(machine, "own", "Serving", SERVING, path);
            program.add(machine.root().toString());
            machine.succeed("sessiond", "--background", "--no-kernel");
            Process running = machine.start(program);
            Path directory = machine.root();
            Machine.await("its start", () -> Files.exists(directory.resolve("ready")));
            Path first = create(machine, "once", "$app.mdc:requestId", "$app.mdc:user.id");
            machine.succeed("enable-event", "-u", "-c", "c", "followed:*");
            machine.succeed("start");
            Files.createFile(directory.resolve("first"));
            Machine.await("its events", () -> Files.exists(directory.resolve("recorded")));
            machine.succeed("stop");
            assertThat(events(machine, first)).containsExactly("not known yet||", "known|1|");
            machine.succeed("destroy");
            Files.createFile(directory.resolve("between"));
            Machine.await("its change", () -> Files.exists(directory.resolve("removed")));
            Path second = create(machine, "again", "$app.mdc:requestId", "$app.mdc:user.id");
            machine.succeed("enable-event", "-u", "-c", "c", "followed:*");
            machine.succeed("start");
            Files.createFile(directory.resolve("second"));
            assertThat(running.waitFor()).isZero();
            machine.succeed("stop");
            assertThat(events(machine, second))
                    .containsExactly("not known again||", "known again|2|");
        }
    }
}
