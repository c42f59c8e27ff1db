// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.util.Objects;

/// A command line, a parameter or an expression that makes no sense; the message says which word.
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param message which word makes no sense, and why
    public UsageException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
