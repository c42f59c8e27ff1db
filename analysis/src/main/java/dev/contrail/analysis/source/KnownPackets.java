// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.ClockTime;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.StreamPlan;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// What is known of a stream's packets beforehand, by an index or by a look at the begin of each.
/// Any thread.
public final class KnownPackets {
    private final List<IndexEntry> entries;
    private final Optional<ClockTime> clock;
    private final boolean hasTimes;
    private final boolean areAll;
    private final TracerFaults faults;

    /// Found when it is first asked for; threads that do so at once find the same.
    private volatile @Nullable Boolean areInOrder;

    /// @param entries empty when the packets are not all known
    KnownPackets(
            List<IndexEntry> entries,
            boolean areAll,
            StreamPlan plan,
            Optional<ClockTime> clock,
            TracerFaults faults) {
        this.entries = entries;
        this.areAll = areAll;
        this.clock = clock;
        this.faults = faults;
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

    /// When the last event of a packet may come at the latest: where a tracer is known to have the
    /// end wrong, as of a packet that a crash has cut short, when the next packet begins. Only for
    /// streams that have a [#range].
    long latestNanos(int number) {
        IndexEntry packet = entries.get(number);
        if (!faults.isEndUncertain(packet.endTicks())) {
            return endNanos(packet);
        }
        boolean isLast = number + 1 == entries.size();
        return isLast
                ? Long.MAX_VALUE
                : Math.max(endNanos(packet), beginNanos(entries.get(number + 1)));
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
        Boolean known = areInOrder;
        if (known == null) {
            known = findOrder();
            areInOrder = known;
        }
        return known;
    }

    private boolean findOrder() {
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

    /// The number of the first packet that may have an event from a time on; how many there are if
    /// none has. Only for streams that have a [#range].
    int firstEndingFrom(long nanos) {
        return first(0, number -> latestNanos(number) >= nanos);
    }

    /// The number of the first packet from another one on that does not begin before a time.
    int firstBeginningFrom(int from, long nanos) {
        return first(from, number -> beginNanos(entries.get(number)) >= nanos);
    }

    /// @param isIt true of all packets after one of which it is, where they are in order
    private int first(int from, IntPredicate isIt) {
        int low = from;
        if (!areInOrder()) {
            while (low < entries.size() && !isIt.test(low)) {
                low++;
            }
            return low;
        }
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isIt.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// The latest end of the first packets. Only for streams that have a [#range].
    long latestEnd(int count) {
        if (areInOrder()) {
            return count == 0 ? Long.MIN_VALUE : endNanos(entries.get(count - 1));
        }
        return entries.subList(0, count).stream()
                .mapToLong(this::endNanos)
                .max()
                .orElse(Long.MIN_VALUE);
    }

    /// Bytes of all packets; 0 when they are not all known.
    long sizeBytes() {
        return entries.stream().mapToLong(each -> each.packetBits() / 8).sum();
    }
}
