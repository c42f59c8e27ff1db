// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;

/// Who can be reached, and who can reach us. Any thread.
public interface Network {
    /// Connects to somebody.
    ///
    /// @param patienceNanos how long to wait for that
    /// @throws SocketTimeoutException when nobody answered
    Connection connect(InetSocketAddress to, long patienceNanos) throws IOException;

    /// Listens.
    Acceptor listen(InetSocketAddress at) throws IOException;
}
