// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/// A stream of bytes to somebody, and one from there. One thread reads and one writes at a time;
/// any thread may close it, which ends what others wait for.
public interface Connection extends Closeable {
    /// To wait for as long as it takes.
    long FOR_EVER = 0;

    /// Waits for at least one byte.
    ///
    /// @param into with room
    /// @param patienceNanos how long to wait, or [#FOR_EVER]
    /// @return how many bytes came; -1 when the other end has closed the connection
    /// @throws SocketTimeoutException when none came
    int read(ByteBuffer into, long patienceNanos) throws IOException;

    /// As [#read], but without waiting: 0 when there is nothing.
    int readNow(ByteBuffer into) throws IOException;

    /// Sends all that is left in the buffers, in their order.
    ///
    /// @param patienceNanos how long the other end may take nothing, or [#FOR_EVER]
    /// @throws SocketTimeoutException when it took nothing for so long
    void write(long patienceNanos, ByteBuffer... bytes) throws IOException;

    /// Who is at the other end.
    InetSocketAddress remote();

    /// The address of this machine that the other end sees.
    InetSocketAddress local();
}
