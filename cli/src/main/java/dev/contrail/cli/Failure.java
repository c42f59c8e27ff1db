// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.util.List;
import java.util.Objects;

/// A command that cannot be done: the lines after `Error: `, and the exit status.
class Failure extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final transient List<String> hints;

    /// @param hints lines for standard output, where `lttng` puts its hints
    Failure(int status, String message, String... hints) {
        super(message);
        this.status = status;
        this.hints = List.of(hints);
    }

    /// The same with another exit status.
    Failure withStatus(int other) {
        return new Failure(other, getMessage(), hints.toArray(String[]::new));
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    int status() {
        return status;
    }

    List<String> hints() {
        return hints;
    }
}
