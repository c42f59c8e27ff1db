// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.kernel.buffer.Converters;
import dev.contrail.kernel.buffer.CpuBuffer;
import dev.contrail.kernel.buffer.Drain;
import dev.contrail.kernel.buffer.DrainPlan;
import dev.contrail.kernel.buffer.KernelCapture;
import dev.contrail.kernel.buffer.MappedBuffer;
import dev.contrail.kernel.buffer.ReadBuffer;
import dev.contrail.kernel.buffer.RingCopy;
import dev.contrail.kernel.buffer.Spill;
import dev.contrail.kernel.buffer.SpillFiles;
import dev.contrail.kernel.buffer.SpilledBuffer;
import dev.contrail.kernel.statedump.Interruptions;
import dev.contrail.kernel.statedump.StateDump;
import dev.contrail.kernel.statedump.StateDumps;
import dev.contrail.kernel.trace.ChannelTrace;
import dev.contrail.kernel.trace.CpuStream;
import dev.contrail.kernel.tracefs.CpuStats;
import dev.contrail.kernel.tracefs.Instance;
import dev.contrail.recorder.domain.Capture;
import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.recorder.thread.RepeatedMessages;
import dev.contrail.wire.LossMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/// The rings of all CPUs of one channel. Owned by the session's sender thread where they are
/// drained aside, and otherwise by the consumer; the account may be asked for by both.
final class KernelRing implements Ring {
    /// The kernel's ring has a sub-buffer for the reader more, and is rounded up.
    private static final int SLACK_BYTES = 4 * (64 << 10);

    private static final long CPU_CHECK_NANOS = 1_000_000_000L;

    private static final System.Logger LOG = System.getLogger(KernelRing.class.getName());
    private static final RepeatedMessages REPEATED = new RepeatedMessages(LOG);

    private final ChannelTrace trace;
    private final ChannelPlan channel;
    private final Instance instance;
    private final SpillFiles spills;
    private final boolean isMappingWanted;
    private final Converters converters;
    private final CpuStream dumpStream;
    private int storedInterruptions;
    private final List<CpuBuffer> buffers = new CopyOnWriteArrayList<>();
    private final AtomicReference<List<RingCopy>> spareCopies = new AtomicReference<>(List.of());
    private final long ringBytes;
    private final List<Drain> drains = new ArrayList<>();
    private final long openedTicks = System.nanoTime();
    private long nextCpuCheck;
    private volatile boolean isClosed;

    /// @param spills of the session
    /// @param plan threads for the channel
    KernelRing(
            ChannelTrace trace,
            Instance instance,
            SpillFiles spills,
            DrainPlan plan,
            boolean isMappingWanted)
            throws IOException {
        this.trace = trace;
        this.channel = trace.channel();
        this.instance = instance;
        this.spills = spills;
        this.isMappingWanted = isMappingWanted;
        ringBytes = Math.max(1, instance.ringBytes());
        converters = new Converters(channel.name(), plan.converters(), trace::newWriter);
        dumpStream = trace.dumpStream();
        boolean isAside = plan.isAside() && !trace.isSnapshot();
        try {
            for (int i = 0; isAside && i < plan.drains(); i++) {
                drains.add(new Drain(channel.name()));
            }
            openBuffers();
        } catch (IOException refused) {
            close();
            throw refused;
        }
    }

    @Override
    public int channelId() {
        return channel.id();
    }

    @Override
    public boolean isSpilled() {
        return !drains.isEmpty();
    }

    @Override
    public long spilledBytes() {
        return isSpilled() ? spilled().stream().mapToLong(SpilledBuffer::spilledBytes).sum() : 0;
    }

    /// The fill level that it returns is what was taken out, in parts of the ring; 1 when records
    /// were lost. A snapshot session's ring stays as it is.
    @Override
    public double drain(PacketSink sink, boolean isFinal) throws IOException {
        if (trace.isSnapshot() || isClosed) {
            return 0;
        }
        drainDumps(sink, isFinal);
        try {
            openNewBuffers();
        } catch (IOException refused) { // the other CPUs go on; it is tried again
            REPEATED.warn("A CPU that has come is not recorded", refused);
        }
        boolean isIdle =
                isSpilled() && !isFinal && spilled().stream().allMatch(SpilledBuffer::isEmpty);
        if (isIdle || !instance.hasOurClock()) {
            return 0; // somebody has changed it: these records' times would be wrong
        }
        return converters.drain(
                buffers,
                sink,
                (buffer, to) -> {
                    long lost = buffer.stream().discarded();
                    long bytes = buffer.drain(to, isFinal);
                    boolean hasLost = buffer.stream().discarded() > lost;
                    return hasLost ? 1 : Math.min(1, (double) bytes / ringBytes);
                });
    }

    @Override
    public boolean mark() throws IOException {
        try {
            openNewBuffers();
        } catch (IOException refused) {
            REPEATED.warn("A CPU that has come is not recorded", refused);
        }
        boolean isAll = true;
        for (SpilledBuffer each : spilled()) {
            isAll &= each.mark();
        }
        return isAll;
    }

    @Override
    public boolean drainMarked(PacketSink sink) throws IOException {
        if (isClosed) {
            return true;
        }
        for (SpilledBuffer each : spilled()) {
            each.stream().resume(sink);
            converters.first().announce(sink, each.stream(), openedTicks);
        }
        if (trace.hasStateDump()) {
            dumpStream.resume(sink);
            converters.first().announce(sink, dumpStream, openedTicks);
        }
        drainDumps(sink, false);
        boolean isAllTaken = !trace.hasStateDump() || !trace.session().stateDumps().isBeingTaken();
        if (!instance.hasOurClock()) {
            return false; // somebody has changed it: these records' times would be wrong
        }
        converters.drain(
                buffers,
                sink,
                (buffer, to) -> {
                    ((SpilledBuffer) buffer).drainMarked(to);
                    return 0;
                });
        return isAllTaken;
    }

