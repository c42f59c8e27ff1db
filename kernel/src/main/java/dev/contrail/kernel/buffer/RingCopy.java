// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.contrail.kernel.tracefs.CpuStats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;

/// The content of one CPU's ring at one moment: whole sub-buffers, oldest first, without a gap. Its
/// memory is used again, because the first touch of fresh memory costs more than the copy.
///
/// Owned by one thread at a time.
public final class RingCopy {
    /// An odd number, so that there is a middle.
    static final int WITNESSES = 3;

    private MemorySegment memory = MemorySegment.NULL;
    private long[] starts = new long[0];
    private int[] lengths = new int[0];
    private int count;
    private int cpu;
    private CpuStats stats = new CpuStats(0, 0, 0, 0, 0, 0);
    private boolean isHistoryCut;
    private final long[] overwrittenBefore = new long[WITNESSES];
    private final long[] witnessTimes = new long[WITNESSES];
    private int witnessCount;

    /// Makes room and touches it.
    public void prepare(long bytes) {
        if (memory.byteSize() < bytes) {
            memory = Arena.ofAuto().allocate(bytes, 8);
            memory.fill((byte) 0);
        }
    }

    /// Copies a mapped ring while it is written.
    ///
    /// When the writer reuses a sub-buffer it first sets its length to zero, then the time, then
    /// writes data: a copy is good when time and length still hold after it. Sub-buffers are
    /// overwritten oldest first, so when one was lost, those before it do not join what comes after
    /// and are dropped too. Those that are begun after the newest one was looked for are left out:
    /// the one before them may have been looked at too early.
    public void take(int ofCpu, MappedRing ring) {
        prepare(ring.bytes());
        begin(ofCpu, ring.subBufferCount());
        long newest = ring.newestTime();
        VarHandle.acquireFence(); // all that are older before the look at them
        long[] times = new long[ring.subBufferCount()];
        Integer[] order = new Integer[ring.subBufferCount()];
        int used = 0;
        for (int i = 0; i < times.length; i++) {
            times[i] = ring.time(i);
            if (times[i] <= newest && ring.length(i) > 0) {
                order[used++] = i;
            }
        }
        Arrays.sort(order, 0, used, Comparator.comparingLong(i -> times[i]));
        for (int i = 0; i < used; i++) {
            int from = order[i];
            VarHandle.acquireFence(); // time before data: pairs with the kernel's order of stores
            int length = ring.length(from);
            long to = (long) count * ring.subBufferBytes();
            boolean isThere = ring.time(from) == times[from] && length > 0;
            if (isThere) {
                VarHandle.acquireFence();
                MemorySegment.copy(
                        ring.memory(), ring.start(from), memory, to, SubBuffer.DATA + length);
                VarHandle.acquireFence(); // data before the second look at time and length
                isThere = ring.time(from) == times[from] && ring.length(from) >= length;
            }
            if (isThere) {
                keep(to, length);
            } else {
                count = 0;
            }
        }
    }

    /// Copies sub-buffers that were read before.
    ///
    /// @param isCut whether others before them were read too and let go
    void take(int ofCpu, Collection<byte[]> subBuffers, boolean isCut) {
        long bytes = 0;
        for (byte[] content : subBuffers) {
            bytes += content.length + 8L;
        }
        prepare(bytes);
        begin(ofCpu, subBuffers.size());
        isHistoryCut = isCut;
        long to = 0;
        for (byte[] content : subBuffers) {
            MemorySegment.copy(content, 0, memory, JAVA_BYTE, to, content.length);
            keep(to, content.length - SubBuffer.DATA);
            to += (content.length + 7L) & -8L;
        }
    }

    void account(CpuStats accountedAfter) {
        stats = accountedAfter;
    }

    /// Notes that so many records were overwritten when a sub-buffer of that time was the ring's
    /// oldest: then it is known how many came before every sub-buffer kept. Called after the copy,
    /// up to [#WITNESSES] times.
    void witness(long overwritten, long oldestTime) {
        overwrittenBefore[witnessCount] = overwritten;
        witnessTimes[witnessCount++] = oldestTime;
    }

    int witnessCount() {
        return witnessCount;
    }

    /// The kernel's account from just after the copy.
    CpuStats stats() {
        return stats;
    }

    /// Whether records came before the oldest one kept.
    boolean isCut() {
        return isHistoryCut || stats.overrun() > 0;
    }

    /// Records kept.
    long records() {
        return recordsFrom(0);
    }

    /// Records written until the last one that is kept, as the middle one of the witnesses says:
    /// the kernel counts a sub-buffer as overwritten a moment before it empties it. -1 when it is
    /// not known, because the ring was read empty or has gone round since.
    long recorded() {
        long[] totals = new long[witnessCount];
        int known = 0;
        for (int i = 0; i < witnessCount; i++) {
            for (int index = 0; index < count; index++) {
                if (time(index) == witnessTimes[i]) {
                    totals[known++] = overwrittenBefore[i] + recordsFrom(index);
                    break;
                }
            }
        }
        Arrays.sort(totals, 0, known);
        return known == 0 ? -1 : totals[known / 2];
    }

    private long recordsFrom(int first) {
        long records = 0;
        for (int i = first; i < count; i++) {
            records += SubBuffer.records(memory, starts[i], lengths[i]);
        }
        return records;
    }

    int cpu() {
        return cpu;
    }

    /// Sub-buffers kept.
    public int count() {
        return count;
    }

    public MemorySegment memory() {
        return memory;
    }

    public long start(int index) {
        return starts[index];
    }

    public int length(int index) {
        return lengths[index];
    }

    long time(int index) {
        return SubBuffer.time(memory, starts[index]);
    }

    private void begin(int ofCpu, int mostSubBuffers) {
        cpu = ofCpu;
        count = 0;
        witnessCount = 0;
        isHistoryCut = false;
        if (starts.length < mostSubBuffers) {
            starts = new long[mostSubBuffers];
            lengths = new int[mostSubBuffers];
        }
    }

    private void keep(long start, int length) {
        starts[count] = start;
        lengths[count++] = length;
    }
}
