// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.file;

import java.io.IOException;
import java.nio.file.Path;

/// Somebody else has a file: another relay daemon stores in the same output directory.
public final class FileInUseException extends IOException {
    private static final long serialVersionUID = 1;

    FileInUseException(Path file) {
        super(file + ": another relay daemon has it, and stores what it belongs to");
    }
}
