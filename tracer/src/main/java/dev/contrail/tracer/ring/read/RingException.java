// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import java.io.IOException;
import java.nio.file.Path;

/// A ring file is not what it should be. The message says which file, where, what was expected and
/// what was found.
public final class RingException extends IOException {
    private static final long serialVersionUID = 1;

    RingException(Path file, String problem) {
        super(file + ": " + problem);
    }

    RingException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }

    static RingException at(Path file, long offset, String what, Object expected, Object found) {
        return new RingException(
                file, "byte " + offset + ": " + what + " " + found + ", want " + expected);
    }
}
