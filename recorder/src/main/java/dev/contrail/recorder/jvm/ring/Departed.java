// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.RingAccount;
import java.util.ArrayList;
import java.util.List;

/// The account of a channel's rings that are no more, also of those that an earlier daemon let go.
/// Owned by the session's consumer thread.
public final class Departed {
    private static final int MAX_NOTES = 16;

    private final int channelId;
    private final JvmTrace trace;
    private final boolean isKept;
    private final Ring ledger;
    private final List<String> notes = new ArrayList<>();

    /// @param trace keeps the numbers
    /// @param isKept whether rings hold history: when one goes, so does what was in it
    public Departed(int channelId, JvmTrace trace, boolean isKept) {
        this.channelId = channelId;
        this.trace = trace;
        this.isKept = isKept;
        this.ledger = new Ledger(channelId, this::account);
    }

    void note(List<String> more) {
        if (notes.size() < MAX_NOTES) {
            notes.addAll(more);
        }
    }

    /// The account in the form of a ring, as sessions ask for it.
    public Ring ledger() {
        return ledger;
    }

    private RingAccount account() {
        RingAccount sum = trace.departedOf(channelId);
        var all = new ArrayList<String>();
        if (isKept && sum.recorded() > 0) {
            all.add(
                    "%,d records of ended applications were given up with their rings"
                            .formatted(sum.recorded()));
        }
        if (!trace.problem().isEmpty()) {
            all.add(trace.problem());
        }
        all.addAll(notes);
        return new RingAccount(
                sum.traceDirectory(),
                sum.who(),
                sum.recorded(),
                sum.discarded(),
                sum.overwritten(),
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                all);
    }
}
