// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import dev.contrail.kernel.convert.Converter;
import dev.contrail.kernel.trace.CpuStream;
import dev.contrail.kernel.trace.PacketWriter;
import dev.contrail.kernel.tracefs.CpuStats;
import dev.contrail.kernel.tracefs.Instance;
import dev.contrail.posix.RawFile;
import dev.contrail.recorder.domain.PacketSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// One CPU's ring, recorded to disk: sub-buffers are taken out of the kernel as fast as memory,
/// into a [Spill], and converted from there. Reading costs a tenth of taking them out through a
/// mapping, where the kernel advances record by record with interrupts off (`kernel-tracing.md`
/// section 5).
///
/// [#take] may be called by any thread; all else by the consumer thread, but for what is volatile.
public final class SpilledBuffer implements CpuBuffer {
    /// Bytes that are converted before other streams have their turn.
    private static final int TURN_BYTES = 16 << 20;

    /// A ring that gave nothing for so long gives what it has, in part of a sub-buffer.
    private static final long SLOW_NANOS = 90_000_000;

    /// So often a spill gives memory back, of what it did not need for so many such times.
    private static final long SHRINK_NANOS = 90_000_000;

    private static final int SHRINKS_A_PERIOD = 11;

    private final RawFile file;
    private final Instance instance;
    private final CpuStream stream;
    private final PacketWriter writer;
    private final Spill spill;
    private final boolean isDrainedAside;
    private final boolean isOverwriting;
    private final int pageBytes;

    // Of what a daemon before this one had taken out: pages that wait, and whether that daemon may
    // have stored the oldest of them.
    private int inherited;
    private boolean isOldestStored;

    // Records: of the kernel's count of what was read, what had been before this. These, the file
    // and the filling of the spill are guarded by `this`.
    private boolean isFirst = true;
    private long takenAt = System.nanoTime();
    private long shrunkAt = takenAt;
    private int shrinks;
    private long before;
    private final LossTimes losses = new LossTimes();
    private long forgotten;
    private boolean isClosed;
    private volatile long stolen;

    /// Of what was read, the records that were converted. Written before the page counts as stored.
    private volatile long taken;

    private volatile long foreign;

    /// Pages that the spill had ever been filled with when the last mark was made.
    private volatile long marked;

    private SpilledBuffer(
            RawFile file,
            Instance instance,
            CpuStream stream,
            PacketWriter writer,
            Spill spill,
            boolean isOverwriting,
            boolean isDrainedAside)
            throws IOException {
        this.file = file;
        this.isOverwriting = isOverwriting;
        this.isDrainedAside = isDrainedAside;
        this.instance = instance;
        this.stream = stream;
        this.writer = writer;
        this.spill = spill;
        pageBytes = instance.subBufferBytes();
        inherited = spill.size();
        isOldestStored = inherited > 0;
    }

    /// @param spill is closed with it, or when it cannot be opened
    public static SpilledBuffer open(
            Instance instance,
            CpuStream stream,
            PacketWriter writer,
            Spill spill,
            boolean isOverwriting,
            boolean isDrainedAside)
            throws IOException {
        try {
            RawFile file = RawFile.open(instance.cpuFile(stream.cpu(), "trace_pipe_raw"));
            return new SpilledBuffer(
                    file, instance, stream, writer, spill, isOverwriting, isDrainedAside);
        } catch (IOException refused) {
            spill.close();
            throw refused;
        }
    }

    /// Whether nothing waits to be converted. Any thread.
    public boolean isEmpty() {
        return spill.size() == 0;
    }

    /// Bytes that wait to be converted, in whole pages. Any thread.
    public long spilledBytes() {
        return (long) spill.size() * pageBytes;
    }

    RawFile file() {
        return file;
    }

    /// Takes whole sub-buffers that wait out of the kernel; or, where it gave none for a while,
    /// what there is of one.
    ///
    /// @return whether there were whole ones
    synchronized boolean take(long startTicks) throws IOException {
        boolean isSlow = startTicks - takenAt > SLOW_NANOS;
        long filledBefore = spill.filled();
        take(false, isSlow, startTicks);
        long filled = spill.filled() - filledBefore;
        if (filled > 0) {
            takenAt = startTicks;
        }
        if (!isClosed && startTicks - shrunkAt > SHRINK_NANOS) {
            shrunkAt = startTicks;
            shrinks++;
            spill.shrink(shrinks % SHRINKS_A_PERIOD == 0);
        }
        return filled > (isSlow ? 1 : 0);
    }

    /// Takes out of the kernel what was recorded before the call. Unless it is final, or the ring
    /// slow, whole sub-buffers only: while more bytes wait than one can hold, the next one is not
    /// the one that is being written. While another thread looks at the kernel's account, as long
    /// as they are whole.
    ///
    /// @return whether anything is left that should be taken, because there is no memory for it
    private synchronized boolean take(boolean isFinal, boolean isSlow, long startTicks)
            throws IOException {
        if (isClosed) {
            return false;
        }
        long unread = Long.MAX_VALUE;
        Optional<CpuStats> stats = isFirst || isFinal ? Optional.of(look()) : lookUnlessBusy();
        if (stats.isPresent()) {
            unread = stats.get().unreadBytes();
        }
        // Somebody may have given it another clock, which is found out and undone in a moment.
        boolean isPart = isSlow && unread > 0 && instance.hasOurClock();
        while (isFinal || unread >= pageBytes - SubBuffer.DATA || isPart) {
            isPart = false;
            int page = spill.reserve(losses.last());
            if (page < 0) {
                return true;
            }
            MemorySegment memory = spill.memory(page);
            boolean isRead = false;
            try {
                isRead = SubBuffer.read(file, memory);
                if (!isRead) {
                    break;
                }
                if (SubBuffer.time(memory, 0) > losses.lookedAt()
                        || SubBuffer.isMissed(memory, 0)) {
                    seeLosses(System.nanoTime(), instance.stats(stream.cpu()));
                    spill.setLost(page, losses.last());
                }
            } finally {
                if (isRead) {
                    spill.filled(page);
                } else {
                    spill.unused(page);
                }
            }
            long time = SubBuffer.time(memory, 0);
            int length = SubBuffer.length(memory, 0, pageBytes);
            if (time >= startTicks || stats.isEmpty() && length < pageBytes / 2) {
                break;
            }
            unread -= length;
        }
        return false;
    }

