// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.session.RelaySessions;
import dev.contrail.wire.push.PushMessage;
import dev.contrail.wire.push.PushMessage.SessionLine;

/// The sessions that a relay has, as its own viewers are told.
final class ListedSessions {
    private ListedSessions() {}

    static PushMessage of(RelaySessions sessions, ViewedCounts counts) {
        return new PushMessage.Sessions(
                sessions.readable().stream().map(each -> line(each, counts)).toList());
    }

    private static SessionLine line(RelaySession session, ViewedCounts counts) {
        var request = session.request();
        return new SessionLine(
                request.liveTimerMicros(),
                counts.of(session),
                session.published().openCount(),
                request.createdSeconds(),
                0,
                session.isEnded() ? PushMessage.State.ENDED : PushMessage.State.RECORDED,
                request.host(),
                request.name());
    }
}
