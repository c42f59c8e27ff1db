// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.recorder.Capture;
import dev.contrail.recorder.PacketSink;
import dev.contrail.recorder.RingAccount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the rings of one channel held at one moment. Owned by the thread that made it.
final class KernelCapture implements Capture {
    private final KernelRing ring;
    private final long oldestTicks;
    private final long horizonTicks;
    private @Nullable List<RingCopy> copies;
    private long stateDump;

    KernelCapture(KernelRing ring, List<RingCopy> copies) {
        this.ring = ring;
        this.copies = copies;
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
                ring.account(recorded, discarded, overwritten, oldestTicks, horizonTicks));
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
        PacketWriter writer = ring.newWriter();
        CpuStream dumps = ring.dumpStream();
        if (ring.hasStateDump()) {
            dumps.resume(sink);
            StateDump first = ring.recording().stateDumps().latest();
            if (first != null) {
                stateDump += writer.writeDump(sink, dumps, first);
            }
        }
        writeRecords(copies, sink, writer);
        if (ring.hasStateDump()) {
            for (StateDump each : ring.recording().interruptions().after(dumps.lastTicks())) {
                stateDump += writer.writeDump(sink, dumps, each);
            }
            stateDump += writer.writeDump(sink, dumps, ring.recording().stateDumps().now());
        }
        ring.giveBack(copies);
        copies = null;
    }

    /// Converts in the order of time over all CPUs, so that a system call's exit finds its entry on
    /// another CPU.
    private void writeRecords(List<RingCopy> copies, PacketSink sink, PacketWriter writer)
            throws IOException {
        var streams = new ArrayList<CpuStream>();
        for (RingCopy copy : copies) {
            CpuStream stream = ring.stream(copy.cpu());
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
