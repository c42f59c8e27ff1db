// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.recorder.file.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Keeps the second in which a session was last made at its relay, so that a next daemon does not
/// take it again. Owned by one thread.
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
            return Files.exists(path) ? Long.parseLong(Files.readString(path).strip()) : 0;
        } catch (IOException | NumberFormatException unreadable) {
            return 1; // there was one
        }
    }

    void keep(long seconds) throws IOException {
        PrivateFiles.replace(path, Long.toString(seconds) + "\n");
    }
}
