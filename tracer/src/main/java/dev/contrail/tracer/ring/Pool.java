// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import java.io.IOException;

/// A ring of blocks in a {@link RingFile}: the memory of one channel in one process. Owned by one
/// reader thread.
public final class Pool {
    Pool() {}

    public long sessionId() {
        throw new UnsupportedOperationException();
    }

    public int channelId() {
        throw new UnsupportedOperationException();
    }

    public Mode mode() {
        throw new UnsupportedOperationException();
    }

    public int blockSize() {
        throw new UnsupportedOperationException();
    }

    public int blockCount() {
        throw new UnsupportedOperationException();
    }

    public int cells() {
        throw new UnsupportedOperationException();
    }

    public int generation() {
        throw new UnsupportedOperationException();
    }

    /// The number of its descriptor.
    public int index() {
        throw new UnsupportedOperationException();
    }

    /// Whether the application has closed it: all its blocks are closed, no record will follow.
    public boolean isDraining() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Copies what is in the pool. Stops no writer, consumes nothing.
    public PoolSnapshot snapshot() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Hands the packets that were closed since the last call to `receiver`, cell by cell, and in
    /// discard mode frees their blocks.
    ///
    /// @param partial also the part of open blocks that was not sent yet, and an empty accounting
    ///     packet for a cell whose losses no other packet has told
    public void drain(PacketReceiver receiver, boolean partial) throws IOException {
        throw new UnsupportedOperationException();
    }

    public PoolTotals totals() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Gives the memory of a draining pool back to the application. Only after the last drain.
    public void release() throws IOException {
        throw new UnsupportedOperationException();
    }
}
