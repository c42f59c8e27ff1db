// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads traces with babeltrace2.
final class InstalledBabeltrace {
    private static final Pattern DISCARDED = Pattern.compile("Tracer discarded (\\d+) event");

    private InstalledBabeltrace() {}

    /// How many lost events it tells of.
    static long discarded(Path trace) throws Exception {
        long discarded = 0;
        for (String line : read(trace)) {
            Matcher matcher = DISCARDED.matcher(line);
            if (matcher.find()) {
                discarded += Long.parseLong(matcher.group(1));
            }
        }
        return discarded;
    }

    /// Its lines, warnings among them.
    static List<String> read(Path trace) throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/babeltrace2")),
                "babeltrace2 is not installed");
        Path output = Files.createTempFile("babeltrace", ".txt");
        Process process =
                new ProcessBuilder("/usr/bin/babeltrace2", trace.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        if (!process.waitFor(300, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("babeltrace2 does not end");
        }
        List<String> lines = Files.readAllLines(output);
        Files.delete(output);
        if (process.exitValue() != 0) {
            throw new AssertionError("babeltrace2 failed: " + lines);
        }
        return lines;
    }
}
