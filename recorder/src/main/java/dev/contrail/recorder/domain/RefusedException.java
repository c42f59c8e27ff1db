// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.domain;

import dev.contrail.wire.LttngError;
import java.util.Objects;

/// A request that cannot be granted; the message says why and what to do, without a full stop.
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;
    private final LttngError error;

    public RefusedException(LttngError error, String reason) {
        super(reason);
        this.error = error;
    }

    /// Refuses in LTTng's words.
    public RefusedException(LttngError error) {
        this(error, error.text());
    }

    /// Refuses for a reason that LTTng has no number for.
    public RefusedException(String reason) {
        this(LttngError.UNK, reason);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /// LTTng's number for it; [LttngError#UNK] where it has none.
    public LttngError error() {
        return error;
    }
}
