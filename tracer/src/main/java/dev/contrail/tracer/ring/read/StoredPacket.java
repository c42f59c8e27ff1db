// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

/// The last packet of a cell that is stored completely, with its index entry.
///
/// @param sequence its number, -1 when there is none
/// @param recordBytes how many bytes of records it holds
public record StoredPacket(long sequence, int recordBytes) {
    public static final StoredPacket NONE = new StoredPacket(-1, 0);

    /// Whatever a slot says was stored.
    static final StoredPacket ANY = new StoredPacket(Long.MAX_VALUE, 0);
}
