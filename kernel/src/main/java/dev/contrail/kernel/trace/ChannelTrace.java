// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.trace;

import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.recorder.domain.StreamKey;
import java.util.ArrayList;

/// How one channel's records become packets of its session's trace, and what its account says
/// beside numbers. Any thread.
public record ChannelTrace(SessionTrace session, ChannelPlan channel) {
    /// Stream instances of a channel: one for each CPU, and one for the state dump.
    private static final int INSTANCES = 1 << 16;

    private static final int DUMP_INSTANCE = INSTANCES - 1;

    /// Whether rings are kept for snapshots, rather than drained to disk.
    public boolean isSnapshot() {
        return session.session().isSnapshot();
    }

    /// Whether the state dump goes into this channel.
    public boolean hasStateDump() {
        return session.hasStateDump(channel.id());
    }

    /// A writer with a converter of its own, for one thread.
    public PacketWriter newWriter() {
        return new PacketWriter(
                () -> session.events(channel.id()), session::metadata, session.syscallNumbers());
    }

    /// The stream of one CPU's records, at its beginning.
    public CpuStream stream(int cpu) {
        return new CpuStream(key(Integer.toString(cpu), cpu), channel.id(), cpu);
    }

    /// The stream of state dumps and interruptions, at its beginning.
    public CpuStream dumpStream() {
        return new CpuStream(key(StreamKey.STATE_DUMP, DUMP_INSTANCE), channel.id(), 0);
    }

    private StreamKey key(String suffix, int number) {
        boolean isDump = number == DUMP_INSTANCE;
        return new StreamKey(
                KernelTrace.DIRECTORY,
                channel.name(),
                suffix,
                (long) channel.id() * INSTANCES + number,
                isDump ? 0 : channel.attributes().traceFileBytes(),
                isDump ? 0 : channel.attributes().traceFileCount());
    }

    /// @param damaged records that could not be decoded
    public RingAccount account(
            long recorded,
            long discarded,
            long overwritten,
            long oldestTicks,
            long horizonTicks,
            long damaged) {
        var notes = new ArrayList<String>();
        if (hasStateDump()) {
            notes.addAll(session.interruptions().notes());
            notes.addAll(session.stateDumps().notes());
        }
        if (damaged > 0) {
            notes.add(damaged + " kernel records could not be decoded");
        }
        return new RingAccount(
                KernelTrace.DIRECTORY,
                "kernel",
                recorded,
                discarded,
                overwritten,
                oldestTicks,
                horizonTicks,
                notes);
    }
}
