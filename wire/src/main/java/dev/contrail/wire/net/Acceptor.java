// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;

/// Where others connect. Any thread may close it.
public interface Acceptor extends Closeable {
    /// Waits for the next connection.
    ///
    /// @throws ClosedChannelException when this has been closed
    Connection accept() throws IOException;

    /// Where it listens.
    InetSocketAddress address() throws IOException;

    boolean isOpen();
}
