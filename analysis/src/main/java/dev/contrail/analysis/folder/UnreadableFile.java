// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.nio.file.Path;

/// A file or folder that cannot be read, as damage to a trace.
final class UnreadableFile {
    private UnreadableFile() {}

    /// What the system says of it, with its path once.
    ///
    /// @param place in the file; empty for all of it
    static CtfException of(Path path, String place, IOException e) {
        String reason = Reason.of(e);
        String prefix = path + ": ";
        return new CtfException(
                path + place,
                reason.startsWith(prefix) ? reason.substring(prefix.length()) : reason);
    }
}
