// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.ViewOptions;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Values;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/// `--around NAMES|EXPRESSION` and `--context N|TIME`, which babeltrace2 does not have.
///
/// @param names of events; empty when there is an expression, or everything is wanted
/// @param expression empty when there is none
/// @param events before and after each of them
/// @param nanos before and after each of them, instead
/// @param rest the words that are not these
record AroundOptions(
        List<String> names,
        String expression,
        OptionalInt events,
        OptionalLong nanos,
        List<String> rest) {
    private static final String AROUND = "--around";
    private static final String CONTEXT = "--context";

    /// What every expression has one of, and no name of an event.
    private static final String OPERATORS = "=<>!&|";

    /// About a screen, of which half is before and half after.
    private static final int EVENTS = 20;

    static CommandSpec addTo(CommandSpec spec) {
        return spec.addOption(
                        Options.value(
                                "NAMES|EXPRESSION",
                                "Only events of these names (separated by commas; * stands for"
                                        + " anything), or those for which an expression of --filter"
                                        + " is true, and what is around them, among the events that"
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

    /// @throws UsageException when the expression makes no sense
    ViewOptions addTo(ViewOptions options) throws UsageException {
        if (!expression.isEmpty()) {
            return options.aroundMatches(
                    expression, nanos.orElse(events.orElse(EVENTS)), nanos.isPresent());
        }
        if (names.isEmpty()) {
            return options;
        }
        return nanos.isPresent()
                ? options.aroundTime(names, nanos.getAsLong())
                : options.around(names, events.orElse(EVENTS));
    }

    static AroundOptions parse(List<String> arguments) throws Failure {
        TakenOptions taken = TakenOptions.of(arguments, Set.of(AROUND, CONTEXT));
        String given = taken.value(AROUND).orElse("");
        String expression =
                given.chars().anyMatch(each -> OPERATORS.indexOf(each) >= 0) ? given : "";
        List<String> names = expression.isEmpty() ? Values.names(given) : List.of();
        boolean isAround = !names.isEmpty() || !expression.isEmpty();
        if (taken.value(AROUND).isPresent() && !isAround) {
            throw new Failure(
                    "--around wants the name of an event, such as shop:failed, or an expression as"
                            + " --filter has it");
        }
        String context = taken.value(CONTEXT).orElse(String.valueOf(EVENTS));
        OptionalInt events = Values.count(context);
        OptionalLong nanos = Values.periodNanos(context);
        if (events.isEmpty() && nanos.isEmpty()) {
            throw new Failure(
                    "--context wants a number of events, or a time and its unit, such as 5ms (ns,"
                            + " us, ms, s, m or h): `%s`".formatted(context));
        }
        if (taken.value(CONTEXT).isPresent() && !isAround) {
            throw new Failure("--context is for --around NAMES, which is not given");
        }
        return new AroundOptions(names, expression, events, nanos, taken.rest());
    }
}
