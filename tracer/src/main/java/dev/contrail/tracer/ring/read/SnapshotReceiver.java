// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import java.io.IOException;

/// Takes the packets of a snapshot one after the other.
@FunctionalInterface
public interface SnapshotReceiver {
    /// @param packet its records are valid until the call returns
    void packet(RingPacket packet) throws IOException;
}
