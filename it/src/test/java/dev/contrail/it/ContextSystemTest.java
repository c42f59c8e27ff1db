// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Contexts that are added to each event, from the command line to what readers show.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ContextSystemTest {
    private static final String PROGRAM =
            """
            import dev.contrail.tracer.AppContext;
            import dev.contrail.tracer.Field;
            import dev.contrail.tracer.Provider;
            import dev.contrail.tracer.Tracer;

            public class Serving {
                @Provider("serving")
                public interface Events {
                    void served(@Field("number") int number, @Field("what") String what);
                }

                private static final Events EVENTS = Tracer.bind(Events.class);
                private static final AppContext REQUEST = AppContext.of("shop", "request");

                public static void main(String[] arguments) throws Exception {
                    Thread worker = new Thread(() -> {
                        REQUEST.set("größer-\\u0000-\\ud83d\\ude00");
                        EVENTS.served(1, "plain");
                        EVENTS.served(2, "größer");
                        REQUEST.set("x".repeat(100));
                        EVENTS.served(3, "y".repeat(40_000));
                        REQUEST.clear();
                        EVENTS.served(4, "");
                    }, "worker with a name that is longer than the kernel keeps");
                    worker.start();
                    worker.join();
                    EVENTS.served(5, "main");
                }
            }
            """;

    private static final List<String> TYPES =
            List.of(
                    "vpid",
                    "vtid",
                    "procname",
                    "thread_name",
                    "java_thread_id",
                    "virtual_thread",
                    "net_ns",
                    "vuid",
                    "vegid",
                    "$app.shop:request");

    private static List<String> program(Machine machine, String jdk) throws IOException {
        String classPath = Machine.jar("tracer").toString();
        CompiledProgram.compile(
                machine.root(), "Serving", PROGRAM, "--release", "17", "-cp", classPath);
        return List.of(
                Needs.jdk(jdk).resolve("bin/java").toString(),
                "-cp",
                machine.root() + ":" + classPath,
                "Serving");
    }

    private static Path begin(Machine machine) throws IOException, InterruptedException {
        Path trace = machine.root().resolve("trace");
        machine.succeed("sessiond", "--background", "--no-kernel");
        machine.succeed("create", "contexts", "-o", trace.toString());
        return trace;
    }

    private static void add(Machine machine, String... words)
            throws IOException, InterruptedException {
        for (String type : TYPES) {
            String[] command = new String[words.length + 3];
            command[0] = "add-context";
            System.arraycopy(words, 0, command, 1, words.length);
            command[words.length + 1] = "-t";
            command[words.length + 2] = type;
            machine.succeed(command);
        }
    }

    /// A rule's filter may name what is not added to the channel.
    @Test
    void filtersKnowThem() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            List<String> program = program(machine, "own");
            Path trace = begin(machine);
            String filter =
                    "$ctx.thread_name == \"worker*\" && $app.shop:request != \"x*\""
                            + " && $app.shop:request != \"\" && $ctx.virtual_thread == 0";
            machine.succeed("enable-event", "-u", "serving:*", "-f", filter);
            machine.succeed("start");
            assertThat(machine.run(program).status()).isZero();
            machine.succeed("stop");
            List<String> events = machine.succeed("view", trace.toString()).lines().toList();
            assertThat(events).hasSize(2);
            assertThat(events.get(0)).contains("plain");
            assertThat(events.get(1)).contains("größer");
        }
    }

    /// The daemon is killed before the start and in the middle: the channel keeps its contexts.
    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void eachEventHasThem(String jdk) throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            List<String> program = program(machine, jdk);
            Path trace = begin(machine);
            machine.succeed("enable-channel", "-u", "other");
            machine.succeed("enable-event", "-u", "-c", "other", "serving:*");
            machine.succeed("enable-channel", "-u", "channel");
            add(machine, "-u", "-c", "channel");
            machine.succeed("enable-event", "-u", "-c", "channel", "serving:*");
            machine.killDaemon();
            machine.restartDaemon();
            machine.succeed("start");
            assertThat(machine.run(program).status()).isZero();
            machine.killDaemon();
            machine.restartDaemon();
            assertThat(machine.run(program).status()).isZero();
            machine.succeed("stop");
            List<String> events = machine.succeed("view", trace.toString()).lines().toList();
            assertThat(events).hasSize(20);
            List<String> with = events.stream().filter(each -> each.contains("net_ns")).toList();
            assertThat(with).hasSize(10);
            String name = "worker with a name that is longer than the kernel keeps";
            assertThat(with.get(0))
                    .containsPattern(
                            "vtid = \\d+, vpid = \\d+, procname = \"Serving\", thread_name = \"worker")
                    .contains("thread_name = \"" + name + "\", java_thread_id = ")
                    .contains("virtual_thread = 0, net_ns = " + namespace() + ", vuid = ")
                    .contains("app_shop_request = \"größer-\ufffd-\ud83d\ude00\" }")
                    .contains("number = 1");
            assertThat(with.get(1)).contains("\"größer-", "what = \"größer\"");
            assertThat(with.get(2)).contains("app_shop_request = \"" + "x".repeat(63) + "\" }");
            assertThat(with.get(3)).contains("app_shop_request = \"\" }", "number = 4");
            assertThat(with.get(4)).contains("thread_name = \"main\"", "app_shop_request = \"\" }");
            assertThat(events.stream().filter(each -> each.contains("thread_name"))).hasSize(10);
        }
    }

    private static String namespace() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/ns/net"))
                .toString()
                .replaceAll("[^0-9]", "");
    }

    private static final String LOOPING =
            """
            import dev.contrail.tracer.Field;
            import dev.contrail.tracer.Provider;
            import dev.contrail.tracer.Tracer;

            public class Looping {
                @Provider("looping")
                public interface Events {
                    void at(@Field("number") int number);
                }

                private static final Events EVENTS = Tracer.bind(Events.class);

                static void down(int depth, int number) {
                    if (depth == 0) {
                        EVENTS.at(number);
                    } else {
                        down(depth - 1, number);
                    }
                }

                static void over(int number) {
                    EVENTS.at(number);
                }

                static void over(Integer number) {
                    EVENTS.at(number);
                }

                public static void main(String[] arguments) throws Exception {
                    over(-2);
                    over(Integer.valueOf(-3));
                    for (int i = 0; i < 20_000; i++) {
                        down(i % 3, i);
                    }
                    down(100, 20_000);
                    Thread[] threads = new Thread[4];
                    for (int i = 0; i < threads.length; i++) {
                        threads[i] = new Thread(() -> down(1, -1));
                        threads[i].start();
                    }
                    for (Thread each : threads) {
                        each.join();
                    }
                    Runtime.getRuntime().halt(9);
                }
            }
            """;

    /// Once each, whatever the buffers overwrite, and of a program that is killed.
    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void aStackIsRecordedOnceAndReferredTo(String jdk) throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            String classPath = Machine.jar("tracer").toString();
            CompiledProgram.compile(
                    machine.root(), "Looping", LOOPING, "--release", "17", "-cp", classPath);
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "stacks", "--snapshot");
            for (String channel : List.of("with", "without")) {
                machine.succeed("enable-channel", "-u", channel, "--subbuf-size", "32k");
                machine.succeed("enable-event", "-u", "-c", channel, "looping:*");
                machine.succeed("enable-event", "-u", "-c", channel, "jvm:*");
            }
            machine.succeed("add-context", "-u", "-c", "with", "-t", "callstack-java");
            machine.succeed("start");
            String java = Needs.jdk(jdk).resolve("bin/java").toString();
            String path = machine.root() + ":" + classPath;
            assertThat(machine.run(List.of(java, "-cp", path, "Looping")).status()).isEqualTo(9);
            machine.snapshot();
            List<String> lines = machine.succeed("view").lines().toList();
            Machine.Account account = machine.account();
            assertThat(account.discarded()).isZero();
            assertThat(account.overwritten()).isPositive();
            List<String> stacks =
                    lines.stream().filter(each -> each.contains(" jvm:stack: ")).toList();
            assertThat(account.recorded()).isEqualTo(2 * 20_007 + stacks.size());
            assertThat(stacks).hasSize(7).allMatch(each -> each.contains("stack = \"at Looping."));
            assertThat(stacks)
                    .filteredOn(each -> each.contains("at Looping.over("))
                    .extracting(each -> each.replaceAll(".* stack = ", ""))
                    .hasSize(2)
                    .doesNotHaveDuplicates();
            assertThat(stacks).filteredOn(each -> each.contains("depth = 64")).hasSize(1);
            assertThat(stacks)
                    .filteredOn(each -> each.contains("Thread.run"))
                    .singleElement()
                    .asString()
                    .contains("\\nat java.base/java.lang.Thread.run");
            List<String> with =
                    lines.stream()
                            .filter(each -> each.contains(" looping:at: "))
                            .filter(each -> each.contains("callstack_java = "))
                            .toList();
            assertThat(with).isNotEmpty();
            for (String line : with) {
                String id = line.replaceAll(".* callstack_java = (\\d+) .*", "$1");
                assertThat(stacks)
                        .filteredOn(each -> each.contains("{ id = " + id + ","))
                        .hasSize(1);
            }
        }
    }

    /// As of a killed program: the ring says itself what is in it.
    @Test
    void theRingOfASnapshotSessionHasThem() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "contexts", "--snapshot");
            machine.succeed("enable-event", "-u", "serving:*");
            add(machine, "-u");
            machine.succeed("start");
            machine.run(program(machine, "own"));
            String recorded = machine.succeed("snapshot", "record");
            assertThat(recorded).contains("5 recorded");
            assertThat(machine.succeed("view").lines())
                    .hasSize(5)
                    .allMatch(each -> each.contains("thread_name = "));
        }
    }

    /// In the words of lttng 2.13.9, which was asked the same.
    @Test
    void whatCannotBeAddedIsRefused() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            begin(machine);
            assertThat(machine.succeed("add-context", "-u", "-t", "vpid"))
                    .isEqualTo("ust context vpid added to all channels\n");
            machine.succeed("enable-channel", "-u", "c1");
            assertThat(machine.succeed("add-context", "-u", "-c", "c1", "-t", "vpid"))
                    .isEqualTo("ust context vpid added to channel c1\n");
            machine.refused(
                    4, "vpid: UST context already exist", "add-context", "-u", "-t", "vpid");
            machine.refused(3, "Unknown context type bogus", "add-context", "-u", "-t", "bogus");
            machine.refused(
                    3, "Unknown context type vpid,vtid", "add-context", "-u", "-t", "vpid,vtid");
            machine.refused(
                    3, "Unknown context type $app.p:", "add-context", "-u", "-t", "$app.p:");
            machine.refused(
                    4,
                    "net_ns: UST channel not found",
                    "add-context",
                    "-u",
                    "-t",
                    "net_ns",
                    "-c",
                    "no");
            machine.refused(4, "pid: UST invalid context", "add-context", "-u", "-t", "pid");
            machine.refused(
                    4, "pthread_id: UST invalid context", "add-context", "-u", "-t", "pthread_id");
            machine.refused(
                    4, "pid: contexts of kernel channels", "add-context", "-k", "-t", "pid");
            machine.refused(1, "Please specify a domain", "add-context", "-t", "vpid");
            machine.refused(1, "Missing mandatory -t TYPE", "add-context", "-u");
            machine.succeed("enable-event", "-u", "-c", "c1", "serving:*");
            machine.succeed("start");
            machine.refused(
                    4,
                    "vuid: Tracing has already been started once",
                    "add-context",
                    "-u",
                    "-t",
                    "vuid");
            assertThat(machine.succeed("add-context", "--list").lines())
                    .startsWith("pid", "procname", "prio")
                    .contains("perf:thread:cpu-clock", "thread_name")
                    .doesNotHaveDuplicates();
        }
    }
}
