// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Where this user's last recordings went, in a file of the home directory: sessions are forgotten
/// when they are destroyed, their traces are not.
public final class Outputs {
    /// As many are looked at when the newest is wanted.
    static final int MOST = 16;

    private static final String SNAPSHOTS = "snapshots ";
    private static final String TRACE = "trace ";

    /// One recording's directory.
    ///
    /// @param hasSnapshots whether each directory in it is a snapshot
    public record Output(Path directory, boolean hasSnapshots) {
        private String line() {
            return (hasSnapshots ? SNAPSHOTS : TRACE) + directory;
        }
    }

    private final Path file;

    /// Those in the file of these places.
    public Outputs(Places places) {
        file = places.home().resolve(".contrail-outputs");
    }

    /// Adds one. A home that cannot be written keeps nobody from recording: it is not added then.
    public void add(Output output) {
        String line = output.line();
        if (line.contains("\n")) {
            return; // a line each
        }
        var lines = new LinkedHashSet<String>(lines());
        lines.remove(line);
        lines.add(line);
        List<String> newest =
                List.copyOf(lines).subList(Math.max(0, lines.size() - MOST), lines.size());
        Path written =
                file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.write(written, newest);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            written.toFile().delete();
        }
    }

    /// Those that were added, the newest last; of sessions that still record, too.
    public List<Output> all() {
        var outputs = new ArrayList<Output>();
        for (String line : lines()) {
            if (line.startsWith(SNAPSHOTS)) {
                outputs.add(new Output(Path.of(line.substring(SNAPSHOTS.length())), true));
            } else if (line.startsWith(TRACE)) {
                outputs.add(new Output(Path.of(line.substring(TRACE.length())), false));
            }
        }
        return outputs;
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return List.of(); // none yet, or not ours
        }
    }
}
