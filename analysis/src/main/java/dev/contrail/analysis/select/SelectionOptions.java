// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import dev.contrail.analysis.UsageException;
import java.util.Optional;

/// Which messages are wanted; the options are babeltrace2's.
///
/// @param begin only events from then on, if present; times without a date take the first event's
/// @param end only events until then, if present; as `begin`
/// @param isIntersection only while all streams of a trace were active
/// @param filter which events are wanted, if not all
/// @param ending which end of these, if not all
/// @param skipped so many of the first events that would be selected are not
/// @param around of all these, only those near some that are named, if present
public record SelectionOptions(
        Optional<TimeBound> begin,
        Optional<TimeBound> end,
        boolean isIntersection,
        Optional<EventFilter> filter,
        Ending ending,
        int skipped,
        Optional<Around> around) {

    /// Everything.
    public static final SelectionOptions DEFAULT =
            new SelectionOptions(Optional.empty(), Optional.empty(), false, Optional.empty());

    /// To both ends.
    public SelectionOptions(
            Optional<TimeBound> begin,
            Optional<TimeBound> end,
            boolean isIntersection,
            Optional<EventFilter> filter) {
        this(begin, end, isIntersection, filter, Ending.NONE, 0, Optional.empty());
    }

    /// The same with only the end of it.
    public SelectionOptions with(Ending wanted) {
        return new SelectionOptions(begin, end, isIntersection, filter, wanted, skipped, around);
    }

    /// The same with only what is around some events.
    public SelectionOptions with(Around wanted) {
        return new SelectionOptions(
                begin, end, isIntersection, filter, ending, skipped, Optional.of(wanted));
    }

    /// The same from a time on, if that is after the begin, without some of the first events.
    SelectionOptions from(long nanos, int left) {
        long later = Math.max(nanos, begin.map(TimeBound::nanos).orElse(nanos));
        return new SelectionOptions(
                Optional.of(TimeBound.at(later)),
                end,
                isIntersection,
                filter,
                ending,
                left,
                around);
    }

    /// Of what is still being recorded nobody knows the end, nor what comes next.
    ///
    /// @throws UsageException when one of them needs to be known
    public void checkLive() throws UsageException {
        String what =
                ending().isBounded()
                        ? "The end"
                        : around().isPresent()
                                ? "What is around events"
                                : isIntersection() ? "Where all streams have events" : "";
        if (!what.isEmpty()) {
            throw new UsageException(
                    what
                            + " of a live session is not known while it is recorded: keep it with"
                            + " --output-format=ctf --output=FOLDER, then view the folder");
        }
    }
}
