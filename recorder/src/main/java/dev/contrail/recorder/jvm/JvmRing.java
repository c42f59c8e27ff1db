// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.ctf.IndexEntry;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.recorder.Capture;
import dev.contrail.recorder.ChannelPlan;
import dev.contrail.recorder.PacketSink;
import dev.contrail.recorder.Ring;
import dev.contrail.recorder.RingAccount;
import dev.contrail.recorder.StreamKey;
import dev.contrail.tracer.ring.PacketReceiver;
import dev.contrail.tracer.ring.Pool;
import dev.contrail.tracer.ring.PoolSnapshot;
import dev.contrail.tracer.ring.PoolTotals;
import dev.contrail.tracer.ring.RingException;
import dev.contrail.tracer.ring.RingFile;
import dev.contrail.tracer.ring.RingPacket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// One channel's pool in one process's ring file.
///
/// Owned by the session's consumer thread, but for the two flags that the control thread raises.
final class JvmRing implements Ring {
    private final Path path;
    private final int uid;
    private final String processName;
    private final JvmTrace trace;
    private final long sessionId;
    private final ChannelPlan channel;
    private final boolean isKept;
    private final Consumer<JvmRing> onDiscarded;
    private final Departed departed;

    private volatile boolean isApplicationGone;
    private volatile boolean isGivenUp;
    private Optional<RingFile> file = Optional.empty();
    private boolean isFinished;

    /// Nothing is in it any more: [Departed] has its account. The control thread takes such a ring
    /// off the list a moment later, and its file may be deleted by then.
    private boolean isDiscarded;

    private String quarantine = "";
    private ByteBuffer packetBytes = ByteBuffer.allocate(64 * 1024);

    /// @param uid who must own the file
    /// @param isKept whether the ring of a dead process stays, for snapshots
    /// @param departed takes over the account when the ring goes
    /// @param onDiscarded runs on the consumer thread when the ring has been let go
    JvmRing(
            Path path,
            int uid,
            String processName,
            JvmTrace trace,
            long sessionId,
            ChannelPlan channel,
            boolean isKept,
            Departed departed,
            Consumer<JvmRing> onDiscarded) {
        this.path = path;
        this.uid = uid;
        this.processName = processName;
        this.trace = trace;
        this.sessionId = sessionId;
        this.channel = channel;
        this.isKept = isKept;
        this.departed = departed;
        this.onDiscarded = onDiscarded;
    }

    Path path() {
        return path;
    }

    /// The application has closed its connection: from now on its death is looked for. Any thread.
    void applicationGone(boolean gone) {
        isApplicationGone = gone;
    }

    boolean isApplicationGone() {
        return isApplicationGone;
    }

    /// The consumer shall let go of the ring, whatever it holds. Any thread.
    void giveUp() {
        isGivenUp = true;
    }

    @Override
    public int channelId() {
        return channel.id();
    }

