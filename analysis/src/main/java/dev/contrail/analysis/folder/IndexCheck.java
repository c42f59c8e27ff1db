// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketLocation;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import java.util.List;
import java.util.Optional;

/// Tells whether what an index says of packets can be true.
final class IndexCheck {
    private IndexCheck() {}

    /// Whether times and counters never fall from one entry to the next, as in most streams.
    static boolean isAscending(List<PacketLocation> entries) {
        for (int i = 1; i < entries.size(); i++) {
            if (isBehind(entries.get(i).entry(), entries.get(i - 1).entry())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBehind(IndexEntry now, IndexEntry before) {
        return Long.compareUnsigned(now.beginTicks(), before.beginTicks()) < 0
                || Long.compareUnsigned(now.endTicks(), before.endTicks()) < 0
                || Long.compareUnsigned(now.discardedEvents(), before.discardedEvents()) < 0
                || now.sequence() != IndexEntry.NONE
                        && Long.compareUnsigned(now.sequence(), before.sequence()) <= 0;
    }

    /// Whether an entry and what its packet's header says are the same, as far as that says it.
    static boolean isSame(TracePlan plan, IndexEntry entry, IndexEntry said) {
        Optional<StreamPlan> stream = plan.stream(said.streamClassId());
        boolean isEndUnknown = said.endTicks() == 0; // as after a crash
        return entry.packetBits() == said.packetBits()
                && (stream.filter(StreamPlan::hasBegin).isEmpty()
                        || entry.beginTicks() == said.beginTicks())
                && (stream.filter(StreamPlan::hasEnd).isEmpty()
                        || isEndUnknown
                        || entry.endTicks() == said.endTicks())
                && (stream.filter(StreamPlan::hasDiscarded).isEmpty()
                        || entry.discardedEvents() == said.discardedEvents())
                && (stream.filter(StreamPlan::hasSequence).isEmpty()
                        || entry.sequence() == IndexEntry.NONE
                        || entry.sequence() == said.sequence());
    }
}
