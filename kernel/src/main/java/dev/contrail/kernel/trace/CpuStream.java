// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.trace;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.StreamKey;
import java.io.IOException;
import java.util.Optional;

/// The stream of one CPU in one trace: its next sequence number and how far it has come. Owned by
/// the consumer thread.
public final class CpuStream {
    private final StreamKey key;
    private final int channel;
    private final int cpu;
    private boolean isResumed;
    private long nextSequence;
    private long lastTicks = Long.MIN_VALUE;
    private long discarded;

    public CpuStream(StreamKey key, int channel, int cpu) {
        this.key = key;
        this.channel = channel;
        this.cpu = cpu;
    }

    StreamKey key() {
        return key;
    }

    public int cpu() {
        return cpu;
    }

    /// Goes on after the last packet that is stored, when this is the first use.
    public void resume(PacketSink sink) throws IOException {
        if (isResumed) {
            return;
        }
        Optional<IndexEntry> stored = sink.last(key);
        if (stored.isPresent()) {
            nextSequence = stored.get().sequence() + 1;
            lastTicks = stored.get().endTicks();
            discarded = stored.get().discardedEvents();
        }
        isResumed = true;
    }

    /// Whether nothing is stored yet.
    boolean isEmpty() {
        return nextSequence == 0;
    }

    /// Time of the last record stored, or `Long.MIN_VALUE`.
    public long lastTicks() {
        return lastTicks;
    }

    /// The count of lost records that the last packet carried.
    public long discarded() {
        return discarded;
    }

    /// The next packet's index entry. The count of lost records never falls.
    IndexEntry entry(long bytes, long firstTicks, long endTicks, long count, long lost) {
        return new IndexEntry(
                8 * bytes,
                8 * bytes,
                firstTicks,
                endTicks,
                count,
                Math.max(lost, discarded),
                channel,
                key.instanceId(),
                nextSequence);
    }

    /// The packet of that entry is stored.
    void stored(IndexEntry entry) {
        nextSequence = entry.sequence() + 1;
        lastTicks = entry.endTicks();
        discarded = entry.discardedEvents();
    }
}
