// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.filter;

import java.util.Objects;

/// A filter expression that makes no sense, or is too large; the message says what and where.
public final class FilterException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String problem;

    public FilterException(String message) {
        this(message, message);
    }

    /// @param problem the message without the expression
    FilterException(String message, String problem) {
        super(message);
        this.problem = problem;
    }

    /// What is wrong where, for those who quote the expression themselves.
    public String problem() {
        return problem;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
