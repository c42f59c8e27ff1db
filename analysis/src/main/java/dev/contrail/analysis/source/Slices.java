// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.ctf.file.IndexEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Cuts the time of some streams into slices that take about as long to read, by their indexes.
///
/// A packet that reaches over a cut is read for each of its slices, so slices are larger than the
/// packets of all streams together; memory limits that where their text is held.
public final class Slices {
    /// Where a slice costs much more than beginning it.
    public static final long LEAST_BYTES = 1 << 20;

    /// Where what a slice becomes is held in memory.
    private static final long MOST_HELD_BYTES = 4 << 20;

    /// The same where the packets are so large that smaller slices are mostly packets of the slice
    /// before.
    private static final long MOST_HELD_PACKET_BYTES = 8 << 20;

    /// How many times the packets of all streams together a slice is: of one of them, half is read
    /// for the slice before.
    private static final int PACKETS = 16;

    /// The same where what a slice becomes is held in memory.
    private static final int HELD_PACKETS = 4;

    /// So many slices a processor, that all of them end at about the same time.
    private static final int SLICES = 4;

    private Slices() {}

    /// When the packets of these streams begin, sorted. Only for streams whose packets are
    /// [KnownPackets#areTimed].
    public static List<Long> begins(List<StreamSource> sources) {
        return sources.stream()
                .flatMap(source ->
                        source.packets().entries().stream().map(source.packets()::beginNanos))
                .sorted()
                .toList();
    }

    /// The times at which slices begin, without the first.
    ///
    /// @param leastBytes of a slice's packets
    /// @param isHeld whether what slices become is held in memory
    /// @return empty when the streams cannot be cut, or are too short
    public static List<Long> cuts(
            List<StreamSource> sources, int processors, long leastBytes, boolean isHeld) {
        long all = 0;
        long first = Long.MAX_VALUE;
        long packetOfEach = 0;
        for (StreamSource source : sources) {
            KnownPackets known = source.packets();
            if (known.range().isEmpty() || !known.areInOrder()) {
                return List.of();
            }
            long bytes = known.sizeBytes();
            all += bytes;
            packetOfEach += bytes / known.entries().size();
            first = Math.min(first, known.range().get()[0]);
        }
        // Times before the origin have a notation that depends on those before them.
        if (sources.isEmpty() || first < 0) {
            return List.of();
        }
        int packets = isHeld ? HELD_PACKETS : PACKETS;
        long size = Math.min(packets * packetOfEach, all / (SLICES * processors));
        if (isHeld) {
            long most = Math.clamp(packetOfEach, MOST_HELD_BYTES, MOST_HELD_PACKET_BYTES);
            size = Math.min(size, most);
        }
        size = Math.max(leastBytes, size);
        if (all < 2 * size) {
            return List.of();
        }
        return cuts(sources, size);
    }

    /// Cuts before a packet wherever the packets since the last cut have that size.
    private static List<Long> cuts(List<StreamSource> sources, long size) {
        var next = new PriorityQueue<Place>(Comparator.comparingLong(Place::nanos));
        sources.forEach(source -> next.add(new Place(source.packets())));
        var cuts = new ArrayList<Long>();
        long sinceCut = 0;
        while (!next.isEmpty()) {
            Place packet = next.remove();
            boolean isLater = cuts.isEmpty() || packet.nanos() > cuts.getLast();
            if (sinceCut >= size && isLater) {
                cuts.add(packet.nanos());
                sinceCut = 0;
            }
            sinceCut += packet.bytes();
            if (packet.next()) {
                next.add(packet);
            }
        }
        return cuts;
    }

    /// A packet of a stream.
    private static final class Place {
        private final KnownPackets packets;
        private int number;
        private IndexEntry packet;

        private Place(KnownPackets packets) {
            this.packets = packets;
            packet = packets.entries().getFirst();
        }

        long nanos() {
            return packets.beginNanos(packet);
        }

        long bytes() {
            return packet.packetBits() / 8;
        }

        /// Moves on to the next, if there is one.
        boolean next() {
            if (++number == packets.entries().size()) {
                return false;
            }
            packet = packets.entries().get(number);
            return true;
        }
    }
}
