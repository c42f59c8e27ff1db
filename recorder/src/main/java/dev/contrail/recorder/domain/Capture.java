// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.domain;

import java.io.IOException;
import java.util.Optional;

/// The content of a ring at one moment. Owned by the thread that made it.
public interface Capture {
    /// From then on all is there, or `Long.MAX_VALUE` when nothing is.
    long oldestTicks();

    /// The account at that moment, where the ring can tell: what is kept is then recorded minus
    /// overwritten, also while others write.
    default Optional<RingAccount> account() {
        return Optional.empty();
    }

    /// Bytes of memory that it holds until it is written; 0 for one that copies while it writes,
    /// whose [#account] and [#oldestTicks] are known then.
    default long heldBytes() {
        return 0;
    }

    /// Records of the state dump that [#write] has written beside the ring's; known after it.
    default long stateDump() {
        return 0;
    }

    /// Writes packets and metadata; may take its time.
    void write(PacketSink sink) throws IOException;
}
