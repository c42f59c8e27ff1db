// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;

/// The session that commands mean when they name none: a line `session=NAME` in `.contrailrc`.
///
/// The entry point `lttng` keeps `.lttngrc` as well, and means the session that was set last in
/// either file: a script and a person may take turns.
public final class CurrentSession {
    private final boolean isLttng;
    private final List<Path> files;

    /// A session, and when it became the current one.
    public record Chosen(String name, FileTime since) {}

    /// The one in the files of that entry point.
    public CurrentSession(Places places, EntryPoint entry) {
        Path own = places.home().resolve(".contrailrc");
        isLttng = entry == EntryPoint.LTTNG;
        files = isLttng ? List.of(places.home().resolve(".lttngrc"), own) : List.of(own);
    }

    /// @throws Failure when there is none; `lttng` says it in LTTng's words
    String name() throws IOException, Failure {
        return newest().orElseThrow(this::none).name();
    }

    /// The session, if one is set.
    public Optional<Chosen> newest() throws IOException {
        Optional<Chosen> newest = Optional.empty();
        for (Path file : files) {
            Optional<String> session = read(file);
            if (session.isPresent()) {
                var chosen = new Chosen(session.get(), Files.getLastModifiedTime(file));
                if (newest.isEmpty() || chosen.since.compareTo(newest.get().since) > 0) {
                    newest = Optional.of(chosen);
                }
            }
        }
        return newest;
    }

    private Failure none() {
        return isLttng
                ? new Failure(
                        "Can't find valid lttng config " + files.getFirst(),
                        "Did you create a session? (lttng create <my_session>)")
                : new Failure(
                        "No session is set: contrail create makes one, contrail list shows those"
                                + " that there are, contrail set-session NAME chooses one");
    }

    /// Makes it that session.
    public void set(String name) throws IOException {
        for (Path file : files) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "session=" + name + "\n");
        }
    }

    /// Forgets it when it is that session.
    public void clear(String name) throws IOException {
        for (Path file : files) {
            if (read(file).filter(name::equals).isPresent()) {
                Files.delete(file);
            }
        }
    }

    private static Optional<String> read(Path file) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            throw e; // It names the file.
        } catch (IOException e) {
            throw new IOException(file + ": " + Reason.of(e), e);
        }
        return lines.stream()
                .filter(line -> line.startsWith("session=") && line.length() > "session=".length())
                .map(line -> line.substring("session=".length()))
                .findFirst();
    }
}
