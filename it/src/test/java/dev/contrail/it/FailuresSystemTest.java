// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes wrong in a program that says nothing of it: ends that somebody asks for, deadlocks,
/// threads that wait for a lock.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FailuresSystemTest {
    private static final String PROGRAM =
            """
            import java.util.concurrent.CountDownLatch;
            import java.util.concurrent.locks.ReentrantLock;

            public class Ending {
                static final Object LEFT = new Object();
                static final ReentrantLock RIGHT = new ReentrantLock();

                public static void main(String[] arguments) throws Exception {
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
                    switch (arguments[0]) {
                        case "exit" -> leave();
                        case "halt" -> Runtime.getRuntime().halt(4);
                        case "end" -> System.out.println("end");
                        case "killed" -> {
                            String own = Long.toString(ProcessHandle.current().pid());
                            new ProcessBuilder("kill", "-KILL", own).start();
                            Thread.sleep(600_000);
                        }
                        case "signal" -> {
                            System.out.println("ready");
                            Thread.sleep(600_000);
                        }
                        case "deadlock" -> deadlock();
                        case "hang" -> hang();
                    }
                }

                private static void leave() {
                    System.exit(3);
                }

                private static void deadlock() throws Exception {
                    var both = new CountDownLatch(2);
                    Thread ann = new Thread(() -> {
                        synchronized (LEFT) {
                            await(both);
                            RIGHT.lock();
                        }
                    }, "ann");
                    Thread bob = new Thread(() -> {
                        RIGHT.lock();
                        await(both);
                        synchronized (LEFT) {
                            System.out.println("never");
                        }
                    }, "bob");
                    ann.setDaemon(true);
                    bob.setDaemon(true);
                    ann.start();
                    bob.start();
                    System.out.println("ready");
                    System.in.read();
                }

                private static void await(CountDownLatch both) {
                    both.countDown();
                    try {
                        both.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }

                /// Before JDK 19 the JVM asks it when it is asked for all threads.
                private static class Odd extends Thread {
                    @Override
                    public long getId() {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public void run() {
                        await(new CountDownLatch(2));
                    }
                }

                private static void hang() throws Exception {
                    Thread odd = new Odd();
                    odd.setDaemon(true);
                    odd.start();
                    Thread till = new Thread(() -> {
                        synchronized (LEFT) {
                            System.out.println("served");
                        }
                    }, "till-2");
                    synchronized (LEFT) {
                        till.start();
                        System.out.println("ready");
                        System.in.read();
                    }
                    till.join();
                }
            }
            """;

    private static final String GREEDY =
            """
            import java.nio.ByteBuffer;
            import java.util.ArrayList;
            import java.util.List;

            public class Greedy {
                static volatile Object sink;

                public static void main(String[] arguments) throws Exception {
                    Thread worker = new Thread(Greedy::work, "worker");
                    worker.start();
                    worker.join();
                }

                private static void work() {
                    for (int i = 0; i < 3; i++) {
                        attempt(Greedy::fill);
                    }
                    attempt(() -> recurse(0));
                    attempt(() -> recurse(0));
                    attempt(() -> sink = ByteBuffer.allocateDirect(1 << 30));
                    attempt(() -> sink = new long[Integer.MAX_VALUE]);
                    attempt(() -> { throw new InternalError("ours"); });
                }

                private static void fill() {
                    List<long[]> all = new ArrayList<>();
                    while (true) {
                        all.add(new long[1 << 20]);
                    }
                }

                private static int recurse(int depth) {
                    return recurse(depth + 1) + 1;
                }

                private static void attempt(Runnable work) {
                    try {
                        work.run();
                    } catch (VirtualMachineError e) {
                        System.out.println(e.getClass());
                    }
                }
            }
            """;

    /// Each error is followed by more exceptions than the JVM lists.
    private static final String THROWING =
            """
            public class Throwing {
                static volatile Object sink;

                public static void main(String[] arguments) throws Exception {
                    for (int i = 0; i < 40; i++) {
                        try {
                            sink = new long[1 << 28];
                        } catch (OutOfMemoryError e) {
                            hide();
                        }
                        Thread.sleep(30);
                    }
                    for (int i = 0; i < 10; i++) {
                        try {
                            sink = new long[1 << 28];
                        } catch (OutOfMemoryError e) {
                            sink = e;
                        }
                    }
                    Runtime.getRuntime().halt(0);
                }

                private static void hide() {
                    for (int i = 0; i < 100; i++) {
                        try {
                            sink = (String) (Object) i;
                        } catch (ClassCastException e) {
                            sink = e;
                        }
                    }
                }
            }
            """;

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void errorsOfTheJvmThatTheProgramCatchesAreRecordedOnceEach(String jdk)
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            List<String> program = small(machine, jdk, "Greedy", GREEDY);
            Machine.Result alone = machine.run(program);
            Path trace = trace(machine);
            Machine.Result recorded =
                    machine.contrail(recorded(trace, program).toArray(String[]::new));
            assertThat(recorded.status()).isEqualTo(alone.status()).isZero();
            assertThat(recorded.out()).isEqualTo(alone.out());
            assertThat(recorded.err()).contains("User space: 8 events recorded, 0 lost");
            List<String> events = machine.succeed("view", trace.toString()).lines().toList();
            assertThat(events)
                    .hasSize(8)
                    .allMatch(event -> event.contains("jvm:error: "))
                    .allMatch(event -> event.contains("thread_name = \"worker\""));
            assertThat(count(events, "\"java.lang.OutOfMemoryError\"", "memAllocator.cpp:"))
                    .isEqualTo(3);
            assertThat(count(events, "\"java.lang.StackOverflowError\"", "untime.cpp:"))
                    .isEqualTo(2);
            assertThat(count(events, "\"java.lang.OutOfMemoryError\"", "lass.cpp:")).isOne();
            assertThat(count(events, "direct buffer memory", "at java.base/java.nio.")).isOne();
            assertThat(count(events, "\"java.lang.InternalError: ours\"", "at Greedy.lambda$"))
                    .isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void itIsSaidWhenErrorsMayBeMissing(String jdk) throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            List<String> program = small(machine, jdk, "Throwing", THROWING);
            Path trace = trace(machine);
            String told = machine.contrail(recorded(trace, program).toArray(String[]::new)).err();
            assertThat(told)
                    .contains(
                            "some of jvm:error may be missing: the JVM throws more exceptions than"
                                    + " it lists");
            // Nobody looks any more between the last ones and the halt.
            assertThat(machine.succeed("view", trace.toString()).lines())
                    .filteredOn(each -> each.contains("jvm:error: "))
                    .hasSizeBetween(10, 50);
        }
    }

    private static long count(List<String> events, String throwable, String where) {
        return events.stream()
                .filter(event -> event.contains(throwable) && event.contains(where))
                .count();
    }

    private static List<String> small(Machine machine, String jdk, String name, String source)
            throws IOException {
        CompiledProgram.compile(machine.root(), name, source, "--release", "17");
        return List.of(
                Needs.jdk(jdk).resolve("bin/java").toString(),
                "-Xmx64m",
                "-cp",
                machine.root().toString(),
                name);
    }

    private static List<String> program(Machine machine, String jdk, String how)
            throws IOException {
        CompiledProgram.compile(machine.root(), "Ending", PROGRAM, "--release", "17");
        return List.of(
                Needs.jdk(jdk).resolve("bin/java").toString(),
                "-cp",
                machine.root().toString(),
                "Ending",
                how);
    }

    private static List<String> recorded(Path trace, List<String> program) {
        var command =
                new ArrayList<>(List.of("record", "-u", "jvm:*", "-o", trace.toString(), "--"));
        command.addAll(program);
        return command;
    }

    @ParameterizedTest
    @CsvSource({"17, exit, 3", "own, exit, 3", "17, halt, 4", "own, halt, 4", "own, end, 0"})
    void whoEndsTheProgramIsRecorded(String jdk, String how, int status)
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            List<String> program = program(machine, jdk, how);
            Machine.Result alone = machine.run(program);
            Path trace = machine.root().resolve("trace");
            Machine.Result recorded =
                    machine.contrail(recorded(trace, program).toArray(String[]::new));
            assertThat(recorded.status()).isEqualTo(alone.status()).isEqualTo(status);
            assertThat(recorded.out()).isEqualTo(alone.out());
            if (how.equals("end")) {
                assertThat(recorded.err()).contains("User space: 0 events recorded, 0 lost");
                return;
            }
            List<String> events = machine.succeed("view", trace.toString()).lines().toList();
            assertThat(events).hasSize(1);
            String caller = how.equals("exit") ? "at Ending.leave(" : "at Ending.main(";
            assertThat(events.get(0))
                    .contains(
                            "jvm:exit: ",
                            "thread_name = \"main\"",
                            "how = \"" + how + "\"",
                            "status = " + status,
                            "stack = \"" + caller);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void whatKillsTheProgramIsToldInTheEnd(String jdk) throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            List<String> program = program(machine, jdk, "killed");
            Machine.Result recorded =
                    machine.contrail(recorded(trace(machine), program).toArray(String[]::new));
            assertThat(recorded.status()).isEqualTo(137);
            assertThat(recorded.err())
                    .containsPattern(
                            "    Ending \\(\\d+\\) ended suddenly: it was killed, crashed or halted")
                    .contains("The command ended by SIGKILL");
        }
    }

    /// Begins a session that wants these events, and the program in it.
    private static Process begin(Machine machine, String events, String jdk, String how)
            throws IOException, InterruptedException {
        machine.succeed("sessiond", "--background", "--no-kernel");
        machine.succeed("create", "failures", "-o", trace(machine).toString());
        machine.succeed("enable-event", "-u", events);
        machine.succeed("start");
        var command = new ArrayList<>(program(machine, jdk, how));
        command.add(1, "-javaagent:" + Machine.jar("tracer"));
        Process process = machine.start(command);
        awaitPrinted(machine, "ready");
        return process;
    }

    private static Path trace(Machine machine) {
        return machine.root().resolve("trace");
    }

    private static void awaitPrinted(Machine machine, String line) throws InterruptedException {
        Path output = machine.root().resolve("output");
        Machine.await(line, () -> Files.readAllLines(output).contains(line));
    }

    private static void awaitEvent(Machine machine) throws InterruptedException {
        Machine.await("an event", () -> machine.succeed("status").contains("; 1 recorded, 0 "));
    }

    /// The only event, after the program has ended with that status.
    private static String event(Machine machine, Process process, int status)
            throws IOException, InterruptedException {
        assertThat(process.waitFor()).isEqualTo(status);
        machine.succeed("stop");
        List<String> events = machine.succeed("view", trace(machine).toString()).lines().toList();
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void aSignalThatEndsTheProgramIsRecorded(String jdk) throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Process process = begin(machine, "jvm:*", jdk, "signal");
            process.destroy();
            assertThat(event(machine, process, 143))
                    .contains("jvm:exit: ", "\"SIGTERM handler\"", "status = 143");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void aDeadlockIsRecordedOnce(String jdk) throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Process process = begin(machine, "jvm:deadlock", jdk, "deadlock");
            awaitEvent(machine);
            process.getOutputStream().close();
            assertThat(event(machine, process, 0))
                    .contains(
                            "jvm:deadlock: ",
                            "threads = 2",
                            "waits for java.util.concurrent.locks.ReentrantLock$",
                            "waits for java.lang.Object@",
                            "held by ann (",
                            "held by bob (",
                            "at Ending.lambda$deadlock$");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void aThreadThatWaitsForALockIsRecordedWithItsHolder(String jdk)
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Process process = begin(machine, "jvm:hang", jdk, "hang");
            awaitEvent(machine);
            process.getOutputStream().close();
            awaitPrinted(machine, "served");
            assertThat(event(machine, process, 0))
                    .contains(
                            "jvm:hang: ",
                            "thread_name = \"till-2\"",
                            "lock = \"java.lang.Object@",
                            "holder_name = \"main\"",
                            "stack = \"at Ending.lambda$hang$",
                            "holder_stack = \"at java.base/java.io.FileInputStream.")
                    .containsPattern("waited_ms = [5-9][0-9]{3},");
        }
    }
}
