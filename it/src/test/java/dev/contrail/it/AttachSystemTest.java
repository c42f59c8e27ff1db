// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The tracer gets into JVMs that run, and nobody but the one who asked for it notices.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class AttachSystemTest {
    /// Logs and prints numbers until its standard input ends.
    private static final String PROGRAM =
            """
            import java.util.logging.Logger;

            public class LongRunning {
                public static void main(String[] arguments) throws Exception {
                    Logger logger = Logger.getLogger("long.running");
                    logger.setUseParentHandlers(false);
                    logger.addHandler(new java.util.logging.ConsoleHandler() {
                        @Override
                        public void publish(java.util.logging.LogRecord record) {
                            System.out.println(record.getMessage());
                        }
                    });
                    for (int i = 0; System.in.available() == 0; i++) {
                        logger.info("tick " + i);
                        Thread.sleep(5);
                    }
                }
            }
            """;

    private Machine machine;
    private Path classes;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        machine = Machine.open();
        classes = machine.root().resolve("classes");
        CompiledProgram.compile(classes, "LongRunning", PROGRAM, "--release", "17");
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        started.forEach(Process::destroyForcibly);
        machine.close();
    }

    private Process program(Path jdk, String... options) throws IOException {
        var command = new ArrayList<String>();
        command.add(jdk.resolve("bin/java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classes.toString(), "LongRunning"));
        var builder = new ProcessBuilder(command).redirectOutput(out().toFile());
        builder.redirectError(machine.root().resolve("errors").toFile());
        builder.environment().put("LTTNG_RUNDIR", machine.runDirectory().toString());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Path out() {
        return machine.root().resolve("printed");
    }

    private void awaitPrinted() throws InterruptedException {
        Machine.await("its first lines", () -> Files.readString(out()).contains("tick 3\n"));
    }

    /// As if nobody had been there.
    private void assertUnharmed(Process program) throws IOException, InterruptedException {
        assertThat(program.isAlive()).isTrue();
        program.getOutputStream().write('\n');
        program.getOutputStream().close();
        assertThat(program.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(program.exitValue()).isZero();
        List<String> printed = Files.readAllLines(out());
        for (int i = 0; i < printed.size(); i++) {
            assertThat(printed.get(i)).isEqualTo("tick " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "own"})
    void aJvmThatIsAttachedIsRecorded(String jdk) throws IOException, InterruptedException {
        Path home = Needs.jdk(jdk);
        Process program = program(home, "-XX:+UseSerialGC");
        awaitPrinted();
        String pid = Long.toString(program.pid());
        machine.succeed("sessiond", "--background", "--no-kernel");
        assertThat(machine.succeed("list", "-u"))
                .containsPattern(
                        "JVMs without the tracer.*\\R(.*\\R)*?      " + pid + " LongRunning\\R");
        machine.succeed("create", "attached");
        machine.succeed("enable-event", "-j", "-a");
        machine.succeed("start");
        assertThat(machine.succeed("attach", pid))
                .isEqualTo("LongRunning (process %s) is attached\n".formatted(pid));
        String warned = Files.readString(machine.root().resolve("errors"));
        assertThat(machine.succeed("attach", "LongRunning"))
                .isEqualTo("LongRunning (process %s) was attached already\n".formatted(pid));
        assertThat(machine.root().resolve("errors")).as("no warning again").hasContent(warned);
        assertThat(machine.succeed("list", "-u"))
                .containsPattern(
                        "JVMs with the tracer:\\R(.*\\R)*?      "
                                + pid
                                + " LongRunning \\(ring: [0-9]+\\.[0-9] MiB\\)\\R");
        long from = Files.readAllLines(out()).size();
        Machine.await("ten more lines", () -> Files.readAllLines(out()).size() > from + 10);
        machine.succeed("stop");
        assertNumbered(machine.succeed("view"), 10);
        machine.succeed("destroy");

        assertUnharmed(program);
        assertThat(Files.readString(machine.root().resolve("errors")).lines())
                .allMatch(line -> line.startsWith("WARNING: "));
    }

    /// Each tick is there, once, from the first one to the last.
    private static void assertNumbered(String view, int least) {
        List<Long> numbers =
                view.lines()
                        .map(line -> line.replaceAll(".*msg = \"tick (\\d+)\".*", "$1"))
                        .map(Long::valueOf)
                        .toList();
        assertThat(numbers).hasSizeGreaterThan(least);
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).isEqualTo(numbers.getFirst() + i);
        }
    }

    @Test
    void recordTakesAJvmThatRuns() throws IOException, InterruptedException {
        Process program = program(Needs.jdk("own"), "-XX:+EnableDynamicAgentLoading");
        awaitPrinted();
        for (int i = 0; i < 2; i++) { // also one that has the tracer
            Path trace = machine.root().resolve("trace" + i);
            Machine.Result said =
                    machine.contrail(
                            "record",
                            "-p",
                            Long.toString(program.pid()),
                            "-j",
                            "--duration",
                            "300ms",
                            "-o",
                            trace.toString());
            assertThat(said.status()).as(said.err()).isZero();
            assertThat(said.err())
                    .contains("Recording LongRunning (process ", "Show it: contrail view ");
            assertNumbered(machine.succeed("view", trace.toString()), 5);
        }
        assertUnharmed(program);
        assertThat(machine.root().resolve("errors")).isEmptyFile();
    }

    /// The recording ends with the JVM.
    @Test
    void recordEndsWithTheJvm() throws IOException, InterruptedException {
        Process program = program(Needs.jdk("own"));
        awaitPrinted();
        Path trace = machine.root().resolve("trace");
        Process record =
                machine.start(
                        List.of(
                                Machine.checkout().resolve("contrail").toString(),
                                "record",
                                "-p",
                                Long.toString(program.pid()),
                                "-j",
                                "-o",
                                trace.toString()));
        Machine.await(
                "the recording",
                () ->
                        Files.readString(machine.root().resolve("output"))
                                .contains("Recording LongRunning"));
        long from = Files.readAllLines(out()).size();
        Machine.await("ten more lines", () -> Files.readAllLines(out()).size() > from + 10);
        program.destroyForcibly().waitFor();
        assertThat(record.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(record.exitValue()).isZero();
        String view = machine.succeed("view", trace.toString());
        assertNumbered(view, 10);
        List<String> printed = Files.readAllLines(out());
        assertThat(view.strip()).contains("\"" + printed.getLast() + "\"");
    }

    @Test
    void whoCannotBeAttachedIsToldWhy() throws IOException, InterruptedException {
        Process program = program(Needs.jdk("own"), "-XX:+DisableAttachMechanism");
        awaitPrinted();
        String pid = Long.toString(program.pid());
        Machine.Result said = machine.contrail("attach", pid);
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err())
                .contains(
                        "Error: Cannot attach to LongRunning (process %s): it was started with -XX:+DisableAttachMechanism: start it with -javaagent:"
                                .formatted(pid));
        assertThat(machine.contrail("attach", "1").err()).contains("Error: Process 1 is no JVM");
        assertThat(machine.contrail("attach", "LongRunnin").err())
                .contains("Error: No JVM is named LongRunnin (LongRunning is one)");
        assertUnharmed(program);
        assertThat(machine.root().resolve("errors")).isEmptyFile();
    }

    @Test
    void whoFindsNoSessionDaemonIsNamed() throws IOException, InterruptedException {
        Process program = program(Needs.jdk("own"));
        awaitPrinted();
        String pid = Long.toString(program.pid());
        Machine.Result said = machine.contrail("attach", pid);
        assertThat(said.out()).contains("LongRunning (process %s) is attached".formatted(pid));
        assertThat(said.err())
                .contains(
                        "LongRunning (process %s): no session daemon listens at %s: it is recorded once one does"
                                .formatted(pid, machine.runDirectory().resolve("apps.sock")));
        machine.succeed("sessiond", "--background", "--no-kernel");
        assertThat(machine.contrail("attach", pid).err()).doesNotContain("session daemon");
        assertUnharmed(program);
    }

    @Test
    void anotherUsersJvmIsNotTouched() throws IOException, InterruptedException {
        Needs.root();
        Process program = program(Needs.jdk("own"));
        awaitPrinted();
        try (Machine nobody = Machine.openAsNobody()) {
            Machine.Result said = nobody.contrail("attach", Long.toString(program.pid()));
            assertThat(said.status()).isEqualTo(1);
            assertThat(said.err()).contains("it is of user 0: run this as that user, or as root");
        }
        assertUnharmed(program);
    }
}
