// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.StreamPlan;
import java.util.Optional;
import java.util.OptionalLong;

/// Finds what is missing between the packets of a stream, from their counters (`ctf.md` section 9).
/// Counters wrap at their size.
final class LossAccount {
    private final StreamPlan plan;
    private final CtfVersion version;
    private Optional<IndexEntry> previous = Optional.empty();

    LossAccount(StreamPlan plan, CtfVersion version) {
        this.plan = plan;
        this.version = version;
    }

    /// How many packets are missing before this one.
    OptionalLong packets(IndexEntry entry) {
        if (previous.isEmpty() || !plan.hasSequence()) {
            return OptionalLong.empty();
        }
        long missing = entry.sequence() - previous.get().sequence() - 1 & mask(plan.sequenceBits());
        boolean isLater =
                Long.compareUnsigned(entry.sequence(), previous.get().sequence()) > 0
                        || isNear(missing, plan.sequenceBits());
        return missing != 0 && isLater ? OptionalLong.of(missing) : OptionalLong.empty();
    }

    /// How many events were discarded up to this packet's end since the previous one's.
    ///
    /// The first packet of a stream only sets the baseline; but when its count is not 0, events may
    /// have been discarded before its end, and the number, 0, says that there is none to tell. Only
    /// babeltrace2 2.0.4 says so, whose text is ours for CTF 1.8; for CTF 2 it is that of 2.2.
    OptionalLong events(IndexEntry entry) {
        if (!plan.hasDiscarded()) {
            return OptionalLong.empty();
        }
        if (previous.isEmpty()) {
            return entry.discardedEvents() == 0 || version == CtfVersion.CTF_2
                    ? OptionalLong.empty()
                    : OptionalLong.of(0);
        }
        long more =
                entry.discardedEvents() - previous.get().discardedEvents()
                        & mask(plan.discardedBits());
        boolean isMore =
                Long.compareUnsigned(entry.discardedEvents(), previous.get().discardedEvents()) > 0
                        || isNear(more, plan.discardedBits());
        return more != 0 && isMore ? OptionalLong.of(more) : OptionalLong.empty();
    }

    /// Whether a counter that is lower than before has wrapped: one that would have gone over half
    /// of its range has fallen, which is no loss.
    private static boolean isNear(long distance, int bits) {
        return distance >>> bits - 1 == 0;
    }

    /// When the time in which [#events] were discarded begins.
    long lossBegin(IndexEntry entry) {
        return previous.map(IndexEntry::endTicks).orElse(entry.beginTicks());
    }

    long previousEnd() {
        return previous.orElseThrow().endTicks();
    }

    /// The packet has been accounted for.
    void count(IndexEntry entry) {
        previous = Optional.of(entry);
    }

    private static long mask(int bits) {
        return bits == 64 ? -1L : (1L << bits) - 1;
    }
}
