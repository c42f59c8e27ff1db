// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.rule;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Values;
import dev.contrail.wire.DomainName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine.ParseResult;

/// `--method PATTERN,…`, and what goes with it: the names of event rules where they are methods.
public final class MethodOption {
    /// Of `enable-event`: what tracepoints or events of JFR have, and methods have not.
    private static final List<String> FOREIGN =
            List.of(
                    "--loglevel",
                    "--loglevel-only",
                    "--exclude",
                    "--jfr",
                    "--period",
                    "--throttle",
                    "--stack");

    private MethodOption() {}

    /// The names that the line has, of events or, with `--method`, of methods.
    public static List<String> names(ParseResult line, DomainName domain, Console console)
            throws Failure {
        List<String> names = Values.names(line.matchedPositionalValue(0, ""));
        if (!line.hasMatchedOption("--method")) {
            for (String option : List.of("--arg", "--return")) {
                if (line.hasMatchedOption(option)) {
                    throw console.wrong(
                            option + " goes with methods only.", "add --method CLASS.METHOD");
                }
            }
            return names;
        }
        if (domain != DomainName.USERSPACE) {
            throw console.wrong("Methods are those of JVMs.", "use --method with -u");
        }
        if (!names.isEmpty()) {
            throw console.wrong(
                    "Event names and --method exclude each other.", "use one command for each");
        }
        return split(line.matchedOptionValue("--method", ""));
    }

    /// The expression that events of methods have to be true for; empty: none.
    ///
    /// @throws Failure when the line has what events of methods do not have
    public static String filter(ParseResult line, Console console) throws Failure {
        for (String option : FOREIGN) {
            if (line.hasMatchedOption(option)) {
                throw console.wrong(
                        option + " is not for methods.",
                        "want --arg, --return, --filter or --threshold with --method");
            }
        }
        String filter = line.matchedOptionValue("--filter", "");
        String threshold = line.matchedOptionValue("--threshold", "");
        if (!line.hasMatchedOption("--threshold")) {
            return filter;
        }
        OptionalLong nanos = Values.periodNanos(threshold);
        if (nanos.isEmpty()) {
            throw new Failure(
                    "Invalid threshold %s: want a time such as 10ms".formatted(threshold));
        }
        String slow = "duration_ns >= " + nanos.getAsLong();
        return filter.isEmpty() ? slow : "(%s) && %s".formatted(filter, slow);
    }

    /// At commas, but not at those of lists of arguments.
    private static List<String> split(String patterns) {
        var found = new ArrayList<String>();
        int begin = 0;
        int open = 0;
        for (int i = 0; i <= patterns.length(); i++) {
            char letter = i == patterns.length() ? ',' : patterns.charAt(i);
            if (letter == '(') {
                open++;
            } else if (letter == ')') {
                open--;
            } else if (letter == ',' && (open <= 0 || i == patterns.length())) {
                String pattern = patterns.substring(begin, i).strip();
                if (!pattern.isEmpty()) {
                    found.add(pattern);
                }
                begin = i + 1;
            }
        }
        return found;
    }

    /// What of the calls is recorded, as rules have it.
    public static List<String> settings(ParseResult line) {
        var settings = new ArrayList<String>();
        for (String argument : line.matchedOptionValue("--arg", List.<String>of())) {
            String setting = "arg=" + argument.strip();
            if (!settings.contains(setting)) {
                settings.add(setting);
            }
        }
        Collections.sort(settings);
        if (line.hasMatchedOption("--return")) {
            settings.add("return");
        }
        return settings;
    }
}
