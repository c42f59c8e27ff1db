// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import java.util.List;
import java.util.stream.Stream;

/// A copy of a pool's present content.
///
/// @param takenAtTicks when the copying began; of a dead process until when it may have recorded
/// @param horizonTicks before it the history is incomplete; `Long.MIN_VALUE` when all is there
/// @param packets by cell, in order
/// @param dropped blocks that were overwritten while they were being copied
/// @param cutOff one line for each record that a dead process was writing when it died
public record PoolSnapshot(
        long takenAtTicks,
        long horizonTicks,
        List<RingPacket> packets,
        long dropped,
        PoolTotals totals,
        List<String> cutOff) {
    public PoolSnapshot {
        packets = List.copyOf(packets);
        cutOff = List.copyOf(cutOff);
    }

    /// What both tell, of two pools of one channel. Cells of both have the same numbers.
    public PoolSnapshot and(PoolSnapshot other) {
        return new PoolSnapshot(
                Math.min(takenAtTicks, other.takenAtTicks),
                Math.max(horizonTicks, other.horizonTicks),
                Stream.concat(packets.stream(), other.packets.stream()).toList(),
                dropped + other.dropped,
                totals.plus(other.totals),
                Stream.concat(cutOff.stream(), other.cutOff.stream()).toList());
    }
}
