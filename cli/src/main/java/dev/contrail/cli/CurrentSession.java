// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The session that commands mean when they name none: a line `session=NAME` in `.contrailrc`.
///
/// The entry point `lttng` keeps `.lttngrc` as well, and means the session that was set last in
/// either file: a script and a person may take turns.
final class CurrentSession {
    private final String program;
    private final List<Path> files;

    CurrentSession(Places places, Console.Entry entry) {
        Path own = places.home().resolve(".contrailrc");
        boolean isLttng = entry == Console.Entry.LTTNG;
        program = isLttng ? "lttng" : "contrail";
        files = isLttng ? List.of(places.home().resolve(".lttngrc"), own) : List.of(own);
    }

    /// @throws Failure in LTTng's words when there is none
    String name() throws IOException, Failure {
        String newest = "";
        long newestNanos = Long.MIN_VALUE;
        for (Path file : files) {
            Optional<String> session = read(file);
            if (session.isPresent()) {
                long nanos =
                        Files.getLastModifiedTime(file)
                                .to(java.util.concurrent.TimeUnit.NANOSECONDS);
                if (nanos > newestNanos) {
                    newest = session.get();
                    newestNanos = nanos;
                }
            }
        }
        if (newest.isEmpty()) {
            throw new Failure(
                    "Can't find valid %s config %s".formatted(program, files.getFirst()),
                    "Did you create a session? (%s create <my_session>)".formatted(program));
        }
        return newest;
    }

    void set(String name) throws IOException {
        for (Path file : files) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "session=" + name + "\n");
        }
    }

    /// Forgets it when it is that session.
    void clear(String name) throws IOException {
        for (Path file : files) {
            if (read(file).filter(name::equals).isPresent()) {
                Files.delete(file);
            }
        }
    }

    private static Optional<String> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("session=") && line.length() > "session=".length())
                .map(line -> line.substring("session=".length()))
                .findFirst();
    }
}
