// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.relay.session.RelaySession;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How many viewers each session has.
final class ViewedCounts {
    private final Map<RelaySession, Integer> counts = new ConcurrentHashMap<>();

    void add(RelaySession session) {
        counts.merge(session, 1, Integer::sum);
    }

    void remove(RelaySession session) {
        counts.computeIfPresent(session, (_, count) -> count == 1 ? null : count - 1);
    }

    int of(RelaySession session) {
        return counts.getOrDefault(session, 0);
    }
}
