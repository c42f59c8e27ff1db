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
import java.util.Optional;

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

    private static final String SENT = "sent ";

    /// A recording that went to a relay daemon.
    ///
    /// @param endedMillis when it ended, since 1970
    /// @param url where viewers find it; empty where they do not
    /// @param told where it is and, where viewers do not find it, how to show it, for a user
    public record Sent(long endedMillis, String url, String told) {
        private String line() {
            return "%s%d %s %s".formatted(SENT, endedMillis, url.isEmpty() ? "-" : url, told);
        }

        private static Optional<Sent> parse(String line) {
            String[] words = line.split(" ", 4);
            return words.length == 4 && words[1].matches("\\d{1,18}")
                    ? Optional.of(
                            new Sent(
                                    Long.parseLong(words[1]),
                                    words[2].equals("-") ? "" : words[2],
                                    words[3]))
                    : Optional.empty();
        }
    }

    private final Path file;

    /// Those in the file of these places.
    public Outputs(Places places) {
        file = places.home().resolve(".contrail-outputs");
    }

    /// Adds one. A home that cannot be written keeps nobody from recording: it is not added then.
    public void add(Output output) {
        add(output.line());
    }

    /// As before.
    public void add(Sent sent) {
        if (!sent.url().contains(" ")) {
            add(sent.line());
        }
    }

    private void add(String line) {
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

    /// The last one that went to a relay daemon.
    public Optional<Sent> lastSent() {
        return lines().stream()
                .filter(each -> each.startsWith(SENT))
                .flatMap(each -> Sent.parse(each).stream())
                .reduce((_, second) -> second);
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return List.of(); // none yet, or not ours
        }
    }
}
