// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.contrail.kernel.trace.CpuStream;
import dev.contrail.kernel.tracefs.CpuStats;
import dev.contrail.kernel.tracefs.Instance;
import dev.contrail.posix.RawFile;
import dev.contrail.recorder.domain.PacketSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// One CPU's ring, mapped (Linux 6.10 and newer; `kernel-tracing.md` section 6): for snapshots,
/// which consume nothing and stop nobody.
///
/// The kernel keeps one sub-buffer out of the ring for the reader. Nobody reads this one's, so it
/// is empty and stays the same. The meta page is refreshed by mapping only.
public final class MappedBuffer implements CpuBuffer {
    private static final int PAGE = 4096;
    private static final int META_PAGE_SIZE = 0;
    private static final int SUB_BUFFER_SIZE = 8;
    private static final int SUB_BUFFER_COUNT = 12;
    private static final int READER_ID = 24;

    /// A thread that is kept waiting in the middle of a copy, until the ring has gone round, has
    /// nothing, and copies again.
    private static final int COPIES = 32;

    /// A look takes 20 us, in which the fastest writers leave a small sub-buffer now and then.
    private static final int ATTEMPTS = 32;

    private static final int MOST_SUB_BUFFERS = 1 << 20;

    private final RawFile file;
    private final MemorySegment meta;
    private final MappedRing ring;
    private final Instance instance;
    private final CpuStream stream;
    private long stolen;

    private MappedBuffer(RawFile file, MemorySegment meta, Instance instance, CpuStream stream)
            throws IOException {
        this.file = file;
        this.meta = meta;
        this.instance = instance;
        this.stream = stream;
        int subBufferBytes = meta.get(JAVA_INT_UNALIGNED, SUB_BUFFER_SIZE);
        int subBufferCount = meta.get(JAVA_INT_UNALIGNED, SUB_BUFFER_COUNT);
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
        MemorySegment data = file.map(metaBytes, (long) subBufferBytes * subBufferCount);
        int readerId = meta.get(JAVA_INT_UNALIGNED, READER_ID);
        ring = new MappedRing(data, subBufferBytes, subBufferCount, readerId);
    }

    /// Maps a CPU's ring.
    ///
    /// @throws IOException when this kernel does not map rings
    public static MappedBuffer open(Instance instance, CpuStream stream) throws IOException {
        RawFile file = RawFile.open(instance.cpuFile(stream.cpu(), "trace_pipe_raw"));
        MemorySegment meta = null;
        try {
            meta = file.map(0, PAGE);
            return new MappedBuffer(file, meta, instance, stream);
        } catch (IOException notMapped) {
            if (meta != null) {
                file.unmap(meta);
            }
            file.close();
            throw notMapped;
        }
    }

    /// Whether this kernel maps rings.
    public static boolean isPossible(Instance instance) throws IOException {
        RawFile file = RawFile.open(instance.cpuFile(instance.cpus().getFirst(), "trace_pipe_raw"));
        try (file) {
            file.unmap(file.map(0, PAGE));
            return true;
        } catch (IOException notMapped) {
            return false;
        }
    }

    /// Takes nothing out: what is mapped is kept for snapshots.
    @Override
    public long drain(PacketSink sink, boolean isFinal) {
        return 0;
    }

    @Override
    public void copy(RingCopy copy) throws IOException {
        CpuStats before;
        int copies = 0;
        do {
            copy.take(stream.cpu(), ring);
            before = instance.stats(stream.cpu());
        } while (copy.count() == 0 && before.unread() > 0 && ++copies < COPIES);
        copy.account(before);
        for (int i = 0; i < ATTEMPTS && copy.witnessCount() < RingCopy.WITNESSES; i++) {
            long oldest = ring.oldestTime();
            CpuStats after = instance.stats(stream.cpu());
            if (after.overrun() == before.overrun() && ring.oldestTime() == oldest) {
                copy.witness(after.overrun(), oldest);
            }
            before = after;
        }
    }

    /// Whoever reads is somebody else: this only looks.
    @Override
    public long stolen(CpuStats now) {
        if (now.read() > stolen) {
            instance.markTaken(stream.cpu(), now.read() - stolen);
            stolen = now.read();
        }
        return stolen;
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
        file.unmap(ring.memory());
        file.unmap(meta);
        file.close();
    }
}
