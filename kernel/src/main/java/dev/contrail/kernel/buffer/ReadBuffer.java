// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import dev.contrail.kernel.trace.CpuStream;
import dev.contrail.kernel.tracefs.CpuStats;
import dev.contrail.kernel.tracefs.Instance;
import dev.contrail.posix.RawFile;
import dev.contrail.recorder.domain.PacketSink;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/// One CPU's ring, read: for snapshots where the kernel does not map rings. What was read is gone
/// from the kernel, so it is kept in a memory of its own (`kernel-tracing.md` section 6, fallback
/// a).
public final class ReadBuffer implements CpuBuffer {
    private final RawFile file;
    private final Instance instance;
    private final CpuStream stream;
    private final MemorySegment page;
    private final long historyBytes;
    private final Deque<byte[]> history = new ArrayDeque<>();
    private long kept;
    private boolean isCut;

    private ReadBuffer(RawFile file, Instance instance, CpuStream stream) throws IOException {
        this.file = file;
        this.instance = instance;
        this.stream = stream;
        page = Arena.ofAuto().allocate(instance.subBufferBytes(), 8);
        historyBytes = instance.ringBytes();
    }

    /// Opens a CPU's ring to be read, on kernels that do not map it.
    public static ReadBuffer open(Instance instance, CpuStream stream) throws IOException {
        RawFile file = RawFile.open(instance.cpuFile(stream.cpu(), "trace_pipe_raw"));
        return new ReadBuffer(file, instance, stream);
    }

    /// Stores nothing: what is read is kept for snapshots.
    @Override
    public long drain(PacketSink sink, boolean isFinal) {
        return 0;
    }

    /// Moves the ring's content into the memory of its own, then copies that. Records before a gap
    /// are forgotten: a snapshot is one stretch.
    @Override
    public void copy(RingCopy copy) throws IOException {
        long startTicks = System.nanoTime();
        while (SubBuffer.read(file, page)) {
            if (SubBuffer.isMissed(page, 0)) {
                history.clear();
                kept = 0;
            }
            int length = SubBuffer.length(page, 0, (int) page.byteSize());
            byte[] content = new byte[SubBuffer.DATA + length];
            MemorySegment.copy(page, 0, MemorySegment.ofArray(content), 0, content.length);
            history.addLast(content);
            kept += content.length;
            while (kept > historyBytes) {
                kept -= history.removeFirst().length;
                isCut = true;
            }
            if (SubBuffer.time(page, 0) >= startTicks) {
                break;
            }
        }
        copy.take(stream.cpu(), history, isCut);
        copy.account(instance.stats(stream.cpu()));
    }

    /// What this reads and what somebody else does cannot be told apart.
    @Override
    public long stolen(CpuStats now) {
        return 0;
    }

    @Override
    public long surplus() {
        return 0;
    }

    @Override
    public CpuStream stream() {
        return stream;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
