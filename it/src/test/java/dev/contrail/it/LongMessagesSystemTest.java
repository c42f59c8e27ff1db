// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Log messages that fit no ordinary block of a channel's memory.
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class LongMessagesSystemTest {
    private static final List<String> LENGTHS = List.of("10", "200000", "300000", "600000");
    private static final Pattern MESSAGE = Pattern.compile("msg = \"(m+)(… \\(\\d+ [a-z]+\\))?\"");

    @Test
    void areStoredWholeOrCountedAsCut() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path trace = machine.root().resolve("trace");
            machine.succeed("create", "stored", "-o", trace.toString());
            record(machine);
            machine.succeed("stop");
            assertMessages(machine, trace);
        }
    }

    @Test
    void areInSnapshots() throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            machine.succeed("create", "flight", "--snapshot");
            record(machine);
            String said = machine.succeed("snapshot", "record");
            assertThat(said).contains("1 string of ", " was cut to fit");
            assertMessages(machine, Machine.snapshotOf(said));
        }
    }

    /// Records a program's messages, and waits for the account.
    private static void record(Machine machine) throws IOException, InterruptedException {
        machine.succeed("enable-event", "-j", "long");
        machine.succeed("start");
        Path source = machine.root().resolve("Long.java");
        Files.writeString(
                source,
                """
                import java.util.logging.Logger;

                class Long {
                    static final Logger LOGGER = Logger.getLogger("long");

                    public static void main(String[] lengths) {
                        LOGGER.setUseParentHandlers(false);
                        for (String each : lengths) LOGGER.info("m".repeat(Integer.parseInt(each)));
                    }
                }
                """);
        var command =
                new java.util.ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-javaagent:" + Machine.jar("tracer"),
                                source.toString()));
        command.addAll(LENGTHS);
        Machine.Result ended = machine.run(command);
        assertThat(ended.status()).as(ended.err()).isZero();
        Machine.await("the account", () -> isAccounted(machine));
    }

    private static boolean isAccounted(Machine machine) throws IOException {
        try {
            String status = machine.succeed("status");
            return status.contains("4 recorded, 0 overwritten, 0 discarded")
                    && status.contains("1 string of ")
                    && status.contains(" was cut to fit");
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void assertMessages(Machine machine, Path trace)
            throws IOException, InterruptedException {
        List<String> found =
                MESSAGE.matcher(machine.succeed("view", trace.toString()))
                        .results()
                        .map(each ->
                                each.group(2) == null
                                        ? Integer.toString(each.group(1).length())
                                        : each.group(2))
                        .toList();
        assertThat(found).containsExactly("10", "200000", "300000", "… (600000 characters)");
    }
}
