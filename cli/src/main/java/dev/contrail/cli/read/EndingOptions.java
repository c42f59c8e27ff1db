// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.convert.ViewOptions;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Values;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/// `--last TIME` and `--tail N`, which babeltrace2 does not have.
///
/// @param rest the words that are not these
record EndingOptions(OptionalLong nanos, OptionalInt events, List<String> rest) {
    private static final String LAST = "--last";
    private static final String TAIL = "--tail";

    static CommandSpec addTo(CommandSpec spec) {
        return spec.addOption(
                        Options.value(
                                "TIME",
                                "Only this long before the last event, such as 5s or 200ms"
                                        + " (ns, us, ms, s, m or h), without the kernel's state dump;"
                                        + " --filter chooses among these.",
                                LAST))
                .addOption(
                        Options.value(
                                "N",
                                "Only the last N of the events that the other options leave, without the"
                                        + " kernel's state dump; --around comes after it.",
                                TAIL));
    }

    ViewOptions addTo(ViewOptions options) {
        return options.endingWith(nanos, events);
    }

    static EndingOptions parse(List<String> arguments) throws Failure {
        TakenOptions taken = TakenOptions.of(arguments, Set.of(LAST, TAIL));
        var nanos = OptionalLong.empty();
        if (taken.value(LAST).isPresent()) {
            String value = taken.value(LAST).get();
            nanos = Values.periodNanos(value);
            if (nanos.isEmpty()) {
                throw new Failure(
                        "--last wants a time and its unit, such as 5s or 200ms (ns, us, ms, s,"
                                + " m or h): `%s`".formatted(value));
            }
        }
        var events = OptionalInt.empty();
        if (taken.value(TAIL).isPresent()) {
            String value = taken.value(TAIL).get();
            events = Values.count(value);
            if (events.orElse(0) < 1 || events.getAsInt() > ViewOptions.MOST_LAST_EVENTS) {
                throw new Failure(
                        "--tail wants a number of events, 1 to %,d: `%s`"
                                .formatted(ViewOptions.MOST_LAST_EVENTS, value));
            }
        }
        return new EndingOptions(nanos, events, taken.rest());
    }
}
