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

/// The README's commands do what it says, pasted line by line.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ReadmeSystemTest {
    private static final List<String> PROGRAMS = List.of("contrail ", "java ");

    @Test
    void everyCommandOfTheScenarioSucceedsAsItIsWritten() throws IOException, InterruptedException {
        Needs.kernel();
        try (Machine machine = Machine.open()) {
            String script = script("The flight recorder");
            Machine.Result result = machine.run(List.of("bash", "-euc", script));

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out())
                    .contains("Spawning a session daemon")
                    .contains("Snapshot written at: ")
                    .contains("s of history in memory")
                    .contains(" shop:failed: ")
                    .contains(" lttng_jul:event: ")
                    .contains(" sched_switch: ")
                    .contains("destroyed");
        }
    }

    @Test
    void everyCommandForAnyTraceSucceedsAsItIsWritten() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            Path trace = machine.root().resolve("demo");
            machine.succeed("demo", "-o", trace.toString());
            String script = script("Any trace").replace("TRACE", trace.toString());
            Machine.Result result = machine.run(List.of("bash", "-euc", script));

            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out())
                    .contains("  Domain: ust")
                    .contains(" shop:failed: ")
                    .containsPattern("\"event\":\"shop:\\w+\".*\"procname\":\"Shop\".*\"cents\":");
            assertThat(result.err()).isEmpty();
        }
    }

    @Test
    void theDemonstrationShowsTheFailureAndLeavesOnlyTheTrace()
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            String out = machine.succeed("demo", "-o", machine.root().resolve("demo").toString());

            assertThat(out).contains(" shop:failed: ").contains("babeltrace2 ");
            assertThat(machine.runDirectory()).doesNotExist();
        }
    }

    /// The indented lines of a section that run a program, with the words of this checkout for the
    /// ones that stand for it.
    private static String script(String section) throws IOException {
        var script = new StringBuilder();
        boolean isInside = false;
        for (String line : Files.readAllLines(Machine.checkout().resolve("README.md"))) {
            if (line.startsWith("## ")) {
                isInside = line.equals("## " + section);
            } else if (isInside && PROGRAMS.stream().anyMatch(line.strip()::startsWith)) {
                script.append(line.strip()).append('\n');
            }
        }
        Path contrail = Machine.checkout().resolve("contrail");
        String classPath = Machine.jar("samples") + ":" + Machine.jar("tracer");
        return "contrail() { "
                + contrail
                + " \"$@\"; }\n"
                + script.toString()
                        .replace(
                                "-cp samples/target/samples-0.1.0-SNAPSHOT.jar",
                                "-cp " + classPath);
    }
}
