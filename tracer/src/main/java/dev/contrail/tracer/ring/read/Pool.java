// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.process.WriterState;
import dev.contrail.tracer.ring.Layout;
import dev.contrail.tracer.ring.PoolMode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A ring of blocks in a [RingFile]: the memory of one channel in one process. Owned by the thread
/// that owns the file.
public final class Pool {
    /// Held while a claim ends: what one thread ends, another one of this process may end as well.
    private static final Object RELEASING = new Object();

    private final RingView view;
    private final PoolDescriptor descriptor;
    private final LifeSigns life;
    private @Nullable PoolDrain consumer;

    Pool(RingView view, PoolDescriptor descriptor, LifeSigns life) {
        this.view = view;
        this.descriptor = descriptor;
        this.life = life;
    }

    PoolDescriptor descriptor() {
        return descriptor;
    }

    public long sessionId() {
        return descriptor.sessionId();
    }

    public int channelId() {
        return descriptor.channelId();
    }

    public PoolMode mode() {
        return descriptor.mode();
    }

    public int blockSize() {
        return descriptor.blockSize();
    }

    public int blockCount() {
        return descriptor.blockCount();
    }

    public int cells() {
        return descriptor.cells();
    }

    /// Whether it holds what records of the channel's other pools refer to, which says nothing
    /// about how far back those go.
    public boolean isPinned() {
        return descriptor.isPinned();
    }

    /// Tells pools apart that have had the same descriptor, one after the other.
    public int generation() {
        return descriptor.generation();
    }

    /// The number of its descriptor.
    public int index() {
        return descriptor.index();
    }

    /// Whether the application has closed it: all its blocks are closed, no record will follow.
    public boolean isDraining() throws IOException {
        return view.guarded(() -> state() == Layout.DRAINING);
    }

    /// Copies what is in the pool. Stops no writer, consumes nothing.
    public PoolSnapshot snapshot() throws IOException {
        return snapshot(Long.MAX_VALUE);
    }

    /// As {@link #snapshot()}, for a reader who gets records from `oldestTicks` on beside this
    /// pool's: what was overwritten after it is missing between them, and told.
    public PoolSnapshot snapshot(long oldestTicks) throws IOException {
        return inThisGeneration(() -> copier(oldestTicks).copy());
    }

    /// As {@link #snapshot}, without holding what is in the pool: packets come oldest first over
    /// all cells, in order in each, while the next are not copied yet. What is overwritten
    /// meanwhile is counted as overwritten.
    ///
    /// @return without packets
    public PoolSnapshot stream(SnapshotReceiver receiver) throws IOException {
        return stream(Long.MAX_VALUE, receiver);
    }

    /// As {@link #snapshot(long)} and {@link #stream(SnapshotReceiver)}.
    public PoolSnapshot stream(long oldestTicks, SnapshotReceiver receiver) throws IOException {
        return inThisGeneration(() -> copier(oldestTicks).stream(receiver, true));
    }

    /// As {@link #stream}, of packets without their records: to count, not to keep.
    public PoolSnapshot survey(SnapshotReceiver receiver) throws IOException {
        return inThisGeneration(() -> copier(Long.MAX_VALUE).stream(receiver, false));
    }

    /// The oldest record in several pools of one channel: what one has overwritten since then is
    /// missing beside it. Pinned ones do not count. `Long.MAX_VALUE` for one pool, which knows its
    /// own.
    public static long oldestOfMany(List<Pool> pools) throws IOException {
        long[] oldest = {Long.MAX_VALUE};
        if (pools.size() > 1) {
            for (Pool pool : pools) {
                pool.survey(packet -> {
                    if (packet.recordCount() > 0 && !pool.isPinned()) {
                        oldest[0] = Math.min(oldest[0], packet.beginTicks());
                    }
                });
            }
        }
        return oldest[0];
    }

    private SnapshotCopier copier(long oldestTicks) throws IOException {
        return new SnapshotCopier(view, descriptor, untilTicks(), oldestTicks);
    }

