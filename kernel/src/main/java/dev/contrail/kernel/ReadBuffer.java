// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.recorder.PacketSink;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/// One CPU's ring, read: for kernels that do not map rings. What was read is gone from the kernel,
/// so a daemon that is killed loses up to one sub-buffer, and snapshots need a memory of their own
/// (`kernel-tracing.md` sections 5 and 6, fallback a).
final class ReadBuffer implements CpuBuffer {
    private final RawFile file;
    private final Instance instance;
    private final CpuStream stream;
    private final PacketWriter writer;
    private final MemorySegment page;
    private final long historyBytes;
    private final Deque<byte[]> history = new ArrayDeque<>();
    private long kept;
    private long lost;

    private ReadBuffer(
            RawFile file, Instance instance, CpuStream stream, PacketWriter writer, int pageBytes)
            throws IOException {
        this.file = file;
        this.instance = instance;
        this.stream = stream;
        this.writer = writer;
        page = Arena.ofAuto().allocate(pageBytes, 8);
        historyBytes = instance.ringBytes();
    }

    static ReadBuffer open(Instance instance, CpuStream stream, PacketWriter writer)
            throws IOException {
        RawFile file = RawFile.open(instance.cpuFile(stream.cpu(), "trace_pipe_raw"));
        return new ReadBuffer(file, instance, stream, writer, instance.subBufferBytes());
    }

    /// Also takes the sub-buffer that is being written: the kernel does not tell beforehand.
    @Override
    public long drain(PacketSink sink, boolean isFinal) throws IOException {
        long startTicks = System.nanoTime();
        stream.resume(sink);
        lost = instance.stats(stream.cpu()).lost();
        long bytes = 0;
        int length;
        while ((length = read()) >= 0) {
            if (SubBuffer.isMissed(page, 0)) {
                lost = instance.stats(stream.cpu()).lost();
            }
            long time = SubBuffer.time(page, 0);
            writer.write(
                    sink,
                    stream,
                    page,
                    SubBuffer.DATA,
                    SubBuffer.DATA + length,
                    time,
                    Long.MIN_VALUE,
                    lost);
            bytes += length;
            if (time >= startTicks) {
                break;
            }
        }
        lost = instance.stats(stream.cpu()).lost();
        if (isFinal && lost > stream.discarded()) {
            writer.writeEmpty(sink, stream, System.nanoTime(), lost);
        }
        return bytes;
    }

    /// Moves the ring's content into the memory of its own, then copies that. Records before a gap
    /// are forgotten: a snapshot is one stretch.
    @Override
    public void copy(RingCopy copy) throws IOException {
        long startTicks = System.nanoTime();
        int length;
        while ((length = read()) >= 0) {
            if (SubBuffer.isMissed(page, 0)) {
                history.clear();
                kept = 0;
            }
            byte[] content = new byte[SubBuffer.DATA + length];
            MemorySegment.copy(page, 0, MemorySegment.ofArray(content), 0, content.length);
            history.addLast(content);
            kept += content.length;
            while (kept > historyBytes) {
                kept -= history.removeFirst().length;
            }
            if (SubBuffer.time(page, 0) >= startTicks) {
                break;
            }
        }
        copy.take(stream.cpu(), history);
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

    /// Length of the data of the next sub-buffer, or [RawFile#NOTHING].
    private int read() throws IOException {
        int count = file.read(page);
        if (count == RawFile.NOTHING || count == 0) {
            return RawFile.NOTHING;
        }
        if (count < SubBuffer.DATA) {
            throw new IOException("cpu" + stream.cpu() + ": sub-buffer of " + count + " bytes");
        }
        return SubBuffer.length(page, 0, count);
    }
}
