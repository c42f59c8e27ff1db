// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `record -- COMMAND…`: the command's status and streams are its own, its trace is whole.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class RecordSystemTest {
    private static final String COUNTING = "dev.contrail.samples.count.Counting";

    @ParameterizedTest
    @CsvSource({
        "exit 0, 0",
        "exit 7, 7",
        "kill -TERM $$, 143",
        "kill -KILL $$, 137",
    })
    void endsAsTheCommandDoes(String script, int status) throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Machine.Result result = record(machine, "-u", "count:*", "--", "sh", "-c", script);

            assertThat(result.status()).as(result.err()).isEqualTo(status);
            assertThat(result.err())
                    .contains("Trace: none: nothing was recorded", "no JVM was seen");
            assertThat(machine.root().resolve("home/lttng-traces")).isEmptyDirectory();
        }
    }

    @Test
    void saysWhatGoesOnAfterTheCommandHasEnded() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Machine.Result said =
                    machine.contrail(
                            "record",
                            "-u",
                            "no:such",
                            "--",
                            "sh",
                            "-c",
                            "sleep 1000 </dev/null >/dev/null 2>&1 & echo $!");
            long pid = Long.parseLong(said.out().strip());
            ProcessHandle.of(pid).orElseThrow().destroy();

            assertThat(said.status()).as(said.err()).isZero();
            assertThat(said.err())
                    .contains(
                            "A process that the command has started goes on and is no longer"
                                    + " recorded: sleep ("
                                    + pid
                                    + ")");
        }
    }

    @Test
    void givesRecordingsOfOneSecondADirectoryEach() throws Exception {
        try (Machine machine = Machine.open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Machine.Result>>();
            List<String> command = words("-u", "count:*", "--", java());
            command.addAll(counting(Counter.prepare(machine, 1), 5));
            for (int i = 0; i < 3; i++) {
                running.add(threads.submit(() -> machine.run(command)));
            }
            var traces = new ArrayList<String>();
            for (Future<Machine.Result> each : running) {
                assertThat(each.get().status()).as(each.get().err()).isZero();
                traces.add(
                        each.get()
                                .err()
                                .lines()
                                .filter(line -> line.startsWith("Trace: "))
                                .findFirst()
                                .orElseThrow());
            }
            assertThat(traces).doesNotHaveDuplicates();
        }
    }

    @Test
    void reportsWhatAFullDiskHasCost() throws IOException, InterruptedException {
        Needs.root();
        try (Machine machine = Machine.open()) {
            Path small = machine.smallDisk("small", 96);
            Machine.Result result =
                    recordCounting(machine, small.resolve("trace"), 60_000, List.of());

            assertThat(result.status()).as(result.err()).isEqualTo(1);
            assertThat(result.err()).contains("No space left on device", "could not be written");
            Matcher account =
                    Pattern.compile("User space: ([\\d,]+) events recorded, ([\\d,]+) lost")
                            .matcher(result.err());
            assertThat(account.find()).isTrue();
            long recorded = Long.parseLong(account.group(1).replace(",", ""));
            long lost = Long.parseLong(account.group(2).replace(",", ""));
            assertThat(lost).isPositive();
            assertThat(recorded + lost).isEqualTo(60_000);
        }
    }

    @Test
    void saysThatThereIsNoSuchCommandAsAShellDoes() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Machine.Result unknown = record(machine, "-u", "count:*", "--", "no-such-command");
            assertThat(unknown.status()).isEqualTo(127);
            assertThat(unknown.err()).contains("no-such-command");

            Path text = Files.writeString(machine.root().resolve("text"), "no program");
            Machine.Result notOne = record(machine, "-u", "count:*", "--", text.toString());
            assertThat(notOne.status()).isEqualTo(126);
            assertThat(notOne.err()).contains(text.toString());
            assertThat(machine.home().resolve("lttng-traces")).doesNotExist();
        }
    }

    @Test
    void leavesTheCommandsOutputAlone() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Machine.Result result =
                    record(machine, "-u", "count:*", "--", "sh", "-c", "echo out; echo err >&2");

            assertThat(result.out()).isEqualTo("out\n");
            assertThat(result.err()).startsWith("err\n");
        }
    }

    @Test
    void recordsAShortProgramFromItsFirstEvent() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            for (int i = 0; i < 10; i++) {
                Path trace = machine.root().resolve("trace-" + i);
                Machine.Result result = recordCounting(machine, trace, 3, List.of());

                assertThat(result.status()).as(result.err()).isZero();
                assertThat(result.err())
                        .contains("User space: 3 events recorded, 0 lost")
                        .doesNotContain("Warning")
                        .doesNotContain("Cannot");
                Ticks.read(machine, trace).assertAllUpTo(new long[] {3});
            }
        }
    }

    @Test
    void keepsTheOptionsThatJvmsAlreadyGet() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.environment().put("JAVA_TOOL_OPTIONS", "-Dof.the.user=kept");
            Path trace = machine.root().resolve("trace");
            Machine.Result result = recordCounting(machine, trace, 5, List.of("-j"));

            assertThat(result.err())
                    .contains("Picked up JAVA_TOOL_OPTIONS: -Dof.the.user=kept -javaagent:");
            assertThat(Ticks.read(machine, trace).stored()).isEqualTo(5);
        }
    }

    @Test
    void givesJvmsNoAgentForTracepoints() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            Machine.Result result = recordCounting(machine, trace, 5, List.of());

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.err()).doesNotContain("JAVA_TOOL_OPTIONS");
            assertThat(Ticks.read(machine, trace).stored()).isEqualTo(5);
        }
    }

    /// An agent would keep it from starting.
    @Test
    void recordsAnImageWithoutAgents() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            String java = imageWithoutAgents(machine);
            List<String> counting = counting(Counter.prepare(machine, 1), 5);
            Path trace = machine.root().resolve("trace");
            var direct = words("-u", "count:*", "-j", "-o", trace.toString(), "--", java);
            direct.addAll(counting);
            Machine.Result result = machine.run(direct);

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.err())
                    .contains("Recorded without java.util.logging")
                    .contains("has no module java.instrument");
            assertThat(Ticks.read(machine, trace).stored()).isEqualTo(5);
        }
    }

    @Test
    void saysWhatHelpsAnImageWithoutAgentsThatAScriptRuns()
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            String java = imageWithoutAgents(machine);
            String hint = "record it with -u, which needs no agent";
            List<String> counting = counting(Counter.prepare(machine, 1), 5);
            String script = java + " " + String.join(" ", counting);
            Machine.Result refused = record(machine, "-j", "--", "sh", "-c", script);
            assertThat(refused.status()).as(refused.err()).isEqualTo(1);
            assertThat(refused.err()).contains("java.instrument", hint);

            Path trace = machine.root().resolve("trace");
            Machine.Result result =
                    record(
                            machine,
                            "-u",
                            "count:*",
                            "-o",
                            trace.toString(),
                            "--",
                            "sh",
                            "-c",
                            script);
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.err()).doesNotContain(hint);
            assertThat(Ticks.read(machine, trace).stored()).isEqualTo(5);
        }
    }

    private static String imageWithoutAgents(Machine machine)
            throws IOException, InterruptedException {
        Path image = machine.root().resolve("image");
        String jlink = System.getProperty("java.home") + "/bin/jlink";
        Machine.Result made =
                machine.run(
                        List.of(jlink, "--add-modules", "java.base", "--output", image.toString()));
        assertThat(made.status()).as(made.err()).isZero();
        return image.resolve("bin/java").toString();
    }

    @Test
    void writesASnapshotAtTheEnd() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            Machine.Result result = recordCounting(machine, trace, 5, List.of("--snapshot"));

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(Ticks.read(machine, trace).stored()).isEqualTo(5);
        }
    }

    @Test
    void leavesTheTraceThatViewShowsWithoutAnArgument() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            assertThat(machine.contrail("view").err()).contains("no session and no trace yet");
            Path first = machine.root().resolve("first");
            recordCounting(machine, first, 3, List.of());
            assertShows(machine, first, 3);

            Path memory = machine.root().resolve("memory");
            recordCounting(machine, memory, 4, List.of("--snapshot"));
            assertShows(machine, memory, 4);

            // A session that was created and destroyed without a record takes nobody's place.
            machine.succeed("create", "idle");
            machine.succeed("destroy", "idle");
            assertShows(machine, memory, 4);
        }
    }

    private static void assertShows(Machine machine, Path trace, int events)
            throws IOException, InterruptedException {
        Machine.Result shown = machine.contrail("view");
        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out().lines()).hasSize(events);
        assertThat(shown.err()).startsWith("Trace: " + trace);
    }

    @Test
    void recordsTheKernelEventsOfTheCommandAndItsChildrenOnly()
            throws IOException, InterruptedException {
        Needs.kernel();
        try (Machine machine = Machine.open()) {
            machine.start(List.of("sh", "-c", OTHER));
            String own = executed(machine, "own");
            String all = executed(machine, "all", "--system-wide");

            assertThat(own).contains("/usr/bin/id").doesNotContain("/usr/bin/env");
            assertThat(all).contains("/usr/bin/id").contains("/usr/bin/env");
        }
    }

    @Test
    void removesTheInstanceOfARecordThatWasKilled() throws IOException, InterruptedException {
        Needs.kernel();
        try (Machine machine = Machine.open()) {
            Set<String> before = Instances.all();
            var command =
                    words("-k", "sched_process_exec", "--", "sh", "-c", ": >began; sleep 300");
            Process killed = machine.start(command);
            Machine.await("the command", () -> Files.exists(machine.home().resolve("began")));
            Set<String> made = Instances.all();
            made.removeAll(before);
            assertThat(made).anyMatch(name -> name.endsWith(".private"));
            killed.descendants().forEach(ProcessHandle::destroyForcibly);
            killed.destroyForcibly().waitFor();
            record(machine, "-k", "sched_process_exec", "--", "true");

            assertThat(Instances.all()).doesNotContainAnyElementsOf(made);
        }
    }

    /// Executes `env` each time that it is asked to.
    private static final String OTHER =
            "while :; do if [ -e asked ]; then rm asked; /usr/bin/env; : >answered; fi;"
                    + " sleep 0.05; done";

    /// Executes `id`, and lets the other program execute `env` meanwhile.
    private static final String COMMAND =
            ": >asked; until [ -e answered ]; do sleep 0.05; done; rm answered;"
                    + " sh -c 'sh -c /usr/bin/id'; exit 0";

    /// What is executed while the command runs, by its own processes and others.
    private static String executed(Machine machine, String name, String... options)
            throws IOException, InterruptedException {
        Path trace = machine.root().resolve(name);
        var command = words("-k", "sched_process_exec", "-o", trace.toString());
        command.addAll(List.of(options));
        command.addAll(List.of("--", "sh", "-c", COMMAND));
        Machine.Result recorded = machine.run(command);
        assertThat(recorded.status()).as(recorded.err()).isZero();
        return machine.succeed("view", trace.toString());
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void leavesAWholeTraceAtCtrlC(boolean isForAll) throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            Path counts = Counter.prepare(machine, 1);
            var command = words("-u", "count:*", "-o", trace.toString(), "--", java());
            command.addAll(counting(counts, 0));
            // A process group of its own, as a shell makes for a job; a test that runs in the
            // background would hand on that Ctrl-C is ignored.
            command.addAll(0, List.of("env", "--default-signal=INT", "setsid"));
            Process running = machine.start(command);
            Machine.await("1,000 events", () -> Counter.emitted(counts, 1)[0] >= 1_000);
            String target = (isForAll ? "-" : "") + running.pid();
            assertThat(machine.run(List.of("kill", "-INT", "--", target)).status()).isZero();
            Machine.await("the end of record", () -> !running.isAlive());

            assertThat(running.exitValue()).isEqualTo(130);
            Ticks ticks = Ticks.read(machine, trace);
            long emitted = Counter.emitted(counts, 1)[0];
            // The last one may have been emitted and not counted when the signal came.
            assertThat(ticks.stored() + ticks.told()).isBetween(emitted, emitted + 1);
        }
    }

    /// As a script's job in the background: the shell has it ignore SIGINT.
    @ParameterizedTest
    @CsvSource({"TERM, 143", "HUP, 129"})
    void passesOnTheSignalThatItGets(String signal, int status)
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path source = Files.writeString(machine.root().resolve("Hooked.java"), HOOKED);
            Path trace = machine.root().resolve("trace");
            Path hook = machine.root().resolve("hook");
            Path counts = Counter.prepare(machine, 1);
            var command = words("-u", "count:*", "-o", trace.toString(), "--", java());
            command.add("-Dhook=" + hook);
            command.addAll(counting(counts, 0));
            command.set(command.indexOf(COUNTING), source.toString());
            command.addAll(0, List.of("env", "--ignore-signal=INT", "--default-signal=" + signal));
            Process running = machine.start(command);
            Machine.await("1,000 events", () -> Counter.emitted(counts, 1)[0] >= 1_000);
            String pid = Long.toString(running.pid());
            assertThat(machine.run(List.of("kill", "-" + signal, pid)).status()).isZero();
            Machine.await("the end of record", () -> !running.isAlive());

            assertThat(hook).hasContent("has run");
            assertThat(running.exitValue()).isEqualTo(status);
            Ticks ticks = Ticks.read(machine, trace);
            long emitted = Counter.emitted(counts, 1)[0];
            assertThat(ticks.stored() + ticks.told()).isBetween(emitted, emitted + 1);
        }
    }

    private static final String HOOKED =
            """
            import java.nio.file.*;
            class Hooked {
                public static void main(String[] arguments) throws Exception {
                    Runtime.getRuntime().addShutdownHook(new Thread(Hooked::leave));
                    dev.contrail.samples.count.Counting.main(arguments);
                }
                static void leave() {
                    try {
                        Files.writeString(Path.of(System.getProperty("hook")), "has run");
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
            }
            """;

    @Test
    void showsALiveLineOnATerminalAtRequest() throws IOException, InterruptedException {
        Needs.tool("script");
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            Path done = machine.root().resolve("done");
            Path seen = machine.root().resolve("seen");
            // The command goes on until its line was shown.
            String line =
                    "%s record --progress -u 'count:*' -o %s -- sh -c 'until [ -e %s ]; do sleep 0.05; done'"
                            .formatted(Machine.checkout().resolve("contrail"), trace, done);
            Process terminal = machine.start(List.of("script", "-qefc", line, seen.toString()));
            Machine.await(
                    "a live line",
                    () ->
                            Files.exists(seen)
                                    && Files.readString(seen).contains("\r\033[K0 events, "));
            Files.createFile(done);
            assertThat(terminal.waitFor()).isZero();
            assertThat(Files.readString(seen)).contains(" KiB, 0 lost\r\033[K");

            assertThat(record(machine, "--progress", "-u", "count:*", "--", "true").err())
                    .doesNotContain("\r")
                    .doesNotContain("\033");
        }
    }

    @Test
    void leavesTheTerminalToTheCommandWhileItRuns() throws IOException, InterruptedException {
        Needs.tool("script");
        try (Machine machine = Machine.open()) {
            Path seen = machine.root().resolve("seen");
            // Longer than a live line would need; not as root, the kernel is missed too.
            String line =
                    "%s record -- sh -c 'echo first; sleep 1.5; echo last'"
                            .formatted(Machine.checkout().resolve("contrail"));
            Process terminal =
                    machine.start(List.of("script", "-qec", line, "-O", seen.toString()));
            assertThat(terminal.waitFor()).isZero();

            assertThat(Files.readString(seen).replace("\r", ""))
                    .doesNotContain("\033")
                    .containsPattern("(?s)^(Script started[^\n]*\n)?first\nlast\n.*Trace: ");
        }
    }

    @Test
    void saysWhatWasMeantWhereAPatternMatchesNothing() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            var command = words("-u", "conut:*", "--", java());
            command.addAll(counting(Counter.prepare(machine, 1), 5));
            Machine.Result result = machine.run(command);

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.err())
                    .contains(
                            "Trace: none",
                            "`conut:*` matched nothing (did you mean `count:*`?); seen: count:");
        }
    }

    @Test
    void removesTheDirectoryOfARecordThatWasKilled() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            String script = "echo $LTTNG_RUNDIR >%1$s.new; mv %1$s.new %1$s; exec sleep 300";
            Process killed =
                    machine.start(
                            words("-u", "count:*", "--", "sh", "-c", script.formatted("killed")));
            Process running =
                    machine.start(
                            words("-u", "count:*", "--", "sh", "-c", script.formatted("running")));
            Path left = directory(machine, "killed");
            Path used = directory(machine, "running");
            killed.descendants().forEach(ProcessHandle::destroyForcibly);
            killed.destroyForcibly().waitFor();
            assertThat(left).isDirectory();
            record(machine, "-u", "count:*", "--", "true");

            assertThat(left).doesNotExist();
            assertThat(used).isDirectory();
            running.destroy();
            running.waitFor();
            assertThat(used).doesNotExist();
        }
    }

    private static Path directory(Machine machine, String name)
            throws IOException, InterruptedException {
        Path file = machine.home().resolve(name);
        Machine.await("the command", () -> Files.exists(file));
        return Path.of(Files.readString(file).strip());
    }

    private static Machine.Result record(Machine machine, String... words)
            throws IOException, InterruptedException {
        return machine.run(words(words));
    }

    private static List<String> words(String... words) {
        var command = new ArrayList<String>();
        command.add(Machine.checkout().resolve("contrail").toString());
        command.add("record");
        command.addAll(List.of(words));
        return command;
    }

    private static Machine.Result recordCounting(
            Machine machine, Path trace, long events, List<String> options)
            throws IOException, InterruptedException {
        List<String> command = words("-u", "count:*", "-o", trace.toString());
        command.addAll(options);
        command.addAll(List.of("--", java()));
        command.addAll(counting(Counter.prepare(machine, 1), events));
        return machine.run(command);
    }

    private static String java() {
        return System.getProperty("java.home") + "/bin/java";
    }

    private static List<String> counting(Path counts, long events) {
        return List.of(
                "-cp",
                Machine.jar("samples") + ":" + Machine.jar("tracer"),
                COUNTING,
                counts.toString(),
                "1",
                Long.toString(events),
                events == 0 ? "100000" : "0");
    }
}
