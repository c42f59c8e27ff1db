// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.recorder.Capture;
import dev.contrail.recorder.ChannelPlan;
import dev.contrail.recorder.PacketSink;
import dev.contrail.recorder.Ring;
import dev.contrail.recorder.RingAccount;
import dev.contrail.recorder.StreamKey;
import dev.contrail.wire.control.LossMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/// The rings of all CPUs of one channel. Owned by the session's sender thread where they are
/// drained aside, and otherwise by the consumer; the account may be asked for by both.
final class KernelRing implements Ring {
    /// Stream instances of a channel: one for each CPU, and one for the state dump.
    private static final int INSTANCES = 1 << 16;

    private static final int DUMP_INSTANCE = INSTANCES - 1;

    /// The kernel's ring has a sub-buffer for the reader more, and is rounded up.
    private static final int SLACK_BYTES = 4 * (64 << 10);

    private static final long CPU_CHECK_NANOS = 1_000_000_000L;

    private static final System.Logger LOG = System.getLogger(KernelRing.class.getName());

    private final KernelRecording recording;
    private final ChannelPlan channel;
    private final Instance instance;
    private final boolean isMappingWanted;
    private final Converters converters;
    private final CpuStream dumpStream;
    private final List<CpuBuffer> buffers = new CopyOnWriteArrayList<>();
    private final AtomicReference<List<RingCopy>> spareCopies = new AtomicReference<>(List.of());
    private final long ringBytes;
    private final List<Drain> drains = new ArrayList<>();
    private long nextCpuCheck;
    private volatile boolean isClosed;

    KernelRing(
            KernelRecording recording,
            ChannelPlan channel,
            Instance instance,
            boolean isMappingWanted)
            throws IOException {
        this.recording = recording;
        this.channel = channel;
        this.instance = instance;
        this.isMappingWanted = isMappingWanted;
        ringBytes = Math.max(1, instance.ringBytes());
        DrainPlan plan = recording.drainPlan();
        converters = new Converters(channel.name(), plan.converters(), this::newWriter);
        dumpStream = dumpStream();
        boolean isAside = plan.isAside() && !recording.session().isSnapshot();
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
        if (recording.session().isSnapshot() || isClosed) {
            return 0;
        }
        drainDumps(sink, isFinal);
        try {
            openNewBuffers();
        } catch (IOException refused) { // the other CPUs go on; it is tried again
            LOG.log(System.Logger.Level.WARNING, "A CPU that has come is not recorded", refused);
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
    public Capture capture() throws IOException {
        openNewBuffers();
        if (!instance.hasOurClock()) {
            return new KernelCapture(this, List.of());
        }
        List<RingCopy> copies = new ArrayList<>(spareCopies.getAndSet(List.of()));
        while (copies.size() < buffers.size()) {
            copies.add(new RingCopy());
        }
        for (int i = 0; i < buffers.size(); i++) {
            buffers.get(i).copy(copies.get(i));
        }
        return new KernelCapture(this, List.copyOf(copies.subList(0, buffers.size())));
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
        return account(recorded, discarded, overwritten, oldest, horizon)
                .withStateDump(hasStateDump() ? recording.stateDumps().storedRecords() : 0);
    }

    /// An account with what this ring has to say beside the numbers.
    RingAccount account(
            long recorded, long discarded, long overwritten, long oldestTicks, long horizonTicks) {
        long damaged = converters.damaged();
        var notes = new ArrayList<String>();
        if (hasStateDump()) {
            notes.addAll(recording.interruptions().notes());
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

    /// The memory of a snapshot that was written serves the next one.
    void giveBack(List<RingCopy> copies) {
        spareCopies.set(copies);
    }

    String channelName() {
        return channel.name();
    }

    KernelRecording recording() {
        return recording;
    }

    /// Whether the state dump goes into this channel.
    boolean hasStateDump() {
        return recording.stateDumpChannel() == channel.id();
    }

    PacketWriter newWriter() {
        return new PacketWriter(
                () -> recording.events(channel.id()),
                recording::metadata,
                recording.syscallNumbers());
    }

    CpuStream stream(int cpu) {
        return new CpuStream(key(Integer.toString(cpu), cpu), channel.id(), cpu);
    }

    CpuStream dumpStream() {
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

    private void drainDumps(PacketSink sink, boolean isFinal) throws IOException {
        if (!hasStateDump()) {
            return;
        }
        dumpStream.resume(sink);
        StateDump dump;
        while ((dump = recording.stateDumps().next(isFinal, dumpStream.lastTicks())) != null) {
            recording.stateDumps().stored(converters.first().writeDump(sink, dumpStream, dump));
        }
        for (StateDump each : recording.interruptions().after(dumpStream.lastTicks())) {
            recording.stateDumps().stored(converters.first().writeDump(sink, dumpStream, each));
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
                buffers.add(openBuffer(stream(cpu)));
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
        if (recording.session().isSnapshot()) {
            if (isMappingWanted) {
                try {
                    return MappedBuffer.open(instance, stream);
                } catch (IOException notMapped) {
                    LOG.log(System.Logger.Level.DEBUG, "Read instead", notMapped);
                }
            }
            return ReadBuffer.open(instance, stream);
        }
        Spill spill = recording.spill(channel.id(), stream.cpu(), instance.subBufferBytes());
        boolean isOverwriting = channel.attributes().lossMode() == LossMode.OVERWRITE;
        return SpilledBuffer.open(
                instance, stream, converters.of(stream.cpu()), spill, isOverwriting, isSpilled());
    }
}
