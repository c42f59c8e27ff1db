// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.ClockTime;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.StreamPlan;
import java.util.List;
import java.util.Optional;

/// What is known of a stream's packets beforehand, by an index or by a look at the begin of each.
/// Any thread.
public final class KnownPackets {
    private final List<IndexEntry> entries;
    private final Optional<ClockTime> clock;
    private final boolean hasTimes;
    private final boolean areAll;

    /// @param entries empty when the packets are not all known
    KnownPackets(
            List<IndexEntry> entries, boolean areAll, StreamPlan plan, Optional<ClockTime> clock) {
        this.entries = entries;
        this.areAll = areAll;
        this.clock = clock;
        hasTimes = plan.hasBegin() && plan.hasEnd() && clock.isPresent();
    }

    /// What each says of itself; empty when they are not all known.
    public List<IndexEntry> entries() {
        return entries;
    }

    /// Bytes of the largest packet; 0 when they are not all known.
    public long largestBytes() {
        return entries.stream().mapToLong(each -> each.packetBits() / 8).max().orElse(0);
    }

    /// Whether all packets are known, and when each begins and ends.
    public boolean areTimed() {
        return areAll && hasTimes;
    }

    /// When a packet begins, in nanoseconds since the origin. Only for streams that have a
    /// [#range].
    public long beginNanos(IndexEntry packet) {
        return clock.orElseThrow().nanos(packet.beginTicks());
    }

    /// When a packet ends, in nanoseconds since the origin. Only for streams that have a [#range].
    public long endNanos(IndexEntry packet) {
        return clock.orElseThrow().nanos(packet.endTicks());
    }

    /// Times of the first packet's begin and the last one's end, if the packets have them.
    public Optional<long[]> range() {
        return !hasTimes || entries.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new long[] {beginNanos(entries.getFirst()), endNanos(entries.getLast())});
    }

    /// Whether no packet begins or ends before the one before it, nor ends before it begins. Only
    /// for streams that have a [#range].
    boolean areInOrder() {
        long begin = Long.MIN_VALUE;
        long end = Long.MIN_VALUE;
        for (IndexEntry packet : entries) {
            if (beginNanos(packet) < begin
                    || endNanos(packet) < end
                    || endNanos(packet) < beginNanos(packet)) {
                return false;
            }
            begin = beginNanos(packet);
            end = endNanos(packet);
        }
        return true;
    }

    /// Bytes of all packets; 0 when they are not all known.
    long sizeBytes() {
        return entries.stream().mapToLong(each -> each.packetBits() / 8).sum();
    }
}
