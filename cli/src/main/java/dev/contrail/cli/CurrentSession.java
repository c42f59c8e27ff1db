// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The session that commands mean when they name none: a line `session=NAME` in `.contrailrc`; the
/// entry point `lttng` keeps `.lttngrc` as well.
final class CurrentSession {
    private final List<Path> files = new ArrayList<>();

    CurrentSession(Places places, Console.Entry entry) {
        files.add(places.home().resolve(".contrailrc"));
        if (entry == Console.Entry.LTTNG) {
            files.add(places.home().resolve(".lttngrc"));
        }
    }

    /// @throws Failure in LTTng's words when there is none
    String name() throws IOException, Failure {
        Path file = files.getFirst();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("session=")) {
                    return line.substring("session=".length());
                }
            }
        }
        throw new Failure(
                1,
                "Can't find valid lttng config " + file,
                "Did you create a session? (lttng create <my_session>)");
    }

    void set(String name) throws IOException {
        for (Path file : files) {
            Files.writeString(file, "session=" + name + "\n");
        }
    }

    /// Forgets it when it is that session.
    void clear(String name) throws IOException {
        for (Path file : files) {
            if (Files.exists(file) && Files.readAllLines(file).contains("session=" + name)) {
                Files.delete(file);
            }
        }
    }
}
