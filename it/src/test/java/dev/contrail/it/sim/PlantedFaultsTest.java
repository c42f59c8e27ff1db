// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whether the simulation finds faults: some are planted, one at a time.
class PlantedFaultsTest {
    /// In which one must show.
    private static final int MOST_WORLDS = 600;

    private static final Path ROOMS = Path.of("..").toAbsolutePath().normalize();

    @TempDir private Path directory;

    @Test
    void standInTheSources() throws IOException {
        for (PlantedFault each : PlantedFault.ALL) {
            assertThat(planted(each)).as(each.name()).isNotEmpty();
        }
    }

    @Test
    @Tag("long")
    @Timeout(36_000)
    void areFound() throws IOException, InterruptedException {
        List<String> missed = new ArrayList<>();
        for (PlantedFault each : PlantedFault.ALL) {
            if (!isFound(each)) {
                missed.add(each.name());
            }
        }
        assertThat(missed).hasSizeLessThanOrEqualTo(PlantedFault.ALL.size() / 20);
    }

    private static String planted(PlantedFault fault) throws IOException {
        String source = Files.readString(source(fault));
        int at = source.indexOf(fault.before());
        assertThat(at).as(fault.name()).isNotNegative();
        assertThat(source.indexOf(fault.before(), at + 1)).as(fault.name()).isNegative();
        return source.substring(0, at)
                + fault.after()
                + source.substring(at + fault.before().length());
    }

    private static Path source(PlantedFault fault) {
        return ROOMS.resolve(fault.room())
                .resolve("src/main/java/dev/contrail")
                .resolve(fault.file());
    }

    private boolean isFound(PlantedFault fault) throws IOException, InterruptedException {
        Path classes = Files.createTempDirectory(directory, "classes");
        Path file = classes.resolve(source(fault).getFileName().toString());
        Files.writeString(file, planted(fault));
        String classPath = System.getProperty("java.class.path");
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-nowarn",
                                "-proc:none",
                                "-d",
                                classes.toString(),
                                "-cp",
                                classPath,
                                file.toString());
        assertThat(status).as(fault.name()).isZero();
        Path log = classes.resolve("log");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Djdk.trackAllThreads=false",
                                "-cp",
                                classes + File.pathSeparator + classPath,
                                SimulationMain.class.getName(),
                                "1",
                                Integer.toString(MOST_WORLDS),
                                "until-failure")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!process.waitFor(30, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        boolean isFound = process.exitValue() == SimulationMain.FAILED;
        System.out.println((isFound ? "found: " : "missed: ") + fault.name());
        Files.readAllLines(log).stream().limit(3).forEach(System.out::println);
        return isFound;
    }
}
