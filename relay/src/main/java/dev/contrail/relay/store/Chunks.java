// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.store;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// The trace chunks of all sessions that anybody holds. Consumer daemons of the same recording
/// session share them.
final class Chunks {
    private final Map<Key, TraceChunk> chunks = new ConcurrentHashMap<>();

    /// @param sessionId the session daemon's number
    record Key(UUID daemonUuid, long sessionId, long chunkId) {}

    /// Makes a chunk.
    interface Making {
        TraceChunk make(Runnable settled) throws IOException;
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
