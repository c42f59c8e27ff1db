// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/// What others have done to a session's instances, for the user and for the trace: each is an event
/// `contrail_interruption` in the stream of state dumps, at the time when it was undone.
///
/// The domain's thread adds, any thread asks.
final class Interruptions {
    static final String EVENT = "contrail_interruption";

    /// Somebody who does it again and again is told of only so often; all are counted.
    private static final int MOST_KEPT = 32;

    private final ToIntFunction<String> ids;
    private final List<StateDump> dumps = new ArrayList<>();
    private String latest = "";
    private long count;

    /// @param ids the event ids by name, see [StateDumpClasses]; negative where the trace was begun
    ///   without the class
    Interruptions(ToIntFunction<String> ids) {
        this.ids = ids;
    }

    /// Adds one.
    ///
    /// @param what was found and undone
    /// @param atMostNanos for how long it may have been so
    synchronized void add(String what, long atMostNanos) {
        count++;
        latest = "%s, for at most %.1f s".formatted(what, atMostNanos / 1e9);
        int id = ids.applyAsInt(EVENT);
        if (id >= 0 && dumps.size() < MOST_KEPT) {
            dumps.add(new StateDump.Records().begin(id).string(what).u64(atMostNanos).end());
        }
    }

    /// A line for the user; none when nothing has happened.
    synchronized List<String> notes() {
        return count == 0
                ? List.of()
                : List.of(
                        count == 1
                                ? "interrupted: " + latest
                                : "interrupted %d times; the last: %s".formatted(count, latest));
    }

    /// Those after a time, in time order.
    synchronized List<StateDump> after(long ticks) {
        return dumps.stream().filter(dump -> dump.parts().getFirst().firstTicks() > ticks).toList();
    }
}
