// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import dev.contrail.kernel.statedump.Interruptions;
import dev.contrail.kernel.statedump.StateDump;
import dev.contrail.kernel.trace.ChannelTrace;
import dev.contrail.kernel.trace.CpuStream;
import dev.contrail.kernel.trace.PacketWriter;
import dev.contrail.recorder.domain.Capture;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.RingAccount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the rings of one channel held at one moment. Owned by the thread that made it.
public final class KernelCapture implements Capture {
    private final ChannelTrace trace;
    private final long damaged;
    private final Consumer<List<RingCopy>> giveBack;
    private final long oldestTicks;
    private final long horizonTicks;
    private @Nullable List<RingCopy> copies;
    private long stateDump;

    /// @param damaged records of the channel that could not be decoded
    /// @param giveBack takes the copies, and the memory with them, when they are written
    public KernelCapture(
            ChannelTrace trace,
            List<RingCopy> copies,
            long damaged,
            Consumer<List<RingCopy>> giveBack) {
        this.trace = trace;
        this.copies = copies;
        this.damaged = damaged;
        this.giveBack = giveBack;
        oldestTicks = oldestTicks(copies);
        horizonTicks = horizonTicks(copies);
    }

    @Override
    public long oldestTicks() {
        return oldestTicks == Long.MAX_VALUE ? oldestTicks : Math.max(oldestTicks, horizonTicks);
    }

    /// Counted in the copies themselves, so it must be asked for before [#write]: kept is recorded
    /// minus overwritten, exactly, and recorded is the number of the newest record kept.
    @Override
    public Optional<RingAccount> account() {
        if (copies == null) {
            return Optional.empty();
        }
        long recorded = 0;
        long discarded = 0;
        long overwritten = 0;
        for (RingCopy copy : copies) {
            boolean isEmpty = copy.count() == 0 && copy.stats().recorded() == 0;
            long written = isEmpty ? 0 : copy.recorded();
            if (written < 0) {
                return Optional.empty();
            }
            recorded += written;
            overwritten += written - copy.records();
            discarded += copy.stats().dropped();
        }
        return Optional.of(
                trace.account(
                        recorded, discarded, overwritten, oldestTicks, horizonTicks, damaged));
    }

    private static long oldestTicks(List<RingCopy> copies) {
        long oldest = Long.MAX_VALUE;
        for (RingCopy copy : copies) {
            if (copy.count() > 0) {
                oldest = Math.min(oldest, copy.time(0));
            }
        }
        return oldest;
    }

    /// Where CPUs have lost old records, the latest of their oldest times: only from there on is
    /// every CPU's history complete. Nowhere, where a CPU has lost all while it was copied.
    static long horizonTicks(List<RingCopy> copies) {
        long horizon = Long.MIN_VALUE;
        for (RingCopy copy : copies) {
            if (copy.isCut()) {
                horizon = Math.max(horizon, copy.count() > 0 ? copy.time(0) : Long.MAX_VALUE);
            }
        }
        return horizon;
    }

    @Override
    public long stateDump() {
        return stateDump;
    }

    /// Writes once; the memory is given back after it. The state at the session's start comes
    /// first, the state of now last.
    @Override
    public void write(PacketSink sink) throws IOException {
        if (copies == null) {
            throw new IllegalStateException("this capture was written");
        }
        PacketWriter writer = trace.newWriter();
        CpuStream dumps = trace.dumpStream();
        Interruptions interruptions = trace.session().interruptions();
        int interruption = 0;
        if (trace.hasStateDump()) {
            dumps.resume(sink);
            StateDump first = trace.session().stateDumps().latest();
            if (first != null) {
                stateDump += writer.writeDump(sink, dumps, first);
                interruption = interruptions.before(first.firstTicks());
            }
        }
        writeRecords(copies, sink, writer);
        if (trace.hasStateDump()) {
            StateDump each;
            while ((each = interruptions.event(interruption++, dumps.lastTicks())) != null) {
                stateDump += writer.writeDump(sink, dumps, each);
            }
            stateDump += writer.writeDump(sink, dumps, trace.session().stateDumps().now());
        }
        giveBack.accept(copies);
        copies = null;
    }

    /// Converts in time order over all CPUs, so that a system call's exit finds its entry on
    /// another CPU.
    private void writeRecords(List<RingCopy> copies, PacketSink sink, PacketWriter writer)
            throws IOException {
        var streams = new ArrayList<CpuStream>();
        for (RingCopy copy : copies) {
            CpuStream stream = trace.stream(copy.cpu());
            stream.resume(sink);
            streams.add(stream);
        }
        int[] next = new int[copies.size()];
        int earliest;
        while ((earliest = earliest(copies, next)) >= 0) {
            RingCopy copy = copies.get(earliest);
            int index = next[earliest]++;
            long data = copy.start(index) + SubBuffer.DATA;
            writer.write(
                    sink,
                    streams.get(earliest),
                    copy.memory(),
                    data,
                    data + copy.length(index),
                    copy.time(index),
                    Long.MIN_VALUE,
                    copy.stats().dropped());
        }
    }

    private static int earliest(List<RingCopy> copies, int[] next) {
        int earliest = -1;
        for (int i = 0; i < next.length; i++) {
            boolean hasMore = next[i] < copies.get(i).count();
            if (hasMore
                    && (earliest < 0
                            || copies.get(i).time(next[i])
                                    < copies.get(earliest).time(next[earliest]))) {
                earliest = i;
            }
        }
        return earliest;
    }
}
