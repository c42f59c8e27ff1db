// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Exceptions that nobody catches are events, and the program ends as it does without us.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class UncaughtExceptionSystemTest {
    private static final String PROGRAM =
            """
            public class Failing {
                public static void main(String[] arguments) throws Exception {
                    Thread worker = new Thread(() -> {
                        throw new IllegalStateException("order 17", new RuntimeException("card"));
                    }, "worker");
                    worker.start();
                    worker.join();
                    Thread handled = new Thread(() -> {
                        throw new RuntimeException("handled");
                    });
                    handled.setUncaughtExceptionHandler((thread, e) -> System.out.println("own: " + e));
                    handled.start();
                    handled.join();
                    Thread nested = new Thread(new ThreadGroup(new ThreadGroup("outer"), "inner"), () -> {
                        throw new RuntimeException() {
                            @Override
                            public String getMessage() {
                                throw new IllegalStateException("no message");
                            }
                        };
                    }, "nested");
                    nested.start();
                    nested.join();
                    Thread deep = new Thread(() -> recurse(0), "deep");
                    deep.setUncaughtExceptionHandler(null);
                    deep.start();
                    deep.join();
                    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> System.out.println("default: " + e));
                    throw new Exception("main");
                }

                private static int recurse(int depth) {
                    return recurse(depth + 1) + 1;
                }
            }
            """;

    private static final String UNCAUGHT = "jvm:uncaught_exception";

    private static final String WAITING =
            """
            public class Waiting {
                public static void main(String[] arguments) throws Exception {
                    System.in.read();
                    Failing.main(arguments);
                }
            }
            """;

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void eachIsRecordedOnce(String jdk) throws IOException, InterruptedException {
        Path home = Needs.jdk(jdk);
        try (Machine machine = Machine.open()) {
            CompiledProgram.compile(machine.root(), "Failing", PROGRAM, "--release", "17");
            List<String> program =
                    List.of(
                            home.resolve("bin/java").toString(),
                            "-Xss512k",
                            "-cp",
                            machine.root().toString(),
                            "Failing");
            Machine.Result alone = machine.run(program);
            Path trace = machine.root().resolve("trace");
            var command = new ArrayList<>(List.of("record", "-u", UNCAUGHT, "-j", "-o"));
            command.add(trace.toString());
            command.add("--");
            command.addAll(program);
            Machine.Result recorded = machine.contrail(command.toArray(String[]::new));

            assertThat(recorded.status()).isEqualTo(alone.status()).isEqualTo(1);
            assertThat(recorded.out()).isEqualTo(alone.out());
            assertThat(thrown(recorded.err())).isEqualTo(thrown(alone.err())).hasSize(3);
            List<String> events = machine.succeed("view", trace.toString()).lines().toList();
            assertThat(events).hasSize(4);
            assertThat(events.get(0))
                    .contains(
                            "jvm:uncaught_exception: ",
                            "thread_name = \"worker\"",
                            "throwable = \"java.lang.IllegalStateException: order 17\"",
                            "stack = \"at Failing.",
                            "Caused by: java.lang.RuntimeException: card");
            assertThat(events.get(1)).contains("\"nested\"", "throwable = \"Failing$1\"");
            assertThat(events.get(2))
                    .contains(
                            "\"deep\"",
                            "throwable = \"java.lang.StackOverflowError\"",
                            "at Failing.recurse(");
            assertThat(events.get(3))
                    .contains("\"main\"", "throwable = \"java.lang.Exception: main\"");
        }
    }

    @Test
    void aFilterTakesSomeOfThem() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            CompiledProgram.compile(machine.root(), "Failing", PROGRAM, "--release", "17");
            CompiledProgram.compile(
                    machine.root(), "Waiting", WAITING, "-cp", machine.root().toString());
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path trace = machine.root().resolve("trace");
            machine.succeed("create", "some", "-o", trace.toString());
            machine.succeed(
                    "enable-event",
                    "-u",
                    "jvm:*",
                    "-f",
                    "thread_name == \"worker\" || throwable == \"*: main\"");
            machine.succeed("start");
            Process waiting =
                    machine.start(
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                    "-javaagent:" + Machine.jar("tracer"),
                                    "-cp",
                                    machine.root().toString(),
                                    "Waiting"));
            Machine.await("it", () -> machine.succeed("status").contains("1 recorded, 0 refused"));
            waiting.getOutputStream().close();
            assertThat(waiting.waitFor()).isEqualTo(1);
            machine.succeed("destroy");
            List<String> events = machine.succeed("view", trace.toString()).lines().toList();
            assertThat(events).hasSize(2);
            assertThat(events.get(0)).contains("order 17");
            assertThat(events.get(1)).contains("Exception: main");
        }
    }

    /// What the JDK says of threads that end so.
    private static List<String> thrown(String err) {
        return err.lines().filter(line -> line.startsWith("Exception in thread")).toList();
    }
}
