// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.analysis.PacketSource;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.wire.push.StreamPosition;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The packets of one stream of a live session. Owned by its [LiveSession].
public abstract class LivePackets implements PacketSource {
    /// The largest packet that is read: as a whole it is in memory.
    static final int MOST_BYTES = 256 << 20;

    private final LiveTrace trace;
    private final long id;
    private final String name;

    /// Null when there is none that was looked at and not taken.
    private @Nullable Arrival seen;

    LivePackets(LiveTrace trace, long id, String channel) {
        this.trace = trace;
        this.id = id;
        name = trace.name() + "/" + channel;
    }

    /// The relay's number of the stream.
    public long id() {
        return id;
    }

    /// What users call it.
    public String name() {
        return name;
    }

    /// What declares its packets.
    public LiveTrace trace() {
        return trace;
    }

    /// The class of the stream, as the relay told it with the last packet or promise; all ones when
    /// it did not.
    public abstract long classId();

    /// The number of the packet that [#next] gave last, where relays tell that.
    public long number() {
        return StreamPosition.NOTHING;
    }

    /// Up to where something is known of it, also of what is not read yet; [Long#MIN_VALUE] when
    /// nothing is.
    public abstract long knownTicks();

    /// How far this viewer had come in the stream before.
    public StreamPosition begin() {
        return StreamPosition.BEGIN;
    }

    /// What is known of the last packet before the first one, if it is.
    public Optional<IndexEntry> previous() {
        return Optional.empty();
    }

    /// What comes next.
    abstract Arrival arrive() throws IOException;

    /// Looks at what [#next] will give, if that does not change by waiting.
    public Arrival look() throws IOException {
        if (seen == null) {
            Arrival arrival = arrive();
            if (arrival instanceof NotYet || arrival instanceof Quiet) {
                return arrival;
            }
            seen = arrival;
        }
        return seen;
    }

    @Override
    public Arrival next() throws IOException {
        Arrival arrival = look();
        seen = null;
        return arrival;
    }
}
