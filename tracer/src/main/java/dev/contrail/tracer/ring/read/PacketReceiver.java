// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import java.io.IOException;

/// Stores the packets that {@link Pool#drain} takes out of a ring.
public interface PacketReceiver {
    /// What is stored of a cell. Asked once per cell after opening, so that a consumer that was
    /// killed is followed by one that repeats nothing and leaves nothing out.
    StoredPacket lastStored(int cell);

    /// Whether packet `sequence` of a cell, the last one, may be replaced by one that goes on with
    /// it, so many bytes longer: at every moment the one or the other is stored.
    boolean mayGrow(int cell, long sequence, int moreBytes);

    /// Stores one packet; with the number of the last one it takes that one's place, after {@link
    /// #mayGrow} has allowed it. When this returns normally the packet is stored; an exception ends
    /// the drain, and the next drain of this pool offers the same records again.
    void packet(RingPacket packet) throws IOException;
}
