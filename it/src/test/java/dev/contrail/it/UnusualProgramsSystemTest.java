// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Programs that run where, or as, few do: in a tight container, on ten thousand threads, in module
/// layers, in an image of their own, with other programs as their children.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class UnusualProgramsSystemTest {
    private static final Pattern VTID = Pattern.compile("vtid = (-?\\d+)");
    private static final Pattern VPID = Pattern.compile("vpid = (\\d+)");

    private static final String VIRTUAL_THREADS =
            """
            import java.util.concurrent.CountDownLatch;
            import java.util.logging.Logger;

            public class VirtualThreads {
                public static void main(String[] arguments) throws Exception {
                    Logger logger = Logger.getLogger("virtual");
                    logger.setUseParentHandlers(false);
                    Thread[] threads = new Thread[10_000];
                    CountDownLatch allRun = new CountDownLatch(threads.length);
                    for (int i = 0; i < threads.length; i++) {
                        threads[i] = Thread.ofVirtual().start(() -> {
                            logger.info("before");
                            allRun.countDown();
                            try {
                                allRun.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            logger.info("after");
                        });
                    }
                    for (Thread each : threads) {
                        each.join();
                    }
                }
            }
            """;

    /// Each of them waits for all others, so all are there at once.
    @Test
    void recordsTenThousandVirtualThreads() throws Exception {
        try (Machine machine = Machine.open()) {
            List<String> program = compiled(machine, "VirtualThreads", VIRTUAL_THREADS);
            List<String> lines = recorded(machine, program, "-j");
            assertThat(lines).hasSize(20_000);
            assertThat(
                            lines.stream()
                                    .collect(
                                            Collectors.groupingBy(UnusualProgramsSystemTest::vtid)))
                    .hasSize(10_000)
                    .allSatisfy((vtid, own) -> {
                        assertThat(vtid).isNegative();
                        assertThat(own.get(0)).contains("msg = \"before\"");
                        assertThat(own.get(1)).contains("msg = \"after\"");
                        assertThat(own).hasSize(2);
                    });
        }
    }

    private static int vtid(String line) {
        return Integer.parseInt(found(VTID, line));
    }

    private static String found(Pattern pattern, String line) {
        var matcher = pattern.matcher(line);
        assertThat(matcher.find()).as(line).isTrue();
        return matcher.group(1);
    }

    private static final String PARENT =
            """
            import java.io.File;
            import java.util.logging.Logger;

            public class Parent {
                public static void main(String[] arguments) throws Exception {
                    Logger logger = Logger.getLogger("family");
                    logger.setUseParentHandlers(false);
                    if (arguments.length == 1) {
                        logger.info("child");
                        return;
                    }
                    logger.info("parent");
                    String java = System.getProperty("java.home") + "/bin/java";
                    String path = System.getProperty("java.class.path");
                    String script = "ls -l /proc/self/fd && " + java + " -cp " + path + " Parent child";
                    Process shell = new ProcessBuilder("sh", "-c", script + "; exit 9").inheritIO().start();
                    int status = shell.waitFor();
                    logger.info("parent again");
                    System.exit(status);
                }
            }
            """;

    /// The shell has nothing of ours open; a JVM that it starts is one of the command's.
    @Test
    void recordsAProgramThatStartsAShell() throws Exception {
        try (Machine machine = Machine.open()) {
            List<String> program = compiled(machine, "Parent", PARENT);
            Path trace = machine.root().resolve("trace");
            Machine.Result result = record(machine, trace, program, "-j");
            assertThat(result.status()).as(result.err()).isEqualTo(9);
            // Its standard streams, and the directory that is listed.
            assertThat(result.lines().stream().filter(each -> each.contains(" -> "))).hasSize(4);
            List<String> lines = machine.succeed("view", trace.toString()).lines().toList();
            assertThat(lines)
                    .satisfiesExactly(
                            line -> assertThat(line).contains("msg = \"parent\""),
                            line -> assertThat(line).contains("msg = \"child\""),
                            line -> assertThat(line).contains("msg = \"parent again\""));
            List<String> pids = lines.stream().map(each -> found(VPID, each)).toList();
            assertThat(pids.get(2)).isEqualTo(pids.get(0)).isNotEqualTo(pids.get(1));
        }
    }

    private static final String LAYERED =
            """
            package layered;

            import dev.contrail.tracer.Tracer;
            import java.lang.invoke.MethodHandles;

            public class Layered implements Runnable {
                interface Steps {
                    void step(int number, String layer);
                }

                private static final Steps TRACE = Tracer.bind(MethodHandles.lookup(), Steps.class);

                @Override
                public void run() {
                    for (int i = 0; i < 10; i++) {
                        TRACE.step(i, getClass().getModule().getName());
                    }
                    System.getLogger("layered.log").log(System.Logger.Level.INFO, "walked");
                }
            }
            """;

    private static final String LAYERS =
