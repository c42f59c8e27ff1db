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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    private static final String COUNTED =
            """
            import dev.contrail.tracer.Field;
            import dev.contrail.tracer.Provider;
            import dev.contrail.tracer.Tracer;
            import java.lang.management.ManagementFactory;
            import java.lang.management.ThreadMXBean;

            public class Counted {
                @Provider("counted")
                public interface Events {
                    void seen(@Field("nanos") long nanos);
                }

                private static final Events EVENTS = Tracer.bind(Events.class);
                private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

                private static void see() {
                    EVENTS.seen(THREADS.getCurrentThreadCpuTime());
                }

                public static void main(String[] arguments) throws Exception {
                    THREADS.getCurrentThreadCpuTime();
                    see();
                    for (int i = 0; i < 20; i++) {
                        Thread.sleep(1);
                    }
                    long until = THREADS.getCurrentThreadCpuTime() + 20_000_000;
                    while (THREADS.getCurrentThreadCpuTime() < until) {
                        Thread.onSpinWait();
                    }
                    see();
                    Thread other = new Thread(Counted::see);
                    other.start();
                    other.join();
                }
            }
            """;

    /// Where the JVM may ask for it, which it may not without being told.
    @ParameterizedTest
    @CsvSource({
        "own, true, ''",
        "own, false, 'they need --enable-native-access=ALL-UNNAMED'",
        "17, false, 'they need JDK 22 or later'"
    })
    void whatTheSystemCountsForAThreadIsThere(String jdk, boolean mayAsk, String why)
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            String classPath = Machine.jar("tracer").toString();
            CompiledProgram.compile(
                    machine.root(), "Counted", COUNTED, "--release", "17", "-cp", classPath);
            Path trace = begin(machine);
            for (String type :
                    List.of(
                            "pthread_id",
                            "perf:thread:task-clock",
                            "perf:thread:context-switches",
                            "perf:thread:page-fault")) {
                machine.succeed("add-context", "-u", "-t", type);
            }
            machine.succeed("enable-event", "-u", "counted:*");
            machine.succeed("start");
            List<String> program = new ArrayList<>();
            program.add(Needs.jdk(jdk).resolve("bin/java").toString());
            if (mayAsk) {
                program.add("--enable-native-access=ALL-UNNAMED");
            }
            program.addAll(List.of("-cp", machine.root() + ":" + classPath, "Counted"));
            Machine.Result ended = machine.run(program);
            assertThat(ended.status()).isZero();
            assertThat(ended.err()).isEmpty();
            String status = machine.succeed("status");
            if (mayAsk) {
                assertThat(status).doesNotContain("pthread_id");
            } else {
                assertThat(status).contains("pthread_id and perf:thread:… are 0 there: " + why);
            }
            machine.succeed("stop");
            List<String> events = machine.succeed("view", trace.toString()).lines().toList();
            assertThat(events).hasSize(3);
            long[][] seen = new long[3][];
            for (int i = 0; i < seen.length; i++) {
                Matcher values = COUNTS.matcher(events.get(i));
                assertThat(values.find()).as(events.get(i)).isTrue();
                seen[i] = new long[5];
                for (int j = 0; j < seen[i].length; j++) {
                    seen[i][j] = Long.parseLong(values.group(j + 1));
                }
            }
            if (!mayAsk) {
                assertThat(events)
                        .allMatch(each ->
                                each.contains(
                                        "pthread_id = 0, perf_thread_task_clock = 0,"
                                                + " perf_thread_context_switches = 0,"
                                                + " perf_thread_page_fault = 0"));
                return;
            }
            assertThat(seen[0][0]).isEqualTo(seen[1][0]).isNotEqualTo(seen[2][0]);
            for (long[] each : seen) {
                assertThat(each[1]).isBetween(each[4], each[4] + 500_000_000); // asked for later
                assertThat(each[3]).isPositive();
            }
            assertThat(seen[1][1] - seen[0][1]).isGreaterThan(20_000_000);
            assertThat(seen[1][2] - seen[0][2]).isGreaterThanOrEqualTo(20);
            assertThat(seen[2][2]).isLessThan(seen[1][2]);
        }
    }

    private static final Pattern COUNTS =
            Pattern.compile(
                    "pthread_id = (\\d+), perf_thread_task_clock = (\\d+),"
                            + " perf_thread_context_switches = (\\d+),"
                            + " perf_thread_page_fault = (\\d+) }, \\{ nanos = (\\d+)");

    private static final Pattern NUMBER = Pattern.compile("(?:number|not paid:) (\\d+)");

    private static final String FAILING =
            """
            import java.util.logging.Level;
            import java.util.logging.Logger;

            public class Failing {
                private static final Logger LOGGER = Logger.getLogger("failing");

                static void take(int number) {
                    throw new IllegalStateException("number " + number);
                }

                static void empty(int number) {
                    String place = "\\n at [Source: till; line: " + number + "]"; // as parsers have it
                    throw new IllegalStateException("no coins for " + number + place);
                }

                static void pay(int number) {
                    try {
                        empty(number);
                    } catch (RuntimeException e) {
                        throw new RuntimeException("not paid: " + number, e);
                    }
                }

                public static void main(String[] arguments) {
                    LOGGER.setUseParentHandlers(false);
                    for (int i = 0; i < 1000; i++) {
                        try {
                            if (i % 2 == 0) {
                                take(i);
                            } else {
                                pay(i);
                            }
                        } catch (RuntimeException e) {
                            LOGGER.log(Level.WARNING, "failed", e);
                        }
                    }
                    Runtime.getRuntime().halt(9);
                }
            }
            """;

    /// So are those of its causes, whose messages differ; and that of the statement, which is one.
    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void theStackOfWhatIsLoggedAsThrownIsRecordedOnce(String jdk) throws Exception {
        try (Machine machine = Machine.open()) {
            CompiledProgram.compile(machine.root(), "Failing", FAILING, "--release", "17");
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "thrown", "--snapshot");
            machine.succeed("enable-event", "-j", "failing");
            machine.succeed("add-context", "-j", "-t", "callstack-java");
            machine.succeed("start");
            String java = Needs.jdk(jdk).resolve("bin/java").toString();
            String agent = "-javaagent:" + Machine.jar("tracer");
            String path = machine.root().toString();
            assertThat(machine.run(List.of(java, agent, "-cp", path, "Failing")).status())
                    .isEqualTo(9);
            machine.snapshot();
            List<String> lines = machine.succeed("view").lines().toList();
            assertThat(machine.succeed("status"))
                    .contains("; 1,004 recorded, 0 overwritten, 0 discarded");
            List<String> stacks =
                    lines.stream().filter(each -> each.contains(" jvm:stack: ")).toList();
            assertThat(stacks).hasSize(4);
            String taken = idOf(stacks, "depth = 2, stack = \"at Failing.take(");
            String paid = idOf(stacks, "depth = 2, stack = \"at Failing.pay(");
            String statement = idOf(stacks, "stack = \"at java.logging/java.util.logging.Logger.");
            String emptied = idOf(stacks, "depth = 2, stack = \"at Failing.empty(");
            String cause = "\\nCaused by: java.lang.IllegalStateException: no coins for ";
            List<String> logged =
                    lines.stream().filter(each -> each.contains("msg = \"failed\"")).toList();
            assertThat(logged).isNotEmpty();
            for (String each : logged) {
                Matcher number = NUMBER.matcher(each);
                assertThat(number.find()).as(each).isTrue();
                String stack =
                        each.contains("IllegalStateException: number ")
                                ? "at jvm:stack " + taken
                                : "at jvm:stack "
                                        + paid
                                        + cause
                                        + number.group(1)
                                        + "\\n at [Source: till; line: "
                                        + number.group(1)
                                        + "]\\nat jvm:stack "
                                        + emptied
                                        + "\\n... 1 more";
                assertThat(each)
                        .contains("callstack_java = " + statement + " }")
                        .contains("stack = \"" + stack + "\"");
            }
        }
    }

    private static String idOf(List<String> stacks, String what) {
        List<String> found = stacks.stream().filter(each -> each.contains(what)).toList();
        assertThat(found).as(what).hasSize(1);
        return found.get(0).replaceAll(".* id = (\\d+), .*", "$1");
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
            machine.refused(4, "ip: UST invalid context", "add-context", "-u", "-t", "ip");
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
