// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who has no descriptor left is told so, and what would help; afterwards all is as before.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DescriptorsSystemTest {
    private static final int DESCRIPTORS = 200;

    /// Takes all descriptors until the file `free` is there, then logs until it is killed.
    private static final String PROGRAM =
            """
            import java.io.*;
            import java.nio.file.*;
            import java.util.*;

            class Full {
                public static void main(String[] files) throws Exception {
                    var log = java.util.logging.Logger.getLogger("full");
                    log.setUseParentHandlers(false);
                    log.info("before");
                    var open = new ArrayList<Closeable>();
                    Files.createFile(Path.of(files[0]));
                    try {
                        while (true) open.add(new FileInputStream("/dev/null"));
                    } catch (IOException full) {
                        Files.move(Path.of(files[0]), Path.of(files[0] + ".full"));
                    }
                    while (!Files.exists(Path.of(files[1]))) Thread.sleep(10);
                    for (Closeable each : open) each.close();
                    while (true) {
                        log.info("after");
                        Thread.sleep(10);
                    }
                }
            }
            """;

    @Test
    void aProgramWithoutDescriptorsIsNamedAndRecordedLater()
            throws IOException, InterruptedException {
        try (Machine machine = Machine.open()) {
            machine.succeed("sessiond", "--background", "--no-kernel");
            Path source = Files.writeString(machine.root().resolve("Full.java"), PROGRAM);
            Path begun = machine.root().resolve("begun");
            Path free = machine.root().resolve("free");
            var command =
                    new ArrayList<>(
                            List.of(
                                    "sh",
                                    "-c",
                                    "ulimit -n " + DESCRIPTORS + "; exec \"$@\"",
                                    "sh"));
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add("-javaagent:" + Machine.jar("tracer"));
            command.addAll(List.of(source.toString(), begun.toString(), free.toString()));
            machine.start(command);
            Machine.await("the last descriptor", () -> Files.exists(Path.of(begun + ".full")));
            machine.succeed("create", "flight", "--snapshot");
            machine.succeed("enable-event", "-j", "full");
            machine.succeed("start");

            Machine.await("the reason", () -> status(machine).contains("oo many open files"));
            assertThat(status(machine))
                    .contains("is not recorded: ", "what helps: allow more open files")
                    .doesNotContain("Mount point not found", "Exception");
            Files.createFile(free);
            Machine.await(
                    "a record",
                    () ->
                            Machine.Account.of("java.util.logging (JUL)", status(machine))
                                            .recorded()
                                    > 0);
            assertThat(status(machine)).doesNotContain("is not recorded");
        }
    }

    private static String status(Machine machine) throws IOException {
        try {
            return machine.succeed("status");
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
