// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.domain;

import java.util.List;

/// What became of the records of one ring: emitted = recorded + discarded, of the recorded ones
/// `overwritten` are gone. What the trace holds is recorded - overwritten + stateDump.
///
/// @param traceDirectory where its streams lie, such as `kernel`
/// @param who the process, such as `Shop (1234)`; `kernel`
/// @param oldestTicks time of the oldest record in memory, or `Long.MAX_VALUE` for none
/// @param horizonTicks before it, records may have been overwritten; `Long.MIN_VALUE` when none was
/// @param stateDump records that the tracer has put into the trace of itself, to say what the
///   machine was doing; they are not among those recorded
/// @param notes a line for each thing that the user should know, such as an event that was cut off
public record RingAccount(
        String traceDirectory,
        String who,
        long recorded,
        long discarded,
        long overwritten,
        long oldestTicks,
        long horizonTicks,
        long stateDump,
        List<String> notes) {
    public RingAccount {
        notes = List.copyOf(notes);
    }

    public RingAccount(
            String traceDirectory,
            String who,
            long recorded,
            long discarded,
            long overwritten,
            long oldestTicks) {
        this(
                traceDirectory,
                who,
                recorded,
                discarded,
                overwritten,
                oldestTicks,
                Long.MIN_VALUE,
                List.of());
    }

    public RingAccount(
            String traceDirectory,
            String who,
            long recorded,
            long discarded,
            long overwritten,
            long oldestTicks,
            long horizonTicks,
            List<String> notes) {
        this(
                traceDirectory,
                who,
                recorded,
                discarded,
                overwritten,
                oldestTicks,
                horizonTicks,
                0,
                notes);
    }

    /// From then on all is in memory, or `Long.MAX_VALUE` when nothing is. A buffer that has never
    /// overwritten anything reaches back to the beginning, however young its oldest record is.
    public long completeFromTicks() {
        return oldestTicks == Long.MAX_VALUE ? oldestTicks : Math.max(oldestTicks, horizonTicks);
    }

    /// The same with that many records of the state dump.
    public RingAccount withStateDump(long records) {
        return new RingAccount(
                traceDirectory,
                who,
                recorded,
                discarded,
                overwritten,
                oldestTicks,
                horizonTicks,
                records,
                notes);
    }
}