"""
            import java.lang.module.Configuration;
            import java.lang.module.ModuleFinder;
            import java.nio.file.Files;
import java.nio.file.Path;
            import java.util.List;
            import java.util.Set;

            public class Layers {
                public static void main(String[] arguments) throws Exception {
                    ModuleFinder finder = ModuleFinder.of(Path.of(arguments[0]), Path.of(arguments[1]));
                    for (int i = 0; i < 2; i++) {
                        Configuration resolved = ModuleLayer.boot().configuration()
                                .resolve(finder, ModuleFinder.of(), Set.of("layered"));
                        ModuleLayer.Controller made = ModuleLayer.defineModulesWithOneLoader(
                                resolved, List.of(ModuleLayer.boot()), ClassLoader.getSystemClassLoader());
                        Module module = made.layer().findModule("layered").orElseThrow();
                        made.addExports(module, "layered", Layers.class.getModule());
                        Class<?> type = module.getClassLoader().loadClass("layered.Layered");
                        ((Runnable) type.getConstructor().newInstance()).run();
                    }
                }
            }
""";

    /// Two layers, each with a module of the program's and a copy of the tracer, that export
    /// nothing.
    @Test
    void recordsModulesOfLayers() throws Exception {
        try (Machine machine = Machine.open()) {
            List<String> program = compiled(machine, "Layers", LAYERS);
            Path module = machine.root().resolve("layered");
            String tracer = Machine.jar("tracer").toString();
            String declared = "module layered { requires dev.contrail.tracer; }";
            CompiledProgram.compile(module, "module-info", declared, "--module-path", tracer);
            CompiledProgram.compile(
                    module, "Layered", LAYERED, "--module-path", tracer, "-parameters");
            program.addAll(List.of(module.toString(), tracer));
            List<String> lines = recorded(machine, program, "-j", "-u", "steps:*");
            assertThat(lines.stream().filter(each -> each.contains("layer = \"layered\"")))
                    .hasSize(20);
            assertThat(lines.stream().filter(each -> each.contains("msg = \"walked\""))).hasSize(2);
        }
    }

    /// An image with nothing but what the program and an agent need.
    @Test
    void recordsAnImageOfJlink() throws Exception {
        try (Machine machine = Machine.open()) {
            List<String> program = compiled(machine, "Parent", PARENT);
            Path image = machine.root().resolve("image");
            Machine.Result made =
                    machine.run(
                            List.of(
                                    System.getProperty("java.home") + "/bin/jlink",
                                    "--add-modules",
                                    "java.logging,java.instrument",
                                    "--output",
                                    image.toString()));
            assertThat(made.status()).as(made.err()).isZero();
            program.set(0, image.resolve("bin/java").toString());
            program.add("child");
            assertThat(recorded(machine, program, "-j"))
                    .singleElement()
                    .asString()
                    .contains("msg = \"child\"");
        }
    }

    /// What a container is to a program: its own 64 MiB of shared memory, and a root that nobody
    /// may write, with one directory that they may.
    private static final String CONTAINER =
            """
            set -e
            mount --make-rprivate /
            mount --bind "$LTTNG_HOME/.." "$LTTNG_HOME/.."
            mount -t tmpfs -o size=64m none /dev/shm
            mount -o remount,bind,ro /
            exec "$@"
            """;

    @Test
    void recordsInAContainerOfLittleMemoryAndAReadOnlyRoot() throws Exception {
        Needs.root();
        var container = List.of("unshare", "--mount", "sh", "-c", CONTAINER, "sh");
        try (Machine machine = Machine.openBehind(container)) {
            Path counts = Counter.prepare(machine, 4);
            Path trace = machine.root().resolve("trace");
            List<String> program = Counter.command(machine, counts, 4, 50_000, 0);
            Machine.Result result = record(machine, trace, program, "-u", "count:*", "-j");
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out()).isEqualTo("RUNNING\nDONE\n");
            Ticks ticks = Ticks.read(machine, trace);
            assertThat(ticks.stored() + ticks.told()).isEqualTo(200_000);
        }
    }

    private static final String DIVER =
            """
            import dev.contrail.tracer.*;

            public class Diver {
                @Provider("deep")
                public interface Deep {
                    void level(@Field("number") long number, @Field("text") String text);
                }

                static final Deep DEEP = Tracer.bind(Deep.class);
                static long begun;
                static long done;

                static void dive() {
                    begun++;
                    DEEP.level(begun, "a");
                    done++;
                    dive();
                }

                public static void main(String[] arguments) throws Exception {
                    for (int i = 0; i < 30; i++) {
                        try {
                            dive();
                        } catch (StackOverflowError e) {
                            // on we go
                        }
                    }
                    DEEP.level(++begun, "b");
                    done++;
                    System.out.println(done + " " + begun);
                    System.out.flush();
                    String own = Long.toString(ProcessHandle.current().pid());
                    new ProcessBuilder("kill", "-9", own).start().waitFor();
                }
            }
            """;

    /// What fails where nothing can be called is counted with the next event.
    @Test
    void countsWhatFailedAtTheEndOfTheStackAlsoWhenKilledThen() throws Exception {
        try (Machine machine = Machine.open()) {
            Path classes = machine.root().resolve("classes");
            CompiledProgram.compile(
                    classes, "Diver", DIVER, "-cp", Machine.jar("tracer").toString());
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "deep", "-o", machine.root().resolve("trace").toString());
            machine.succeed("enable-event", "-u", "deep:*");
            machine.succeed("start");
            Machine.Result result =
                    machine.run(
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-javaagent:" + Machine.jar("tracer"),
                                    "-cp",
                                    classes.toString(),
                                    "Diver"));
            String[] counts = result.out().strip().split(" ");
            machine.succeed("stop");
            Machine.Account account = machine.account();
            assertThat(account.recorded() + account.discarded())
                    .isBetween(Long.parseLong(counts[0]), Long.parseLong(counts[1]));
        }
    }

    /// It goes on as without us, and one line says why there is no trace.
    @Test
    void saysThatASecurityManagerIsInTheWay() throws Exception {
        try (Machine machine = Machine.open()) {
            Path file = Counter.prepare(machine, 1);
            Path policy = machine.root().resolve("policy");
            Files.writeString(
                    policy,
                    "grant { permission java.io.FilePermission \"%s\", \"read,write\"; };"
                            .formatted(file));
            List<String> command = new ArrayList<>(Counter.command(machine, file, 1, 2_000, 0));
            command.set(0, Needs.jdk("17").resolve("bin/java").toString());
            command.set(1, "-Djava.security.manager"); // in place of the agent
            command.add(2, "-Djava.security.policy=" + policy);
            Machine.Result result = machine.run(command);
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(Counter.emitted(file, 1)).containsExactly(2_000);
            assertThat(result.err().lines().filter(line -> line.startsWith("contrail: ")))
                    .singleElement()
                    .asString()
                    .contains("tracing is off, the program's security manager", "access denied");
        }
    }

    /// The words that run a program of one class.
    private static List<String> compiled(Machine machine, String name, String source)
            throws IOException {
        Path classes = machine.root().resolve("classes");
        CompiledProgram.compile(classes, name, source);
        String java = System.getProperty("java.home") + "/bin/java";
        return new ArrayList<>(List.of(java, "-cp", classes.toString(), name));
    }

    /// Records a program that ends well.
    ///
    /// @return the lines of its trace
    private static List<String> recorded(Machine machine, List<String> program, String... options)
            throws Exception {
        Path trace = machine.root().resolve("trace");
        Machine.Result result = record(machine, trace, program, options);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err()).contains(" 0 lost").doesNotContain("contrail: ", "Warning");
        return machine.succeed("view", trace.toString()).lines().toList();
    }

    private static Machine.Result record(
            Machine machine, Path trace, List<String> program, String... options) throws Exception {
        var words = new ArrayList<>(List.of("record", "-o", trace.toString()));
        words.addAll(List.of(options));
        words.add("--");
        words.addAll(program);
        return machine.contrail(words.toArray(String[]::new));
    }
}
