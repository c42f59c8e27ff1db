// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.session;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Sessions that have ended and can still be read, by their numbers. Guarded by its own lock, with
/// which no session's is taken.
final class EndedSessions {
    /// Sessions that viewers can still begin to read: those before stay on the disk.
    static final int MAX_ENDED = 1024;

    /// The one that ended first comes first.
    private final SequencedMap<Long, RelaySession> sessions = new LinkedHashMap<>();

    /// It has ended.
    synchronized void keep(RelaySession session) {
        sessions.put(session.id(), session);
        if (sessions.size() > MAX_ENDED) {
            sessions.pollFirstEntry();
        }
    }

    /// It can be read no more.
    synchronized void forget(RelaySession session) {
        sessions.remove(session.id());
    }

    /// What has ended of a session that goes on is read as a part of that.
    ///
    /// @param place where its directory is
    synchronized void forget(Path place) {
        sessions.values()
                .removeIf(each -> each.place().equals(place) && !each.request().isSnapshot());
    }

    /// Puts them among others.
    synchronized void addTo(Map<Long, RelaySession> others) {
        others.putAll(sessions);
    }
}
