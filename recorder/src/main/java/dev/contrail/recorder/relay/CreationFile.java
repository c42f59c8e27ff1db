// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.recorder.file.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.UUID;

/// Keeps the second in which a session was last made at its relay: a next daemon goes on with that
/// session at a relay of ours, and must not take the second again at another. Owned by one thread.
///
/// The file: the second, and, of a session that can be gone on with, a space and the UUID of its
/// origin.
///
/// @param path made when there is something to keep
/// @param isOlder whether the session is older than what the file can know
public record CreationFile(Path path, boolean isOlder) {
    /// Whether the session was at the relay before.
    boolean isAgain() {
        return isOlder || last() > 0;
    }

    /// 0 when there was none.
    long last() {
        try {
            return Files.exists(path) ? Long.parseLong(words()[0]) : 0;
        } catch (IOException | NumberFormatException unreadable) {
            return 1; // there was one
        }
    }

    /// The second of the session that a relay of ours goes on with; empty when there was none.
    OptionalLong resumable(UUID daemon) {
        try {
            String[] words = Files.exists(path) ? words() : new String[0];
            return words.length == 2 && words[1].equals(daemon.toString())
                    ? OptionalLong.of(Long.parseLong(words[0]))
                    : OptionalLong.empty();
        } catch (IOException | NumberFormatException unreadable) {
            return OptionalLong.empty();
        }
    }

    private String[] words() throws IOException {
        return Files.readString(path).strip().split(" ");
    }

    /// At a relay that does not go on with sessions.
    void keep(long seconds) throws IOException {
        PrivateFiles.replace(path, seconds + "\n");
    }

    /// At a relay of ours.
    void keepResumable(long seconds, UUID daemon) throws IOException {
        PrivateFiles.replace(path, seconds + " " + daemon + "\n");
    }
}
