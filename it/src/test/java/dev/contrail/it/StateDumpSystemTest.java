// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// State dumps of JVMs, from the command line to what readers show.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StateDumpSystemTest {
    private static final String RULE = "lttng_ust_statedump:*";

    private static final String PROGRAM =
            """
            import dev.contrail.tracer.Field;
            import dev.contrail.tracer.Provider;
            import dev.contrail.tracer.Tracer;

            public class Serving {
                @Provider("serving")
                public interface Events {
                    void served(@Field("number") long number);
                }

                private static final Events EVENTS = Tracer.bind(Events.class);

                public static void main(String[] arguments) throws Exception {
                    Thread first = new Thread(() -> EVENTS.served(-1), "the first worker");
                    first.start();
                    first.join();
                    for (int i = 0; i < 300_000; i++) {
                        EVENTS.served(i);
                    }
                    Thread last = new Thread(() -> EVENTS.served(-2), "the last worker");
                    last.start();
                    last.join();
                    System.out.println("served");
                    System.in.read();
                    Thread.getAllStackTraces().keySet().stream()
                            .map(Thread::getName)
                            .filter(name -> name.startsWith("JFR"))
                            .forEach(System.out::println);
                }
            }
            """;

    private static List<String> program(Machine machine, String jdk, String... options)
            throws IOException {
        String classPath = Machine.jar("tracer").toString();
        CompiledProgram.compile(
                machine.root(), "Serving", PROGRAM, "--release", "17", "-cp", classPath);
        var command = new ArrayList<String>();
        command.add(Needs.jdk(jdk).resolve("bin/java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", machine.root() + ":" + classPath, "Serving"));
        return command;
    }

    private static void beginInMemory(Machine machine) throws IOException, InterruptedException {
        machine.succeed("sessiond", "--background", "--no-kernel");
        machine.succeed("create", "states", "--snapshot");
        machine.succeed("enable-channel", "-u", "c", "--subbuf-size", "64k", "--num-subbuf", "2");
        machine.succeed("enable-event", "-u", "-c", "c", "serving:*");
        machine.succeed("enable-event", "-u", "-c", "c", RULE);
        machine.succeed("start");
    }

    private static String output(Machine machine) throws IOException {
        Path output = machine.root().resolve("output");
        return Files.exists(output) ? Files.readString(output) : "";
    }

    private static void awaitServed(Machine machine) throws InterruptedException {
        Machine.await("what it has served", () -> output(machine).contains("served"));
    }

    private static List<String> view(Machine machine) throws IOException, InterruptedException {
        return machine.succeed("view").lines().toList();
    }

    private static List<String> of(String event, List<String> lines) {
        return lines.stream().filter(each -> each.contains(" " + event + ": ")).toList();
    }

    private static TreeSet<Integer> numbers(String field, List<String> lines) {
        Pattern pattern = Pattern.compile("\\b" + field + " = (\\d+)");
        var found = new TreeSet<Integer>();
        for (String line : lines) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                found.add(Integer.parseInt(matcher.group(1)));
            }
        }
        return found;
    }

    /// What the buffers have overwritten many times; and `status` starts nothing in the program.
    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void aSnapshotHasItWhateverIsOverwritten(String jdk) throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            beginInMemory(machine);
            Process process = machine.start(program(machine, jdk, "-Xmx64m"));
            awaitServed(machine);
            Predicate<List<String>> isComplete =
                    lines ->
                            of("lttng_ust_statedump:thread", lines).stream()
                                    .anyMatch(each -> each.contains("the last worker"));
            Machine.await(
                    "names of threads",
                    () -> {
                        machine.snapshot();
                        return isComplete.test(view(machine));
                    });
            Machine.Account account = machine.account();
            assertThat(account.discarded()).isZero();
            List<String> lines = view(machine);
            List<String> dumped =
                    lines.stream().filter(each -> each.contains("statedump")).toList();
            assertThat(account.recorded()).isEqualTo(300_002 + dumped.size());
            assertThat(account.recorded()).isEqualTo(account.overwritten() + lines.size());
            assertThat(of("lttng_ust_statedump:start", lines)).hasSize(1);
            assertThat(of("lttng_ust_statedump:procname", lines))
                    .singleElement()
                    .asString()
                    .contains("{ procname = \"Serving\" }");
            assertThat(of("lttng_ust_statedump:process", lines))
                    .singleElement()
                    .asString()
                    .contains("{ vpid = " + process.pid(), "-Xmx64m -cp ");
            assertThat(of("lttng_ust_statedump:jvm", lines)).hasSize(1);
            assertThat(of("lttng_ust_statedump:path", lines))
                    .hasSize(2)
                    .anyMatch(each -> each.contains(Machine.jar("tracer").toString()));
            assertThat(of("lttng_ust_statedump:flag", lines))
                    .anyMatch(each -> each.contains("flag = \"MaxHeapSize\", value = \"67108864\""))
                    .noneMatch(each -> each.contains("value = \"\""));
            assertThat(of("lttng_ust_statedump:end", lines)).hasSize(1);
            TreeSet<Integer> threads = numbers("tid", of("lttng_ust_statedump:thread", lines));
            assertThat(threads).containsAll(numbers("vtid", of("serving:served", lines)));
            assertThat(of("lttng_ust_statedump:thread", lines))
                    .anyMatch(each -> each.contains("thread_name = \"the first worker\""));
            machine.succeed("status");
            process.getOutputStream().close();
            assertThat(process.waitFor()).isZero();
            assertThat(output(machine)).as("what `status` has started").isEqualTo("served\n");
        }
    }

    /// Also over restarts of the daemon and of the session; `-a` does not ask for it.
    @Test
    void aTraceOnDiskHasItOnce() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("trace");
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "states", "-o", trace.toString());
            machine.succeed("enable-channel", "-u", "all");
            machine.succeed("enable-event", "-u", "-c", "all", "-a");
            machine.succeed("enable-channel", "-u", "c");
            machine.succeed("enable-event", "-u", "-c", "c", RULE);
            machine.succeed("start");
            String agent = "-javaagent:" + Machine.jar("tracer") + "=quiet";
            Process process = machine.start(program(machine, "own", agent));
            awaitServed(machine);
            assertThat(machine.succeed("regenerate", "statedump"))
                    .isEqualTo("State dump successfully regenerated for session states\n");
            machine.killDaemon();
            machine.restartDaemon();
            Machine.await(
                    "the program's return", () -> machine.succeed("status").contains("1 recorded"));
            machine.succeed("stop");
            machine.refused(118, "Session not started", "regenerate", "statedump");
            List<String> lines = machine.succeed("view", trace.toString()).lines().toList();
            assertThat(of("serving:served", lines)).hasSize(300_002);
            assertThat(numbers("tid", of("lttng_ust_statedump:thread", lines)))
                    .as("those who began just before the second dump, too")
                    .containsAll(numbers("vtid", of("serving:served", lines)));
            assertThat(of("lttng_ust_statedump:start", lines)).hasSize(2);
            assertThat(of("lttng_ust_statedump:end", lines)).hasSize(2);
            assertThat(of("lttng_ust_statedump:agent", lines))
                    .hasSize(2)
                    .allMatch(each ->
                            each.contains("{ kind = \"javaagent\", agent = ")
                                    && each.contains("=quiet\" }"));
            machine.succeed("start");
            machine.succeed("stop");
            lines = machine.succeed("view", trace.toString()).lines().toList();
            assertThat(of("lttng_ust_statedump:end", lines)).hasSize(2);
            process.getOutputStream().close();
        }
    }

    /// In the words of lttng 2.13.9, which was asked the same; where it says nothing, it ends with
    /// that status.
    @Test
    void whatCannotBeRegeneratedIsRefused() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            beginInMemory(machine);
            machine.refused(1, "No object specified for regenerate command.", "regenerate");
            machine.refused(
                    2,
                    "Unrecognized argument used with 'regenerate' command",
                    "regenerate",
                    "bogus");
            machine.refused(23, "none", "regenerate", "statedump", "-s", "none");
            machine.refused(5, "regenerate metadata is not there yet", "regenerate", "metadata");
            assertThat(machine.succeed("regenerate", "statedump", "-s", "states"))
                    .isEqualTo("State dump successfully regenerated for session states\n");
        }
    }
}
