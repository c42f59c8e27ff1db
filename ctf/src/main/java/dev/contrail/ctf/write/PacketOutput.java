// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.write;

import dev.contrail.ctf.file.IndexEntry;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Takes the packets of one [CtfStream]: a file and its index, unless the stream was begun with
/// another one. Called by the thread that appends.
@FunctionalInterface
public interface PacketOutput extends AutoCloseable {
    /// Takes the next packet of the stream.
    ///
    /// @param packet to be copied: it is written over after this returns
    /// @throws IOException when it is not taken, nor any part of it
    void packet(ByteBuffer packet, IndexEntry entry) throws IOException;

    /// No packet will follow.
    @Override
    default void close() throws IOException {}
}
