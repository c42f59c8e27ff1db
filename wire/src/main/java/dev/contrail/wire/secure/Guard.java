// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.secure;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Who may come in. Any thread.
public interface Guard {
    /// Whether connections to that address of this machine may be plain.
    boolean mayBePlain(InetAddress local);

    /// With this machine's certificate; empty when it has none.
    Optional<SSLContext> context() throws IOException;

    /// Whether a token is good.
    boolean isKnown(long untrustedId, byte[] secret) throws IOException;
}
