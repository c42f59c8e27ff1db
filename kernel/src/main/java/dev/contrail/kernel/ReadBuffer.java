// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.recorder.PacketSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/// One CPU's ring, read: to record to disk, and for snapshots where the kernel does not map rings.
/// What was read is gone from the kernel: until it is stored it lies in a [ReaderPage], and
/// snapshots need a memory of their own (`kernel-tracing.md` sections 5 and 6, fallback a).
///
/// Reading costs a tenth of taking sub-buffers out through a mapping, where the kernel advances
/// record by record with interrupts off.
final class ReadBuffer implements CpuBuffer {
    private final RawFile file;
    private final Instance instance;
    private final CpuStream stream;
    private final PacketWriter writer;
    private final ReaderPage page;
    private final int pageBytes;
    private final long historyBytes;
    private final Deque<byte[]> history = new ArrayDeque<>();
    private long kept;
    private boolean isCut;
    private boolean isFirst = true;

    // Records, to disk: of the kernel's count of what was read, what had been before this.
    private long before;
    private long taken;
    private long foreign;
    private long forgotten;
    private long stolen;

    private ReadBuffer(
            RawFile file, Instance instance, CpuStream stream, PacketWriter writer, ReaderPage page)
            throws IOException {
        this.file = file;
        this.instance = instance;
        this.stream = stream;
        this.writer = writer;
        this.page = page;
        pageBytes = (int) page.memory().byteSize();
        historyBytes = instance.ringBytes();
    }

    static ReadBuffer open(
            Instance instance, CpuStream stream, PacketWriter writer, ReaderPage page)
            throws IOException {
        RawFile file = RawFile.open(instance.cpuFile(stream.cpu(), "trace_pipe_raw"));
        return new ReadBuffer(file, instance, stream, writer, page);
    }

    /// Unless it is final, takes whole sub-buffers only: while more bytes wait than one can hold,
    /// the next one is not the one that is being written.
    @Override
    public long drain(PacketSink sink, boolean isFinal) throws IOException {
        long startTicks = System.nanoTime();
        stream.resume(sink);
        CpuStats stats = instance.stats(stream.cpu());
        long bytes;
        if (isFirst) {
            bytes = store(sink, stream.lastTicks(), stats.lost());
            before = stats.read();
            taken = 0;
            isFirst = false;
        } else {
            bytes = store(sink, Long.MIN_VALUE, lost(stats));
        }
        long lost = lost(stats);
        long unread = stats.unreadBytes();
        while ((isFinal || unread >= pageBytes - SubBuffer.DATA) && read()) {
            if (SubBuffer.isMissed(page.memory(), 0)) {
                lost = Math.max(lost, instance.stats(stream.cpu()).lost() + stolen);
            }
            long time = SubBuffer.time(page.memory(), 0);
            int stored = store(sink, Long.MIN_VALUE, lost);
            bytes += stored;
            unread -= stored;
            if (time >= startTicks) {
                break;
            }
        }
        if (isFinal) {
            lost = lost(instance.stats(stream.cpu()));
            if (lost > stream.discarded()) {
                writer.begin(sink, stream, startTicks, lost);
                writer.writeEmpty(sink, stream, System.nanoTime(), lost);
            }
        }
        return bytes;
    }

    /// Moves the ring's content into the memory of its own, then copies that. Records before a gap
    /// are forgotten: a snapshot is one stretch.
    @Override
    public void copy(RingCopy copy) throws IOException {
        long startTicks = System.nanoTime();
        while (read()) {
            MemorySegment memory = page.memory();
            if (SubBuffer.isMissed(memory, 0)) {
                history.clear();
                kept = 0;
            }
            byte[] content = new byte[SubBuffer.DATA + page.pending()];
            MemorySegment.copy(memory, 0, MemorySegment.ofArray(content), 0, content.length);
            history.addLast(content);
            kept += content.length;
            while (kept > historyBytes) {
                kept -= history.removeFirst().length;
                isCut = true;
            }
            if (SubBuffer.time(memory, 0) >= startTicks) {
                break;
            }
        }
        copy.take(stream.cpu(), history, isCut);
        copy.account(instance.stats(stream.cpu()));
    }

    @Override
    public CpuStream stream() {
        return stream;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /// Records that are lost, those included that somebody else has read.
    private long lost(CpuStats now) {
        return now.lost() + stolen(now);
    }

    @Override
    public long stolen(CpuStats now) {
        if (isFirst || page.pending() > 0) { // read, and not yet counted
            return stolen;
        }
        long others = now.read() - before - taken;
        if (others < stolen) { // cleared, and what was taken out before it forgotten
            forgotten += stolen - others;
            before -= stolen - others;
        } else if (others > stolen) {
            instance.markTaken(stream.cpu(), others - stolen);
            stolen = others;
        }
        return stolen;
    }

    @Override
    public long surplus() {
        return foreign - forgotten;
    }

    /// Stores what the page holds; what fails stays there for the next call. Returns its bytes.
    private int store(PacketSink sink, long storedTicks, long lost) throws IOException {
        int length = page.pending();
        if (length > 0) {
            Converter converter = writer.converter();
            long seen = converter.seen();
            long unselected = converter.unselected();
            writer.begin(sink, stream, SubBuffer.time(page.memory(), 0), lost);
            writer.write(
                    sink,
                    stream,
                    page.memory(),
                    SubBuffer.DATA,
                    SubBuffer.DATA + length,
                    SubBuffer.time(page.memory(), 0),
                    storedTicks,
                    lost);
            taken += converter.seen() - seen;
            foreign += converter.unselected() - unselected;
            page.markStored();
        }
        return length;
    }

    /// Reads the next sub-buffer, or as much of it as is written. Says whether there was one.
    private boolean read() throws IOException {
        int count = file.read(page.memory());
        if (count == RawFile.NOTHING || count == 0) {
            return false;
        }
        if (count < SubBuffer.DATA) {
            throw new IOException("cpu" + stream.cpu() + ": sub-buffer of " + count + " bytes");
        }
        return true;
    }
}
