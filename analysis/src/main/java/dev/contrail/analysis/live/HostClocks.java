// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import static java.util.Map.Entry.comparingByValue;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Whether the clocks of hosts that are watched together agree: events are merged as these say, and
/// where they do not agree, those of one host wait for the other's clock. Used by one thread.
///
/// A host whose news come in step with this machine's clock is at its end, not behind: another one
/// that is far ahead of it meanwhile has another clock.
public final class HostClocks {
    /// Networks, live timers and NTP explain less.
    static final long APART_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// For that long the news of a host must have been in step.
    static final long WATCHED_NANOS = TimeUnit.SECONDS.toNanos(3);

    /// Afterwards they are watched anew.
    private static final long MOST_WATCHED_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Map<String, Long> latest = new HashMap<>();
    private final Set<Pair> told = new HashSet<>();
    private Pair watched = new Pair("", "");
    private long since;
    private long slowSince;

    private record Pair(String slow, String fast) {}

    /// A host is known up to a moment.
    ///
    /// @param nanos since the epoch, by that host's clock
    public void heard(String host, long nanos) {
        latest.merge(host, nanos, Math::max);
    }

    /// What is to be told, once for two hosts: to be asked again and again.
    ///
    /// @param now of a clock of this machine that does not jump, nanoseconds
    public Optional<String> look(long now) {
        if (latest.size() < 2) {
            return Optional.empty();
        }
        Map.Entry<String, Long> slow = Collections.min(latest.entrySet(), comparingByValue());
        Map.Entry<String, Long> fast = Collections.max(latest.entrySet(), comparingByValue());
        var pair = new Pair(slow.getKey(), fast.getKey());
        long apart = fast.getValue() - slow.getValue();
        long time = now - since;
        if (apart < APART_NANOS || !pair.equals(watched) || time > MOST_WATCHED_NANOS) {
            watched = apart < APART_NANOS ? new Pair("", "") : pair;
            since = now;
            slowSince = slow.getValue();
            return Optional.empty();
        }
        long advanced = slow.getValue() - slowSince;
        boolean isInStep = advanced > time / 2 && advanced < time + time / 2;
        if (time < WATCHED_NANOS || !isInStep || !told.add(pair)) {
            return Optional.empty();
        }
        return Optional.of(
                String.format(
                        Locale.ROOT,
                        "the clock of host %s is %d s ahead of that of %s: events are merged as the clocks say, so that those of %s wait for as long; set the clocks (NTP), or watch the hosts apart",
                        fast.getKey(),
                        Math.round(apart / 1e9),
                        slow.getKey(),
                        fast.getKey()));
    }
}
