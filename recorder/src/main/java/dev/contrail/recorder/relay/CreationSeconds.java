// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import java.util.HashMap;
import java.util.Map;

/// When sessions were made at relays, in seconds since 1970: a relay puts two of one name and
/// second into one directory, where each empties the other's files (`relay-protocol.md` section
/// 10). Of one process; any thread.
final class CreationSeconds {
    private static final Map<String, Long> LATEST = new HashMap<>();

    private CreationSeconds() {}

    /// A second that no session of that name has had.
    ///
    /// @param now may be used up
    /// @param after that it must come, of an earlier process
    static synchronized long take(String session, long now, long after) {
        LATEST.values().removeIf(taken -> taken < now);
        long first = Math.max(now, after + 1);
        long taken = Math.max(first, LATEST.getOrDefault(session, first - 1) + 1);
        LATEST.put(session, taken);
        return taken;
    }
}
