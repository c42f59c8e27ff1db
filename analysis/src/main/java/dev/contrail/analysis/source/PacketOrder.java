// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.folder.FilePackets;
import dev.contrail.analysis.folder.PacketFile;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.StreamPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The order in which the packets of a stream are read.
final class PacketOrder {
    private final StreamPlan plan;
    private final List<String> warnings;

    /// @param warnings where to say that packets lie in another order
    PacketOrder(StreamPlan plan, List<String> warnings) {
        this.plan = plan;
        this.warnings = warnings;
    }

    /// Those of one file as they lie there, or as their numbers say: a ring that was saved as it
    /// was begins in the middle. Those of several files in time order.
    List<FilePackets.Part> of(List<PacketFile> files) {
        return files.size() == 1
                ? numbered(files.getFirst().parts())
                : timed(files.stream().flatMap(file -> file.parts().stream()).toList());
    }

    private List<FilePackets.Part> numbered(List<FilePackets.Part> parts) {
        if (!plan.hasSequence() || isAscending(parts)) {
            return parts;
        }
        List<FilePackets.Part> sorted = new ArrayList<>(parts);
        sorted.sort(Comparator.comparing(PacketOrder::sequence, Long::compareUnsigned));
        for (int i = 1; i < sorted.size(); i++) {
            boolean isTwice = sequence(sorted.get(i - 1)) == sequence(sorted.get(i));
            boolean isEarlier =
                    plan.hasBegin()
                            && Long.compareUnsigned(begin(sorted.get(i)), begin(sorted.get(i - 1)))
                                    < 0;
            if (isTwice || isEarlier) {
                return parts; // the numbers mean something else
            }
        }
        warnings.add(
                "%s: packets do not lie in the order of their sequence numbers, and are read in it"
                        .formatted(parts.getFirst().file()));
        return sorted;
    }

    /// Whether every number is ahead of the one before it, by less than half of the counter's
    /// range.
    private boolean isAscending(List<FilePackets.Part> parts) {
        int unused = 64 - plan.sequenceBits();
        for (int i = 1; i < parts.size(); i++) {
            if (sequence(parts.get(i)) - sequence(parts.get(i - 1)) << unused <= 0) {
                return false;
            }
        }
        return true;
    }

    /// Packets in time order, without those that overlapping snapshots hold twice; of a packet that
    /// had grown in between, the longer one stays.
    private static List<FilePackets.Part> timed(List<FilePackets.Part> parts) {
        List<FilePackets.Part> sorted = new ArrayList<>(parts);
        sorted.sort(
                Comparator.comparing(PacketOrder::begin, Long::compareUnsigned)
                        .thenComparing(part -> -part.location().entry().contentBits()));
        Set<List<Long>> seen = new HashSet<>();
        sorted.removeIf(part -> {
            IndexEntry entry = part.location().entry();
            return !seen.add(
                    entry.sequence() == -1
                            ? List.of(entry.beginTicks(), entry.endTicks(), entry.contentBits())
                            : List.of(entry.beginTicks(), entry.sequence()));
        });
        return sorted;
    }

    private static long begin(FilePackets.Part part) {
        return part.location().entry().beginTicks();
    }

    private static long sequence(FilePackets.Part part) {
        return part.location().entry().sequence();
    }
}
