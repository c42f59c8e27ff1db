// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.Suggestion;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.UsageException;
import dev.contrail.ctf.EventClass;
import dev.contrail.tracer.filter.Expression;
import java.util.List;
import java.util.Optional;

/// Which events of what is selected otherwise are wanted: those named, or those for which an
/// expression is true, and what happened around them.
///
/// @param names of events, `*` stands for anything; empty where there is an expression
/// @param filter of an expression
/// @param text the names, or the expression, as a user would write them
/// @param reach how far before and after each of them
/// @param isTime whether `reach` is nanoseconds; otherwise it is a number of events
public record Around(
        List<String> names, Optional<EventFilter> filter, String text, long reach, boolean isTime) {
    public Around {
        names = List.copyOf(names);
        if (names.isEmpty() != filter.isPresent() || reach < 0) {
            throw new IllegalArgumentException("around `" + text + "`, reach=" + reach);
        }
    }

    private static Around of(List<String> names, long reach, boolean isTime) {
        return new Around(names, Optional.empty(), String.join(", ", names), reach, isTime);
    }

    /// So many events on either side.
    public static Around events(List<String> names, int count) {
        return of(names, count, false);
    }

    /// What happened so many nanoseconds before and after.
    public static Around time(List<String> names, long nanos) {
        return of(names, nanos, true);
    }

    /// What is around the events for which an expression is true.
    ///
    /// @throws UsageException when the expression makes no sense
    public static Around matches(String expression, long reach, boolean isTime)
            throws UsageException {
        return new Around(
                List.of(), Optional.of(EventFilter.parse(expression)), expression, reach, isTime);
    }

    /// Where an event lies on the scale of the reach.
    ///
    /// @param number of the event among those selected otherwise
    long position(EventRecord event, long number) {
        return isTime ? event.nanos() : number;
    }

    /// The names as patterns.
    List<Expression.Pattern> patterns() {
        return names.stream()
                .map(name -> new Expression.Pattern(List.of(name.split("\\*", -1))))
                .toList();
    }

    /// Looks whether the traces have events of these names, or the fields of the expression.
    ///
    /// @throws UsageException when one of the names is that of no event, or of no field
    void check(List<Trace> traces) throws UsageException {
        if (filter.isPresent()) {
            filter.get().check(traces);
        }
        var known = new KnownNames();
        for (Trace trace : traces) {
            for (EventClass event : trace.metadata().events()) {
                known.add(trace, event.name());
            }
        }
        List<Expression.Pattern> patterns = patterns();
        for (int i = 0; i < names.size(); i++) {
            if (known.all().stream().noneMatch(patterns.get(i)::matches)) {
                throw none(names.get(i), known);
            }
        }
    }

    private static UsageException none(String name, KnownNames known) {
        if (known.isEmpty()) {
            return new UsageException(
                    "No event is named %s: the trace has none yet".formatted(name));
        }
        String none = "No event of the trace is named " + name;
        Optional<String> near = Suggestion.of(name, known.all());
        return new UsageException(
                near.isPresent()
                        ? none + ": did you mean " + near.get() + "?"
                        : "%s (%s)".formatted(none, known.listed(name, "")));
    }
}
