// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.filter;

import java.util.Objects;

/// A filter expression that makes no sense, or is too large; the message says what and where.
public final class FilterException extends Exception {
    private static final long serialVersionUID = 1L;

    public FilterException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
