// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import java.io.IOException;

/// The other side sent bytes that are no message of this protocol; the connection is of no more
/// use.
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    public ProtocolException(String message) {
        super(message);
    }
}
