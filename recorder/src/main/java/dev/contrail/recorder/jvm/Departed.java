// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.recorder.Capture;
import dev.contrail.recorder.PacketSink;
import dev.contrail.recorder.Ring;
import dev.contrail.recorder.RingAccount;
import java.util.ArrayList;
import java.util.List;

/// The account of a channel's rings that are no more. Owned by the session's consumer thread.
final class Departed implements Ring {
    private static final int MAX_NOTES = 16;

    private final int channelId;
    private final String traceDirectory;
    private final boolean isKept;
    private final List<String> notes = new ArrayList<>();
    private int rings;
    private long recorded;
    private long discarded;
    private long overwritten;

    /// @param isKept whether rings hold history: when one goes, so does what was in it
    Departed(int channelId, String traceDirectory, boolean isKept) {
        this.channelId = channelId;
        this.traceDirectory = traceDirectory;
        this.isKept = isKept;
    }

    void add(RingAccount account) {
        rings++;
        recorded += account.recorded();
        discarded += account.discarded();
        overwritten += isKept ? account.recorded() : account.overwritten();
        if (notes.size() < MAX_NOTES) {
            notes.addAll(account.notes());
        }
    }

    @Override
    public int channelId() {
        return channelId;
    }

    @Override
    public double drain(PacketSink sink, boolean isFinal) {
        return 0;
    }

    @Override
    public Capture capture() {
        return new Capture() {
            @Override
            public long oldestTicks() {
                return Long.MAX_VALUE;
            }

            @Override
            public void write(PacketSink sink) {
                // Nothing is left of these rings but their account.
            }
        };
    }

    @Override
    public RingAccount account() {
        var all = new ArrayList<String>();
        if (isKept && rings > 0) {
            all.add("the rings of %d ended application(s) were given up".formatted(rings));
        }
        all.addAll(notes);
        return new RingAccount(
                traceDirectory,
                "ended applications",
                recorded,
                discarded,
                overwritten,
                Long.MAX_VALUE,
                all);
    }
}