    private CpuStats look() throws IOException {
        long ticks = System.nanoTime();
        CpuStats stats = instance.stats(stream.cpu());
        count(ticks, stats);
        return stats;
    }

    private Optional<CpuStats> lookUnlessBusy() throws IOException {
        long ticks = System.nanoTime();
        Optional<CpuStats> stats = instance.statsUnlessBusy(stream.cpu());
        if (stats.isPresent()) {
            count(ticks, stats.get());
        }
        return stats;
    }

    private void seeLosses(long begunTicks, CpuStats stats) {
        losses.add(begunTicks, System.nanoTime(), stats.lost());
    }

    private void count(long ticks, CpuStats stats) {
        seeLosses(ticks, stats);
        if (isFirst) {
            before = stats.read();
            isFirst = false;
        }
        countStolen(stats);
    }

    @Override
    public long drain(PacketSink sink, boolean isFinal) throws IOException {
        long startTicks = System.nanoTime();
        stream.resume(sink);
        long bytes = 0;
        boolean isMore;
        do {
            isMore = (isFinal || !isDrainedAside) && take(isFinal, false, startTicks);
            bytes += convert(sink, isFinal);
        } while (isMore && isFinal);
        if (isFinal) {
            long all;
            synchronized (this) {
                all = look().lost() + stolen;
            }
            if (all > stream.discarded()) {
                writer.begin(sink, stream, startTicks, all);
                writer.writeEmpty(sink, stream, System.nanoTime(), all);
            }
        }
        return bytes;
    }

    /// Takes out what was recorded before the call, and marks how far that is.
    ///
    /// @return whether it is all out
    public synchronized boolean mark() throws IOException {
        boolean isLeft = take(true, false, System.nanoTime());
        marked = spill.filled();
        return !isLeft;
    }

    /// Stores what was taken out before the last mark.
    public void drainMarked(PacketSink sink) throws IOException {
        stream.resume(sink);
        for (long left = marked - spill.taken(); left > 0; left--) {
            store(sink, spill.oldest());
        }
    }

    /// Snapshot sessions have another kind of buffer.
    @Override
    public void copy(RingCopy copy) {
        throw new IllegalStateException();
    }

    @Override
    public CpuStream stream() {
        return stream;
    }

    /// Stores what waited when this was called, or a good part of it, so that other streams have
    /// their turn; what fails stays for the next call.
    ///
    /// @return its bytes
    private long convert(PacketSink sink, boolean isFinal) throws IOException {
        long bytes = 0;
        int turn = isFinal ? Integer.MAX_VALUE : Math.max(1, TURN_BYTES / pageBytes);
        for (int left = Math.min(spill.size(), turn); left > 0; left--) {
            bytes += store(sink, spill.oldest());
        }
        return bytes;
    }

    private int store(PacketSink sink, int page) throws IOException {
        MemorySegment memory = spill.memory(page);
        int length = SubBuffer.length(memory, 0, pageBytes);
        Converter converter = writer.converter();
        long seen = converter.seen();
        long unselected = converter.unselected();
        long all = stolen + lostBefore(page, SubBuffer.time(memory, 0));
        writer.begin(sink, stream, SubBuffer.time(memory, 0), all);
        writer.write(
                sink,
                stream,
                memory,
                SubBuffer.DATA,
                SubBuffer.DATA + length,
                SubBuffer.time(memory, 0),
                isOldestStored ? stream.lastTicks() : Long.MIN_VALUE,
                all);
        isOldestStored = false;
        foreign = foreign + converter.unselected() - unselected;
        if (inherited > 0) {
            inherited--;
        } else {
            taken += converter.seen() - seen;
        }
        spill.stored();
        return length;
    }

    private long lostBefore(int page, long time) {
        boolean isSaid = isOverwriting || inherited > 0;
        return isSaid ? spill.lost(page) : losses.before(stream.lastTicks(), time);
    }

    /// As of the last look: the thread that drains has one ten times a second.
    @Override
    public long stolen(CpuStats older) {
        if (!isDrainedAside) {
            synchronized (this) {
                if (!isFirst) {
                    countStolen(older);
                }
            }
        }
        return stolen;
    }

    /// Only when all that was taken out has been counted.
    private void countStolen(CpuStats now) {
        if (spill.size() > 0) {
            return;
        }
        long others = now.read() - before - taken;
        if (others < stolen) { // cleared, and what was taken out before it forgotten
            forgotten += stolen - others;
            before -= stolen - others;
        } else if (others > stolen) {
            instance.markTaken(stream.cpu(), others - stolen);
            stolen = others;
        }
    }

    /// A moment old, as the account of the kernel beside it is.
    @Override
    public synchronized long surplus() {
        return foreign - forgotten;
    }

    @Override
    public synchronized void close() throws IOException {
        isClosed = true;
        spill.close();
        file.close();
    }
}