    @Override
    public Capture capture() throws IOException {
        openNewBuffers();
        if (!instance.hasOurClock()) {
            return newCapture(List.of());
        }
        List<RingCopy> copies = new ArrayList<>(spareCopies.getAndSet(List.of()));
        while (copies.size() < buffers.size()) {
            copies.add(new RingCopy());
        }
        for (int i = 0; i < buffers.size(); i++) {
            buffers.get(i).copy(copies.get(i));
        }
        return newCapture(List.copyOf(copies.subList(0, buffers.size())));
    }

    /// The memory of a snapshot that was written serves the next one.
    private KernelCapture newCapture(List<RingCopy> copies) {
        return new KernelCapture(trace, copies, converters.damaged(), spareCopies::set);
    }

    @Override
    public RingAccount account() throws IOException {
        long recorded = 0;
        long discarded = 0;
        long overwritten = 0;
        long oldest = Long.MAX_VALUE;
        long horizon = Long.MIN_VALUE;
        for (int cpu : instance.cpus()) {
            CpuStats stats = instance.stats(cpu);
            long overwrittenBefore = overwritten;
            recorded += stats.recorded();
            discarded += stats.dropped();
            for (CpuBuffer buffer : buffers) {
                if (buffer.stream().cpu() == cpu) {
                    long stolen = buffer.stolen(stats);
                    recorded -= buffer.surplus();
                    overwritten += stolen;
                }
            }
            overwritten += stats.overrun();
            if (stats.unread() > 0) {
                oldest = Math.min(oldest, stats.oldestTicks());
                if (overwritten > overwrittenBefore) {
                    horizon = Math.max(horizon, stats.oldestTicks());
                }
            }
        }
        long damaged = converters.damaged();
        return trace.account(recorded, discarded, overwritten, oldest, horizon, damaged)
                .withStateDump(
                        trace.hasStateDump() ? trace.session().stateDumps().storedRecords() : 0);
    }

    /// Lets go of the kernel's rings. Nothing but [#account] works after it.
    void close() throws IOException {
        if (!isClosed) {
            isClosed = true;
            drains.forEach(Drain::close);
            for (CpuBuffer buffer : buffers) {
                buffer.close();
            }
            converters.close();
        }
    }

    /// Touches the memory for a first snapshot beforehand: that takes longer than the copy. Called
    /// by another thread than the consumer, before the ring is used.
    void prepareCopies() {
        var copies = new ArrayList<RingCopy>();
        for (int i = 0; i < buffers.size(); i++) {
            var copy = new RingCopy();
            copy.prepare(ringBytes + SLACK_BYTES);
            copies.add(copy);
        }
        spareCopies.compareAndSet(List.of(), List.copyOf(copies));
    }

    String channelName() {
        return channel.name();
    }

    private void drainDumps(PacketSink sink, boolean isFinal) throws IOException {
        if (!trace.hasStateDump()) {
            return;
        }
        dumpStream.resume(sink);
        StateDumps dumps = trace.session().stateDumps();
        StateDump dump;
        while ((dump = dumps.next(isFinal, dumpStream.lastTicks())) != null) {
            dumps.stored(converters.first().writeDump(sink, dumpStream, dump));
        }
        if (isFinal || !dumps.isBeingTaken()) {
            Interruptions interruptions = trace.session().interruptions();
            while ((dump = interruptions.event(storedInterruptions, dumpStream.lastTicks()))
                    != null) {
                dumps.stored(converters.first().writeDump(sink, dumpStream, dump));
                storedInterruptions++;
            }
        }
    }

    /// CPUs may come while recording.
    private void openNewBuffers() throws IOException {
        long now = System.nanoTime();
        if (now - nextCpuCheck >= 0) {
            nextCpuCheck = now + CPU_CHECK_NANOS;
            openBuffers();
        }
    }

    private void openBuffers() throws IOException {
        for (int cpu : instance.cpus()) {
            if (buffers.stream().noneMatch(buffer -> buffer.stream().cpu() == cpu)) {
                buffers.add(openBuffer(trace.stream(cpu)));
                watch();
            }
        }
    }

    /// Shares the CPUs among the drains.
    private void watch() {
        for (int i = 0; i < drains.size(); i++) {
            int turn = i;
            drains.get(i)
                    .watch(
                            spilled().stream()
                                    .filter(each -> each.stream().cpu() % drains.size() == turn)
                                    .toList());
        }
    }

    private List<SpilledBuffer> spilled() {
        return buffers.stream().map(each -> (SpilledBuffer) each).toList();
    }

    private CpuBuffer openBuffer(CpuStream stream) throws IOException {
        if (trace.isSnapshot()) {
            if (isMappingWanted) {
                try {
                    return MappedBuffer.open(instance, stream);
                } catch (IOException notMapped) {
                    LOG.log(System.Logger.Level.DEBUG, "Read instead", notMapped);
                }
            }
            return ReadBuffer.open(instance, stream);
        }
        Spill spill = spills.open(channel.id(), stream.cpu(), instance.subBufferBytes());
        boolean isOverwriting = channel.attributes().lossMode() == LossMode.OVERWRITE;
        return SpilledBuffer.open(
                instance, stream, converters.of(stream.cpu()), spill, isOverwriting, isSpilled());
    }
}
