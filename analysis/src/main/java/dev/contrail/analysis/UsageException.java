// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.util.Objects;

/// A command line, a parameter or an expression that makes no sense; the message says which word.
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String unknownOption;

    /// @param message which word makes no sense, and why
    public UsageException(String message) {
        this(message, "");
    }

    private UsageException(String message, String unknownOption) {
        super(message);
        this.unknownOption = unknownOption;
    }

    /// That there is no such option.
    public static UsageException unknownOption(String word) {
        return new UsageException("Unknown option `" + word + "`", word);
    }

    /// The option that there is not; empty when something else is wrong.
    public String unknownOption() {
        return unknownOption;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
