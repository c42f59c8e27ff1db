// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.recorder.file.StateLog;
import dev.contrail.recorder.session.SessionFile;
import dev.contrail.recorder.session.SessionState;
import dev.contrail.wire.SessionMode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A session as its daemon has kept it in the run directory, for commands that no daemon answers.
/// Only read: taking it up, and mending what is wrong, is the next daemon's.
///
/// @param id as in the names of tracefs instances and in rings
/// @param output where its trace is; of a snapshot session, where its snapshots are; empty for none
public record LeftSession(long id, String name, SessionMode mode, boolean isActive, String output) {

    /// Those that can be read, by name.
    public static List<LeftSession> in(Path runDirectory) {
        var left = new ArrayList<LeftSession>();
        try (DirectoryStream<Path> sessions =
                Files.newDirectoryStream(runDirectory.resolve("sessions"))) {
            for (Path each : sessions) {
                read(each.resolve("session")).ifPresent(left::add);
            }
        } catch (IOException e) {
            return List.of(); // there never was one, or it is not for this user
        }
        left.sort(Comparator.comparing(LeftSession::name));
        return left;
    }

    private static Optional<LeftSession> read(Path file) {
        try {
            List<String> records = StateLog.recordsIn(file);
            if (records.isEmpty()) {
                return Optional.empty();
            }
            SessionFile saved = SessionFile.read(records);
            return Optional.of(
                    new LeftSession(
                            saved.id(),
                            saved.name(),
                            saved.mode(),
                            saved.state() == SessionState.ACTIVE,
                            saved.outputs().isEmpty()
                                    ? saved.output()
                                    : saved.outputs().getFirst().directory()));
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // the next daemon puts it aside, and says so
        }
    }
}
