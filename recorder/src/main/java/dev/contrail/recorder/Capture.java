// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import java.io.IOException;

/// The content of a ring at one moment. Owned by the thread that made it.
public interface Capture {
    /// Time of the oldest record kept, or `Long.MAX_VALUE` when there is none; before it the history
    /// is not complete.
    long oldestTicks();

    /// Writes packets and metadata; may take its time.
    void write(PacketSink sink) throws IOException;
}
