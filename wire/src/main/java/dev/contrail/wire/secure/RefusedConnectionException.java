// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.secure;

import java.io.IOException;

/// Somebody may not come in; the message says why, and what would help.
public final class RefusedConnectionException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedConnectionException(String message) {
        super(message);
    }
}