    @Override
    public double drain(PacketSink sink, boolean isFinal) throws IOException {
        Optional<Pool> pool = pool();
        if (pool.isEmpty()) {
            finishIfDead();
            return 0;
        }
        // Looked at before the drain: what a dead process has written is then all drained.
        boolean isDead = isDead();
        try {
            pool.get().drain(receiver(sink, pool.get(), isFinal), true);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        isFinished = isDead && !isKept;
        return 0;
    }

    @Override
    public Capture capture() throws IOException {
        Optional<Pool> pool = pool();
        if (pool.isEmpty()) {
            return new JvmCapture(Optional.empty(), account());
        }
        PoolSnapshot copy = pool.get().snapshot();
        return new JvmCapture(
                Optional.of(new Copied(pool.get(), copy)),
                account(copy.totals(), oldest(copy), new ArrayList<>()));
    }

    @Override
    public RingAccount account() throws IOException {
        Optional<Pool> pool = pool();
        var notes = new ArrayList<String>();
        if (!quarantine.isEmpty() && !isDiscarded) {
            notes.add(quarantine);
        }
        if (pool.isEmpty()) {
            return new RingAccount(trace.directory(), who(), 0, 0, 0, Long.MAX_VALUE, notes);
        }
        if (!isKept) {
            return account(pool.get().totals(), Long.MAX_VALUE, notes);
        }
        PoolSnapshot copy = pool.get().snapshot();
        return account(copy.totals(), oldest(copy), notes);
    }

    private RingAccount account(PoolTotals totals, long oldestTicks, List<String> notes)
            throws IOException {
        if (isDead() && totals.inFlight() > 0) {
            notes.add(
                    "%s was cut off while it wrote %d event%s"
                            .formatted(
                                    who(), totals.inFlight(), totals.inFlight() == 1 ? "" : "s"));
        }
        return new RingAccount(
                trace.directory(),
                who(),
                totals.recorded(),
                totals.lost(),
                totals.overwritten(),
                oldestTicks,
                notes);
    }

    @Override
    public boolean isFinished() {
        return !isDiscarded && (isFinished || isGivenUp);
    }

    @Override
    public void discard() throws IOException {
        RingAccount last = account();
        trace.departed(path, channel.id(), last, isKept);
        departed.note(last.notes());
        isDiscarded = true;
        if (file.isPresent()) {
            file.get().close();
            file = Optional.empty();
        }
        onDiscarded.accept(this);
    }

    @Override
    public String who() {
        return processName;
    }

    private static long oldest(PoolSnapshot copy) {
        long oldest = Long.MAX_VALUE;
        for (RingPacket packet : copy.packets()) {
            if (packet.recordCount() > 0) {
                oldest = Math.min(oldest, packet.beginTicks());
            }
        }
        return oldest == Long.MAX_VALUE ? oldest : Math.max(oldest, copy.horizonTicks());
    }

    private boolean isDead() throws IOException {
        return isApplicationGone && file.isPresent() && !file.get().writerIsAlive();
    }

    private void finishIfDead() throws IOException {
        isFinished = !quarantine.isEmpty() || isDead() && !isKept;
    }

    /// The channel's pool, if the process has opened it by now.
    private Optional<Pool> pool() throws IOException {
        if (isDiscarded || !quarantine.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (file.isEmpty()) {
                file = Optional.of(RingFile.open(path, uid));
            }
            for (Pool pool : file.get().pools()) {
                if (pool.sessionId() == sessionId && pool.channelId() == channel.id()) {
                    return Optional.of(pool);
                }
            }
            return Optional.empty();
        } catch (RingException e) {
            return quarantined("Ring of %s is damaged: %s".formatted(who(), e.getMessage()));
        } catch (NoSuchFileException e) {
            return quarantined(
                    "Ring of %s is gone, and its records with it: somebody has deleted %s"
                            .formatted(who(), path));
        }
    }

    private Optional<Pool> quarantined(String why) {
        quarantine = why;
        System.getLogger("dev.contrail.recorder").log(System.Logger.Level.WARNING, why);
        return Optional.empty();
    }

    private RingFile openFile() {
        return file.orElseThrow();
    }

    private StreamKey key(long instance) {
        return new StreamKey(
                trace.directory(),
                channel.name(),
                Long.toString(instance),
                instance,
                channel.attributes().traceFileBytes(),
                channel.attributes().traceFileCount());
    }

    private long instance(Pool pool, int cell) throws IOException {
        return trace.instance(
                channel.id(), openFile().uuid(), pool.index(), pool.generation(), cell);
    }

    /// @param isFinal whether nobody comes again: what cannot be stored is then lost, and counted;
    ///   otherwise it stays in the ring
    private PacketReceiver receiver(PacketSink sink, Pool pool, boolean isFinal) {
        return new PacketReceiver() {
            @Override
            public long lastStoredSequence(int cell) {
                try {
                    OptionalLong instance =
                            trace.knownInstance(
                                    channel.id(),
                                    openFile().uuid(),
                                    pool.index(),
                                    pool.generation(),
                                    cell);
                    if (instance.isEmpty()) {
                        return -1;
                    }
                    return sink.last(key(instance.getAsLong()))
                            .map(IndexEntry::sequence)
                            .orElse(-1L);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void packet(RingPacket packet) throws IOException {
                if (isFinal) {
                    send(sink::packet, sink, pool, packet);
                } else {
                    send(sink::store, sink, pool, packet);
                }
            }
        };
    }

    /// How a packet is handed on.
    @FunctionalInterface
    private interface Delivery {
        void deliver(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException;
    }

    /// Puts header and context before the records and hands the packet on.
    private void send(Delivery delivery, PacketSink sink, Pool pool, RingPacket packet)
            throws IOException {
        var uuid = sink.traceUuid(trace.directory());
        sink.metadata(trace.directory(), trace.metadata(uuid));
        long instance = instance(pool, packet.cell());
        int size = JvmTrace.PACKET_START_BYTES + packet.records().remaining();
        if (packetBytes.capacity() < size) {
            packetBytes = ByteBuffer.allocate(size);
        }
        var entry =
                new IndexEntry(
                        size * 8L,
                        size * 8L,
                        packet.beginTicks(),
                        packet.endTicks(),
                        packet.recordCount(),
                        packet.lostTotal(),
                        channel.id(),
                        instance,
                        packet.sequence());
        packetBytes.clear();
        LttngSchema.writePacketStart(packetBytes, uuid, entry);
        packetBytes.order(ByteOrder.LITTLE_ENDIAN).putInt((int) openFile().processId());
        packetBytes.put(JvmTrace.cut(processName));
        while (packetBytes.position() < JvmTrace.PACKET_START_BYTES) {
            packetBytes.put((byte) 0);
        }
        packetBytes.put(packet.records()).flip();
        delivery.deliver(key(instance), entry, packetBytes);
    }

    private record Copied(Pool pool, PoolSnapshot snapshot) {}

    private final class JvmCapture implements Capture {
        private final Optional<Copied> copied;
        private final RingAccount account;

        JvmCapture(Optional<Copied> copied, RingAccount account) {
            this.copied = copied;
            this.account = account;
        }

        @Override
        public Optional<RingAccount> account() {
            return Optional.of(account);
        }

        @Override
        public long oldestTicks() {
            return copied.stream()
                    .flatMap(each -> each.snapshot.packets().stream())
                    .mapToLong(RingPacket::beginTicks)
                    .min()
                    .orElse(Long.MAX_VALUE);
        }

        @Override
        public void write(PacketSink sink) throws IOException {
            if (copied.isPresent()) {
                List<RingPacket> packets = copied.get().snapshot.packets();
                for (RingPacket packet : packets) {
                    send(sink::packet, sink, copied.get().pool, packet);
                }
            }
        }
    }
}
