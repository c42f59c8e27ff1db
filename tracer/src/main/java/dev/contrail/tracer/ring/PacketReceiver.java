// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import java.io.IOException;

/// Stores the packets that {@link Pool#drain} takes out of a ring.
public interface PacketReceiver {
    /// The sequence number of the last packet of `cell` that is stored completely, with its index
    /// entry; -1 when there is none. Asked once per cell after opening, so that a consumer that was
    /// killed is followed by one that repeats nothing and leaves nothing out.
    long lastStoredSequence(int cell);

    /// Stores one packet. When this returns normally the packet is stored; an exception ends the
    /// drain, and the next drain of this pool offers the same packet again.
    void packet(RingPacket packet) throws IOException;
}
