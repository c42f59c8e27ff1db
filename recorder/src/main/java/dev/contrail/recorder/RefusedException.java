// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import java.util.Objects;

/// A request that cannot be granted; the message says why and what to do, without a full stop.
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;
    private final int code;

    /// @param code LTTng's error number (`lttng-cli.md` section 1), which becomes the exit status
    public RefusedException(int code, String reason) {
        super(reason);
        this.code = code;
    }

    /// Refuses with the exit status of most errors, 1.
    public RefusedException(String reason) {
        this(1, reason);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    public int code() {
        return code;
    }
}