    /// As [RingFile#untilTicks].
    public long untilTicks() throws IOException {
        return life.untilTicks();
    }

    /// Bytes of its blocks.
    public long bytes() {
        return (long) descriptor.blockCount() * descriptor.blockSize();
    }

    /// Hands the packets that were closed since the last call to `receiver`, cell by cell, and in
    /// discard mode frees their blocks. At most one consumer may exist for a pool.
    ///
    /// @param partial also the part of open blocks that was not sent yet, and an empty accounting
    ///   packet for a cell whose losses no other packet has told
    /// @throws IOException from the file or from `receiver`; the next call goes on where this ended
    @SuppressWarnings("NullAway") // there is no result
    public void drain(PacketReceiver receiver, boolean partial) throws IOException {
        inThisGeneration(() -> {
            if (consumer == null) {
                consumer = new PoolDrain(view, descriptor, receiver);
            }
            consumer.drain(receiver, partial);
            return null;
        });
    }

    /// What is drained after this call, and was recorded before the returned time, is all there is:
    /// records that come late are older than the clock says. `Long.MAX_VALUE` when none come late.
    public long floorTicks() throws IOException {
        return inThisGeneration(() -> {
            long floor = CellTotals.floorTicks(view, descriptor);
            return floor == 0 ? Long.MAX_VALUE : floor;
        });
    }

    /// How much of it was leased since the last [#drain]: 1 for as many blocks as it has. 0 when it
    /// was never drained. As cheap as can be: it is asked for often, by a thread that has been
    /// asleep.
    public double fill() throws IOException {
        if (consumer == null) {
            return 0;
        }
        try {
            view.checkUncut();
            double fill = consumer.fill();
            view.checkUncut();
            return fill;
        } catch (InternalError e) {
            throw view.fault(e);
        }
    }

    /// The account now. Exact when nobody is writing.
    public PoolTotals totals() throws IOException {
        return inThisGeneration(() -> Account.of(view, descriptor));
    }

    /// Says in the ring that somebody wants what the pool holds, now.
    @SuppressWarnings("NullAway") // there is no result
    public void visit() throws IOException {
        inThisGeneration(() -> {
            view.putLong(descriptor.offset() + Layout.P_VISITED, TracerClock.nanos());
            return null;
        });
    }

    /// When somebody has last said so; 0 for never.
    long visited() {
        return view.getLongOpaque(descriptor.offset() + Layout.P_VISITED);
    }

    /// Whether nobody has said so for that long, and its process has given no sign of life.
    public boolean isAbandoned(long nanos) throws IOException {
        return inThisGeneration(() -> life.silentNanos(visited()) > nanos);
    }

    /// Ends the claim on the pool's content: the session has had it, or wants it no more. The
    /// memory of a draining pool goes back to its process; that of one whose process has ended is
    /// nobody's. Only after the last drain.
    ///
    /// @throws IOException when its process may still write into it
    @SuppressWarnings("NullAway") // there is no result
    public void release() throws IOException {
        inThisGeneration(() -> {
            synchronized (RELEASING) {
                int found = state();
                long at = descriptor.offset() + Layout.P_STATE;
                if (found == Layout.ACTIVE && life.writer() != WriterState.ENDED) {
                    throw RingException.at(view.file(), at, "pool state", Layout.DRAINING, found);
                }
                if (found != Layout.FREE) {
                    view.putIntRelease(at, Layout.FREE);
                }
                return null;
            }
        });
    }

    private int state() {
        return view.getIntAcquire(descriptor.offset() + Layout.P_STATE);
    }

    private <T> T inThisGeneration(RingView.Work<T> work) throws IOException {
        return view.guarded(() -> {
            checkGeneration();
            T result = work.run();
            checkGeneration();
            return result;
        });
    }

    private void checkGeneration() throws RingException {
        long at = descriptor.offset() + Layout.P_GENERATION;
        int found = view.getIntAcquire(at);
        if (found != descriptor.generation()) {
            throw RingException.at(
                    view.file(), at, "pool generation", descriptor.generation(), found);
        }
    }
}
