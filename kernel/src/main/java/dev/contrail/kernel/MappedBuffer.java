// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.contrail.recorder.PacketSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// One CPU's ring, mapped (Linux 6.10 and newer; `kernel-tracing.md` sections 5 and 6).
///
/// The kernel keeps one sub-buffer out of the ring for the reader. A request exchanges it for the
/// oldest one of the ring; until the next request its content stays, also when the process dies. So
/// a sub-buffer is stored first, then the next one is asked for: a daemon that takes over finds
/// what was not stored, and loses nothing.
///
/// The meta page is refreshed by mapping and by requests only.
final class MappedBuffer implements CpuBuffer {
    private static final long GET_READER = 'R' << 8 | 0x20;
    private static final int PAGE = 4096;
    private static final int META_PAGE_SIZE = 0;
    private static final int SUB_BUFFER_SIZE = 8;
    private static final int SUB_BUFFER_COUNT = 12;
    private static final int READER_ID = 24;
    private static final int READER_READ = 28;
    private static final int OVERRUN = 48;
    private static final int MOST_SUB_BUFFERS = 1 << 20;

    private final RawFile file;
    private final MemorySegment meta;
    private final MemorySegment data;
    private final int subBufferBytes;
    private final int subBufferCount;
    private final Instance instance;
    private final CpuStream stream;
    private final PacketWriter writer;
    private int readerId;
    private long readerTime;
    private int stored;
    private long ticks;
    private boolean isFirst = true;

    private MappedBuffer(
            RawFile file,
            MemorySegment meta,
            Instance instance,
            CpuStream stream,
            PacketWriter writer)
            throws IOException {
        this.file = file;
        this.meta = meta;
        this.instance = instance;
        this.stream = stream;
        this.writer = writer;
        subBufferBytes = meta.get(JAVA_INT_UNALIGNED, SUB_BUFFER_SIZE);
        subBufferCount = meta.get(JAVA_INT_UNALIGNED, SUB_BUFFER_COUNT);
        int metaBytes = meta.get(JAVA_INT_UNALIGNED, META_PAGE_SIZE);
        if (subBufferBytes < PAGE
                || Integer.bitCount(subBufferBytes) != 1
                || subBufferCount < 2
                || subBufferCount > MOST_SUB_BUFFERS
                || metaBytes < PAGE) {
            throw new IOException(
                    "cpu%d: ring of %d sub-buffers of %d bytes, meta page of %d bytes"
                            .formatted(stream.cpu(), subBufferCount, subBufferBytes, metaBytes));
        }
        data = file.map(metaBytes, (long) subBufferBytes * subBufferCount);
    }

    /// Maps a CPU's ring.
    ///
    /// @throws IOException when this kernel does not map rings
    static MappedBuffer open(Instance instance, CpuStream stream, PacketWriter writer)
            throws IOException {
        RawFile file = RawFile.open(instance.cpuFile(stream.cpu(), "trace_pipe_raw"));
        MemorySegment meta = null;
        try {
            meta = file.map(0, PAGE);
            var buffer = new MappedBuffer(file, meta, instance, stream, writer);
            buffer.lookAtReader();
            return buffer;
        } catch (IOException notMapped) {
            if (meta != null) {
                file.unmap(meta);
            }
            file.close();
            throw notMapped;
        }
    }

    /// Whether this kernel maps rings.
    static boolean isPossible(Instance instance) throws IOException {
        RawFile file = RawFile.open(instance.cpuFile(instance.cpus().getFirst(), "trace_pipe_raw"));
        try (file) {
            file.unmap(file.map(0, PAGE));
            return true;
        } catch (IOException notMapped) {
            return false;
        }
    }

