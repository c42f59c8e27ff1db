// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.session.RelaySessions;
import dev.contrail.wire.CString;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/// Which of a relay's sessions a viewer means that says a host and a name: one recording session
/// may have several, one of each consumer daemon, and others of that name may have been before it.
final class WatchedSessions {
    private final RelaySessions sessions;
    private final CString host;
    private final CString name;

    /// @param sessionId the session daemon's number
    private record Recording(UUID daemon, long sessionId, long createdSeconds) {
        static Recording of(RelaySession session) {
            var request = session.request();
            return new Recording(
                    request.daemonUuid(), request.sessionId(), request.createdSeconds());
        }
    }

    WatchedSessions(RelaySessions sessions, CString host, CString name) {
        this.sessions = sessions;
        this.host = host;
        this.name = name;
    }

    /// Those of the last recording session of that name, and those before it that a viewer has
    /// begun; the oldest first. Where several session daemons record one of that name now, as on
    /// two hosts that have one name, those of the last one of each.
    ///
    /// @param isBegun whether a viewer has begun one
    List<RelaySession> find(Predicate<RelaySession> isBegun) {
        List<RelaySession> named = named();
        if (named.isEmpty()) {
            return List.of();
        }
        var recorded = new HashMap<UUID, Recording>();
        for (RelaySession each : named) {
            if (!each.isEnded()) {
                recorded.put(each.request().daemonUuid(), Recording.of(each));
            }
        }
        Collection<Recording> wanted =
                recorded.isEmpty() ? Set.of(Recording.of(named.getLast())) : recorded.values();
        return named.stream()
                .filter(each -> wanted.contains(Recording.of(each)) || isBegun.test(each))
                .toList();
    }

    /// Those that have come to a recording session of which some are watched.
    List<RelaySession> joining(List<RelaySession> watched) {
        List<Recording> recordings = watched.stream().map(Recording::of).toList();
        return named().stream()
                .filter(each -> !watched.contains(each))
                .filter(each -> recordings.contains(Recording.of(each)))
                .toList();
    }

    private List<RelaySession> named() {
        return sessions.readable().stream()
                .filter(each ->
                        each.request().host().equals(host) && each.request().name().equals(name))
                .toList();
    }
}
