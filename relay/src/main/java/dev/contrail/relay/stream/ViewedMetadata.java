// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What viewers read of a trace's metadata.
public interface ViewedMetadata {
    /// How much of it they may have.
    long wholeBytes();

    /// Reads a part of it.
    ///
    /// @param from fewer than [#wholeBytes]
    /// @return at most so many bytes; none when it is gone
    ByteBuffer read(long from, int mostBytes) throws IOException;

    /// Whether nothing more will come.
    boolean isClosed();
}
