// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import java.util.ArrayList;
import java.util.List;

/// Packets of a stream that were given up, and may be stored all the same: the output was away, and
/// has not said so. The first ones: those were under way. Guarded by its [LostRecords].
final class UnsureLosses {
    /// More of a stream are taken for lost.
    static final int MOST_PACKETS = 4096;

    private final List<Packet> packets = new ArrayList<>();

    record Packet(long sequence, long records) {}

    /// @return whether it is remembered
    boolean add(Packet packet) {
        return packets.size() < MOST_PACKETS && packets.add(packet);
    }

    List<Packet> all() {
        return List.copyOf(packets);
    }

    long records() {
        return packets.stream().mapToLong(Packet::records).sum();
    }

    /// The output has said up to which number it has them; the others are lost.
    ///
    /// @return records of those that it has
    long settle(long position) {
        long stored =
                packets.stream()
                        .filter(each -> each.sequence <= position)
                        .mapToLong(Packet::records)
                        .sum();
        packets.clear();
        return stored;
    }
}
