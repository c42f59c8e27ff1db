// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.chunk;

import dev.contrail.relay.request.RecordingSession;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The trace chunks of all sessions that anybody holds. Consumer daemons of the same recording
/// session share them.
public final class Chunks {
    private final OutputLayout layout;
    private final boolean mayClear;
    private final Map<Key, TraceChunk> chunks = new ConcurrentHashMap<>();

    record Key(RecordingSession session, long chunkId) {}

    /// Makes a chunk.
    interface Making {
        TraceChunk make(Runnable settled) throws IOException;
    }

    /// @param mayClear whether producers may have them deleted
    public Chunks(OutputLayout layout, boolean mayClear) {
        this.layout = layout;
        this.mayClear = mayClear;
    }

    OutputLayout layout() {
        return layout;
    }

    boolean mayClear() {
        return mayClear;
    }

    /// A chunk with one holder more, if it is known.
    Optional<TraceChunk> held(Key key) {
        synchronized (chunks) {
            TraceChunk found = chunks.get(key);
            return found != null && found.tryHold() ? Optional.of(found) : Optional.empty();
        }
    }

    /// A chunk with one holder more; made if it is not known.
    TraceChunk heldOrMade(Key key, Making making) throws IOException {
        synchronized (chunks) {
            TraceChunk found = chunks.get(key);
            if (found != null && found.tryHold()) {
                return found;
            }
            TraceChunk made = making.make(() -> chunks.remove(key));
            chunks.put(key, made);
            made.hold();
            return made;
        }
    }

    boolean isKnown(Key key) {
        return chunks.containsKey(key);
    }
}
