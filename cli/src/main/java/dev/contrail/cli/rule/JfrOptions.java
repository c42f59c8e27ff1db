// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.rule;

import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Values;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.JfrName;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// How events of JFR are set: options of `enable-event -u`, as the settings of a rule.
public final class JfrOptions {
    private static final Set<String> PROFILES = Set.of("default", "profile");
    private static final Set<String> CHUNK = Set.of("everyChunk", "beginChunk", "endChunk");
    private static final Pattern RATE = Pattern.compile("off|[0-9]{1,9}/(ns|us|ms|s|m|h|d)");
    private static final int MOST_FRAMES = 64;
    private static final List<String> OF_NAMES =
            List.of("--threshold", "--period", "--throttle", "--stack");

    private JfrOptions() {}

    public static CommandSpec addTo(CommandSpec spec) {
        return spec.addOption(profile())
                .addOption(
                        Options.value(
                                "TIME",
                                "Events of JFR that last at least so long, such as 10ms (-u"
                                        + " jfr:NAME; default: as the JDK's profile 'default'),"
                                        + " or the ends of such calls (--method).",
                                "--threshold"))
                .addOption(
                        Options.value(
                                "TIME",
                                "How often JFR makes an event that it makes regularly, or"
                                        + " everyChunk (-u jfr:NAME).",
                                "--period"))
                .addOption(
                        Options.value(
                                "RATE",
                                "At most so many events of JFR, such as 100/s, or off"
                                        + " (-u jfr:NAME).",
                                "--throttle"))
                .addOption(
                        Options.value(
                                "FRAMES",
                                "Frames of the stack traces of JFR's events, 1 to 64, or no"
                                        + " (-u jfr:NAME).",
                                "--stack"));
    }

    /// `--jfr default|profile`.
    public static OptionSpec profile() {
        return Options.value(
                "PROFILE",
                "The events of JFR that a profile of the JDK records, as it sets them: default, or"
                        + " profile.",
                "--jfr");
    }

    /// The settings of a rule for the profile that the line names, if it names one.
    public static List<String> profile(ParseResult line) throws Failure {
        String profile = line.matchedOptionValue("--jfr", "");
        if (profile.isEmpty()) {
            return List.of();
        }
        if (!PROFILES.contains(profile)) {
            throw new Failure(
                    "Unknown profile of JFR %s: want default or profile".formatted(profile));
        }
        return List.of("profile=" + profile);
    }

    /// The settings of rules for `names`.
    public static List<String> of(
            ParseResult line, DomainName domain, List<String> names, Console console)
            throws Failure {
        List<String> settings = new ArrayList<>(profile(line));
        List<String> given = OF_NAMES.stream().filter(line::hasMatchedOption).toList();
        if (settings.isEmpty() && given.isEmpty()) {
            return List.of();
        }
        if (domain != DomainName.USERSPACE || !names.stream().allMatch(JfrName::isOne)) {
            throw console.wrong(
                    "%s is for events of JFR only."
                            .formatted(settings.isEmpty() ? given.getFirst() : "--jfr"),
                    "want -u and names that begin with jfr:");
        }
        addSpan(line, "threshold", Set.of(), settings);
        addSpan(line, "period", CHUNK, settings);
        String throttle = line.matchedOptionValue("--throttle", "off");
        if (!RATE.matcher(throttle).matches()) {
            throw new Failure(
                    "Invalid rate %s: want one such as 100/s, or off".formatted(throttle));
        }
        if (line.hasMatchedOption("--throttle")) {
            settings.add("throttle=" + throttle);
        }
        addStack(line, settings);
        return settings;
    }

    private static void addSpan(
            ParseResult line, String key, Set<String> words, List<String> settings) throws Failure {
        String value = line.matchedOptionValue("--" + key, "");
        if (value.isEmpty()) {
            return;
        }
        OptionalLong nanos = Values.periodNanos(value);
        if (nanos.isEmpty() && !words.contains(value)) {
            throw new Failure("Invalid %s %s: want a time such as 10ms".formatted(key, value));
        }
        settings.add(key + "=" + (nanos.isPresent() ? span(nanos.getAsLong()) : value));
    }

    /// In the largest unit that is exact.
    private static String span(long nanos) {
        return nanos % 1_000_000_000 == 0
                ? nanos / 1_000_000_000 + "s"
                : nanos % 1_000_000 == 0
                        ? nanos / 1_000_000 + "ms"
                        : nanos % 1_000 == 0 ? nanos / 1_000 + "us" : nanos + "ns";
    }

    private static void addStack(ParseResult line, List<String> settings) throws Failure {
        String frames = line.matchedOptionValue("--stack", "");
        if (frames.isEmpty()) {
            return;
        }
        OptionalInt count = Values.count(frames);
        boolean isCount = count.orElse(0) > 0 && count.orElse(0) <= MOST_FRAMES;
        if (!isCount && !frames.equals("no")) {
            throw new Failure(
                    "Invalid number of frames %s: want 1 to %d, or no"
                            .formatted(frames, MOST_FRAMES));
        }
        settings.add("stack=" + (isCount ? Integer.toString(count.getAsInt()) : frames));
    }
}