    @Override
    public long drain(PacketSink sink, boolean isFinal) throws IOException {
        long startTicks = System.nanoTime();
        stream.resume(sink);
        long dropped = instance.stats(stream.cpu()).dropped();
        long bytes = store(sink, isFirst ? stream.lastTicks() : Long.MIN_VALUE, dropped);
        isFirst = false;
        int requests = isFinal ? Integer.MAX_VALUE : completeSubBuffers();
        while (requests-- > 0 && next()) {
            bytes += store(sink, Long.MIN_VALUE, dropped);
            boolean isCaughtUp = readerTime >= startTicks || unread() == 0;
            if (isFinal && isCaughtUp) {
                break;
            }
        }
        if (isFinal) {
            reportLosses(sink);
        }
        return bytes;
    }

    @Override
    public void copy(RingCopy copy) throws IOException {
        copy.take(stream.cpu(), data, subBufferBytes, subBufferCount, readerId);
        copy.account(instance.stats(stream.cpu()));
    }

    @Override
    public CpuStream stream() {
        return stream;
    }

    @Override
    public void close() throws IOException {
        file.unmap(data);
        file.unmap(meta);
        file.close();
    }

    /// Stores what the reader's sub-buffer holds beyond what is stored; returns its bytes.
    private long store(PacketSink sink, long storedTicks, long dropped) throws IOException {
        int end = readerEnd();
        if (end <= stored) {
            return 0;
        }
        long start = (long) readerId * subBufferBytes + SubBuffer.DATA;
        long lost = dropped + meta.get(JAVA_LONG_UNALIGNED, OVERRUN);
        ticks =
                writer.write(
                        sink, stream, data, start + stored, start + end, ticks, storedTicks, lost);
        int taken = end - stored;
        stored = end;
        return taken;
    }

    /// Asks for more. Says whether there is: the next sub-buffer, or more in the same one.
    private boolean next() throws IOException {
        file.control(GET_READER);
        int id = meta.get(JAVA_INT_UNALIGNED, READER_ID);
        if (id != readerId || time(id) != readerTime) {
            lookAtReader();
        }
        return readerEnd() > stored;
    }

    private void lookAtReader() throws IOException {
        int untrustedId = meta.get(JAVA_INT_UNALIGNED, READER_ID);
        if (untrustedId < 0 || untrustedId >= subBufferCount) {
            throw new IOException("cpu" + stream.cpu() + ": reader sub-buffer " + untrustedId);
        }
        readerId = untrustedId;
        readerTime = time(readerId);
        ticks = readerTime;
        stored = 0;
    }

    /// Bytes of the reader's sub-buffer that the kernel has handed out.
    private int readerEnd() {
        int length = SubBuffer.length(data, (long) readerId * subBufferBytes, subBufferBytes);
        return Math.min(meta.get(JAVA_INT_UNALIGNED, READER_READ), length);
    }

    /// How many requests give only sub-buffers that the writer has left: of those in the ring the
    /// newest is being written. Without any, the writer is in the reader's own.
    private int completeSubBuffers() {
        int unread = unread();
        if (unread == 0) {
            return 0;
        }
        long reader = (long) readerId * subBufferBytes;
        boolean hasRest =
                SubBuffer.length(data, reader, subBufferBytes)
                        > meta.get(JAVA_INT_UNALIGNED, READER_READ);
        return unread - 1 + (hasRest ? 1 : 0);
    }

    /// Sub-buffers of the ring that hold something: what was read is empty again.
    private int unread() {
        int unread = 0;
        for (int i = 0; i < subBufferCount; i++) {
            long start = (long) i * subBufferBytes;
            if (i != readerId && SubBuffer.length(data, start, subBufferBytes) > 0) {
                unread++;
            }
        }
        return unread;
    }

    /// Nothing more may come: what was lost since the last packet needs a packet of its own.
    private void reportLosses(PacketSink sink) throws IOException {
        long lost = instance.stats(stream.cpu()).lost();
        if (lost > stream.discarded()) {
            writer.writeEmpty(sink, stream, System.nanoTime(), lost);
        }
    }

    private long time(int id) {
        return SubBuffer.time(data, (long) id * subBufferBytes);
    }
}
