// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.statedump;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// What others have done to a session's instances, for the user and for the trace: each is an event
/// `contrail_interruption` in the stream of state dumps, at the time when it was undone, or after
/// the state dump that was being taken then.
///
/// The domain's thread adds, any thread asks.
public final class Interruptions {
    static final String EVENT = "contrail_interruption";

    /// Somebody who does it again and again is told of only so often; all are counted.
    private static final int MOST_KEPT = 32;

    private final ToIntFunction<String> ids;
    private final List<Interruption> kept = new ArrayList<>();
    private String latest = "";
    private long count;

    /// @param ids the event ids by name, see [StateDumpClasses]; negative where the trace was begun
    ///   without the class
    public Interruptions(ToIntFunction<String> ids) {
        this.ids = ids;
    }

    /// Adds one.
    ///
    /// @param what was found and undone
    /// @param atMostNanos for how long it may have been so
    public synchronized void add(String what, long atMostNanos) {
        count++;
        latest = "%s, for at most %.1f s".formatted(what, atMostNanos / 1e9);
        if (kept.size() < MOST_KEPT) {
            kept.add(new Interruption(System.nanoTime(), what, atMostNanos));
        }
    }

    /// A line for the user; none when nothing has happened.
    public synchronized List<String> notes() {
        return count == 0
                ? List.of()
                : List.of(
                        count == 1
                                ? "interrupted: " + latest
                                : "interrupted %d times; the last: %s".formatted(count, latest));
    }

    /// One of them as an event; null when there are not so many, or the trace has no such class.
    ///
    /// @param number from 0, in time order
    /// @param storedTicks time of the last record of the stream: the event's is later
    public synchronized @Nullable StateDump event(int number, long storedTicks) {
        int id = ids.applyAsInt(EVENT);
        return id < 0 || number >= kept.size() ? null : kept.get(number).event(id, storedTicks);
    }

    /// How many of them were noted before a time: the number of the first after it.
    public synchronized int before(long ticks) {
        return (int) kept.stream().filter(each -> each.ticks < ticks).count();
    }

    private record Interruption(long ticks, String what, long atMostNanos) {
        StateDump event(int id, long storedTicks) {
            return new StateDump.Records()
                    .begin(id, Math.max(ticks, storedTicks + 1))
                    .string(what)
                    .u64(atMostNanos)
                    .end();
        }
    }
}
