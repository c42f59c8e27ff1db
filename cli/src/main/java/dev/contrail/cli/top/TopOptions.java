// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.Suggestion;
import dev.contrail.analysis.top.TopView;
import dev.contrail.analysis.top.Wanted;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// What is to be shown, and how.
///
/// @param views in the order in which they are printed; none for whichever says something
/// @param sort the column's key; empty for each view's own order
/// @param isReversed whether the least comes first
/// @param most rows of a table that are printed
/// @param delayNanos of one table to the next; empty for the usual
/// @param count tables of each view; empty for as many as there come to be
/// @param speed how fast a stored trace is played, 1 as it happened
record TopOptions(
        boolean isBatch,
        boolean isJson,
        List<TopView> views,
        String sort,
        boolean isReversed,
        int most,
        OptionalLong delayNanos,
        OptionalInt count,
        double speed,
        Wanted wanted) {

    /// Views that are of use to most: of the kernel, and where that is not recorded.
    static final List<TopView> USUAL = List.of(TopView.PROCESSES, TopView.EVENTS);

    private static final long LEAST_DELAY = 50_000_000;

    static CommandSpec addTo(CommandSpec spec) {
        return spec.addOption(Options.flag("Print tables instead.", "-b", "--batch"))
                .addOption(Options.flag("Print JSON instead, an object a table.", "--json"))
                .addOption(
                        Options.value(
                                "VIEWS",
                                "What to show first, or with --batch and --json what to print, separated by"
                                        + " commas: "
                                        + words()
                                        + "; or all.",
                                "--view"))
                .addOption(
                        Options.value(
                                "COLUMN",
                                "Rows in the order of COLUMN, as --json names it; - before it turns"
                                        + " the order round.",
                                "--sort"))
                .addOption(Options.value("ROWS", "Print at most ROWS of a table.", "-l", "--limit"))
                .addOption(
                        Options.value(
                                "TIME",
                                "New figures every TIME: 500ms, 2s. Default: 1s; with --batch and"
                                        + " --json of a stored trace once, of all of it.",
                                "-d",
                                "--delay"))
                .addOption(
                        Options.value(
                                "COUNT", "End after COUNT times of new figures.", "-n", "--count"))
                .addOption(
                        Options.value(
                                "FACTOR", "Play a stored trace so many times as fast.", "--speed"))
                .addOption(
                        Options.value(
                                "PROCESS",
                                "Only processes and threads of that number, or with that in their"
                                        + " names.",
                                "-p",
                                "--process"))
                .addOption(
                        Options.value("HOST", "Only machines with that in their names.", "--host"));
    }

    static TopOptions of(ParseResult line) throws Failure {
        String sort = line.matchedOptionValue("--sort", "");
        boolean isReversed = sort.startsWith("-");
        sort = isReversed ? sort.substring(1) : sort;
        boolean isJson = line.hasMatchedOption("--json");
        List<TopView> views = views(line.matchedOptionValue("--view", ""));
        check(sort, views);
        return new TopOptions(
                line.hasMatchedOption("--batch") || isJson,
                isJson,
                views,
                sort,
                isReversed,
                count(line, "--limit", Integer.MAX_VALUE),
                delay(line),
                line.hasMatchedOption("--count")
                        ? OptionalInt.of(count(line, "--count", 0))
                        : OptionalInt.empty(),
                speed(line),
                new Wanted(
                        line.matchedOptionValue("--host", ""),
                        line.matchedOptionValue("--process", "")));
    }

    private static List<TopView> views(String words) throws Failure {
        if (words.isEmpty()) {
            return List.of();
        }
        if (words.equals("all")) {
            return List.of(TopView.values());
        }
        var views = new ArrayList<TopView>();
        for (String word : Values.names(words)) {
            views.add(
                    TopView.of(word)
                            .orElseThrow(() ->
                                    new Failure(
                                            "--view %s: there is no such view%s (%s, all)"
                                                    .formatted(
                                                            word,
                                                            Suggestion.words(word, all()),
                                                            words()))));
        }
        return views;
    }

    private static void check(String sort, List<TopView> views) throws Failure {
        List<TopView> asked = views.isEmpty() ? USUAL : views;
        if (sort.isEmpty() || asked.stream().anyMatch(each -> each.column(sort).isPresent())) {
            return;
        }
        List<String> keys =
                asked.stream()
                        .flatMap(each -> each.columns().stream())
                        .map(each -> each.key())
                        .distinct()
                        .toList();
        throw new Failure(
                "--sort %s: no such column%s (%s)"
                        .formatted(sort, Suggestion.words(sort, keys), String.join(", ", keys)));
    }

    private static List<String> all() {
        return Arrays.stream(TopView.values()).map(TopView::word).toList();
    }

    private static String words() {
        return all().stream().collect(Collectors.joining(", "));
    }

    private static int count(ParseResult line, String option, int usual) throws Failure {
        String given = line.matchedOptionValue(option, "");
        if (given.isEmpty()) {
            return usual;
        }
        OptionalInt count = Values.count(given);
        if (count.isEmpty() || count.getAsInt() == 0) {
            throw new Failure(option + " wants a number from 1 on, got " + given);
        }
        return count.getAsInt();
    }

    private static OptionalLong delay(ParseResult line) throws Failure {
        String given = line.matchedOptionValue("--delay", "");
        if (given.isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong nanos = Values.periodNanos(given.matches("[0-9.]+") ? given + "s" : given);
        if (nanos.isEmpty() || nanos.getAsLong() < LEAST_DELAY) {
            throw new Failure("--delay wants 50ms or more, such as 500ms or 2s, got " + given);
        }
        return nanos;
    }

    private static double speed(ParseResult line) throws Failure {
        String given = line.matchedOptionValue("--speed", "1");
        double speed;
        try {
            speed = Double.parseDouble(given);
        } catch (NumberFormatException e) {
            speed = 0;
        }
        if (!(speed > 0) || Double.isInfinite(speed)) {
            throw new Failure("--speed wants a number above 0, such as 0.5 or 10, got " + given);
        }
        return speed;
    }
}
