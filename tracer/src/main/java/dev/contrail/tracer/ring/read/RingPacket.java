// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import java.nio.ByteBuffer;

/// Records of one cell, in order, ready for a packet header to be put in front.
///
/// @param cell the stream: packets of one cell never overlap and times in them never go back
/// @param sequence the number of the output packet, without gaps: that of the packet before when it
///   is the same packet, grown; in a snapshot by how much the packet numbers go on
/// @param packetNumber the number that the producer gave to the block
/// @param beginTicks not later than the first record
/// @param endTicks the time of the last record; of an accounting packet the time until which it
///   accounts
/// @param recordCount records in it that no packet before has had, also not the one that it
///   replaces
/// @param lostTotal running total of this cell's discarded event records: lost and overwritten; in
///   a snapshot without those that were overwritten before anything that it holds
/// @param records the records only, read-only, little endian; valid during the call of {@link
///   PacketReceiver#packet}, for ever in a snapshot; empty in an accounting packet
public record RingPacket(
        int cell,
        long sequence,
        long packetNumber,
        long beginTicks,
        long endTicks,
        int recordCount,
        long lostTotal,
        ByteBuffer records) {
    /// Whether it has no records, and only tells how many were lost.
    public boolean isAccounting() {
        return !records.hasRemaining();
    }

    /// The same, of a process that may have recorded only until then.
    public RingPacket until(long ticks) {
        return new RingPacket(
                cell,
                sequence,
                packetNumber,
                beginTicks,
                Math.max(beginTicks, Math.min(endTicks, ticks)),
                recordCount,
                lostTotal,
                records);
    }
}
