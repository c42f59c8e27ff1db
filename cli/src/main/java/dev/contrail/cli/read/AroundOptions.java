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

/// `--around NAMES` and `--context N|TIME`, which babeltrace2 does not have.
///
/// @param names of events; empty when everything is wanted
/// @param events before and after each of them
/// @param nanos before and after each of them, instead
/// @param rest the words that are not these
record AroundOptions(
        List<String> names, OptionalInt events, OptionalLong nanos, List<String> rest) {
    private static final String AROUND = "--around";
    private static final String CONTEXT = "--context";

    /// About a screen, of which half is before and half after.
    private static final int EVENTS = 20;

    static CommandSpec addTo(CommandSpec spec) {
        return spec.addOption(
                        Options.value(
                                "NAMES",
                                "Only events of these names (separated by commas; * stands for"
                                        + " anything) and those around them, among the events that"
                                        + " the other options leave; a line -- is where some are"
                                        + " left out.",
                                AROUND))
                .addOption(
                        Options.value(
                                "N|TIME",
                                "With --around: N events before and N after each, or this long,"
                                        + " such as 5ms; default: "
                                        + EVENTS
                                        + ".",
                                CONTEXT));
    }

    ViewOptions addTo(ViewOptions options) {
        if (names.isEmpty()) {
            return options;
        }
        return nanos.isPresent()
                ? options.aroundTime(names, nanos.getAsLong())
                : options.around(names, events.orElse(EVENTS));
    }

    static AroundOptions parse(List<String> arguments) throws Failure {
        TakenOptions taken = TakenOptions.of(arguments, Set.of(AROUND, CONTEXT));
        List<String> names = taken.value(AROUND).map(Values::names).orElse(List.of());
        if (taken.value(AROUND).isPresent() && names.isEmpty()) {
            throw new Failure("--around wants the name of an event, such as shop:failed");
        }
        String context = taken.value(CONTEXT).orElse(String.valueOf(EVENTS));
        OptionalInt events = Values.count(context);
        OptionalLong nanos = Values.periodNanos(context);
        if (events.isEmpty() && nanos.isEmpty()) {
            throw new Failure(
                    "--context wants a number of events, or a time and its unit, such as 5ms (ns,"
                            + " us, ms, s, m or h): `%s`".formatted(context));
        }
        if (taken.value(CONTEXT).isPresent() && names.isEmpty()) {
            throw new Failure("--context is for --around NAMES, which is not given");
        }
        return new AroundOptions(names, events, nanos, taken.rest());
    }
}
