// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// babeltrace2 2.0.4 as it is installed.
final class Peer {
    static final Path PROGRAM = Path.of("/usr/bin/babeltrace2");

    /// A trace of a few bytes takes it 10 ms; some traces keep it busy for ever.
    private static final int PATIENCE_SECONDS = 3;

    /// A shell's status for a process that a signal ended is above this.
    private static final int SIGNALLED = 128;

    private final Path folder;

    /// @param folder for its output
    Peer(Path folder) {
        this.folder = folder;
    }

    /// Reads traces.
    Reading read(List<String> arguments) throws IOException, InterruptedException {
        Reading reading = run(arguments);
        if (!reading.err().contains("Failed to index CTF stream file")) {
            return reading;
        }
        var more = new ArrayList<>(List.of("--log-level=INFO")); // which says why
        more.addAll(arguments);
        return run(more);
    }

    private Reading run(List<String> arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("peer-out");
        Path err = folder.resolve("peer-err");
        var command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        boolean hasEnded = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!hasEnded) {
            process.destroyForcibly().waitFor();
        }
        int status = process.exitValue();
        return new Reading(
                status, text(out), text(err), !hasEnded || status > SIGNALLED || status < 0);
    }

    private static String text(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(1 << 22), StandardCharsets.ISO_8859_1);
        }
    }
}
