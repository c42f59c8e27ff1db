// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.LiveAddresses;
import dev.contrail.analysis.convert.Notices;
import dev.contrail.analysis.convert.ViewOptions;
import dev.contrail.analysis.source.Summary;
import dev.contrail.analysis.source.Summary.OneStream;
import dev.contrail.analysis.source.Summary.OneTrace;
import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.Surroundings;
import dev.contrail.ctf.LocalTimeZone;
import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `summary [SESSION | PATH…]`: what is in a trace at a glance.
public final class SummaryCommand implements Command {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSSSS");

    /// Of traces that hold nothing, as many are named.
    private static final int NAMED = 3;

    private static final long NANOS = 1_000_000_000L;

    private static final String BOLD = "\033[1m";
    private static final String RED = "\033[31m";

    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(Options.flag("Read all events and count them by class.", "--by-class"))
                .addPositional(
                        PositionalParamSpec.builder()
                                .index("0..*")
                                .arity("0..*")
                                .type(String[].class)
                                .paramLabel("SESSION|PATH|URL")
                                .description(
                                        "What to look at; default: what was recorded last. "
                                                + ReaderOptions.PATHS
                                                + ReaderOptions.URLS_WHOLE)
                                .build());
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        var roots = new ArrayList<Path>();
        var sessions = new ArrayList<String>();
        for (String each : line.matchedPositionalValue(0, new String[0])) {
            if (ViewOptions.isAddress(each)) {
                sessions.addAll(meant(each));
                continue;
            }
            Path given = Path.of(each);
            if (each.isEmpty()) {
                throw new Failure(
                        "The path of a trace is empty: is a variable that it is made of empty?");
            }
            take(
                    SessionTraces.find(given, console)
                            .orElseThrow(() -> SessionTraces.neither(given, console)),
                    roots,
                    sessions);
        }
        if (roots.isEmpty() && sessions.isEmpty()) {
            take(LastRecorded.find(console), roots, sessions);
        }
        Surroundings around = console.surroundings();
        boolean isTold = around.isOutTerminal() || around.isOutFile();
        Summary summary;
        try (var progress = new ProgressLine(around, isTold)) {
            boolean isByClass = line.hasMatchedOption("--by-class");
            summary =
                    sessions.isEmpty()
                            ? Summary.of(roots, isByClass, progress.progress())
                            : LiveSummaries.of(roots, sessions, isByClass, console);
        }
        List<OneTrace> shown =
                summary.traces().stream().filter(trace -> !trace.streams().isEmpty()).toList();
        shown.forEach(trace -> show(trace, console));
        empty(summary.traces(), !shown.isEmpty()).ifPresent(text -> console.say("%s", text));
        summary.damage().forEach(each -> console.error("%s", Notices.line(each)));
        return (summary.damage().isEmpty() ? ExitStatus.SUCCESS : ExitStatus.ERROR).number();
    }

    private static void take(FoundTrace found, List<Path> roots, List<String> sessions)
            throws IOException, Failure {
        switch (found) {
            case FoundTrace.Here(Path root) -> {
                try {
                    Files.readAttributes(root, BasicFileAttributes.class);
                } catch (NoSuchFileException e) {
                    throw new Failure(root + ": no such file or folder");
                }
                roots.add(root);
            }
            case FoundTrace.AtRelay(String url) -> sessions.add(url);
        }
    }

    /// Sessions at a relay, all of them where the address names none.
    private static List<String> meant(String url) throws IOException, Failure {
        List<String> sessions;
        try {
            sessions = LiveAddresses.meant(url);
        } catch (UsageException e) {
            throw new Failure(Reason.of(e));
        }
        if (sessions.isEmpty()) {
            throw new Failure(url + ": the relay has no session");
        }
        return sessions;
    }

    /// What holds no stream, each ring once, whatever sessions have recorded into it.
    static Optional<String> empty(List<OneTrace> traces, boolean hasOthers) {
        Set<String> names = names(traces, true);
        names.removeAll(names(traces, false));
        if (names.isEmpty()) {
            return Optional.empty();
        }
        String some = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        return Optional.of(
                "%,d %strace%s hold%s nothing: %s%s"
                        .formatted(
                                names.size(),
                                hasOthers ? "more " : "",
                                names.size() == 1 ? "" : "s",
                                names.size() == 1 ? "s" : "",
                                some,
                                names.size() > NAMED ? ", …" : ""));
    }

    /// Of those that hold nothing, or of the others, without the session.
    private static Set<String> names(List<OneTrace> traces, boolean isEmpty) {
        return traces.stream()
                .filter(trace -> trace.streams().isEmpty() == isEmpty)
                .map(trace -> name(trace).replaceFirst("/session-[0-9a-f]+$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(OneTrace trace) {
        return trace.trace().name().isEmpty() ? "(no name)" : Notices.line(trace.trace().name());
    }

    private static void show(OneTrace summary, Console console) {
        Map<String, Object> facts = summary.trace().environment();
        console.sayStyled(
                "",
                BOLD,
                "Trace "
                        + name(summary)
                        + summary.trace().uid().map(uid -> " (" + uid + ")").orElse(""));
        folder(summary).ifPresent(folder -> fact(console, "Folder", folder));
        fact(console, "Host", facts.getOrDefault("hostname", ""));
        fact(console, "Domain", facts.getOrDefault("domain", ""));
        fact(console, "Tracer", facts.getOrDefault("tracer_name", ""));
        Optional<long[]> range = summary.range();
        range.ifPresent(time ->
                fact(
                        console,
                        "Time",
                        "%s to %s (%s s)"
                                .formatted(
                                        time(time[0]), time(time[1]), seconds(time[1] - time[0]))));
        fact(
                console,
                "Content",
                "%,d stream%s, %,d packet%s, %,d bytes"
                        .formatted(
                                summary.streams().size(),
                                summary.streams().size() == 1 ? "" : "s",
                                summary.packets(),
                                summary.packets() == 1 ? "" : "s",
                                summary.bytes()));
        long known = summary.discardedEvents();
        long perhaps = summary.perhapsDiscarded();
        String lost =
                "%s event%s, %,d packet%s"
                        .formatted(
                                discarded(known, perhaps),
                                known == 1 && perhaps == 0 ? "" : "s",
                                summary.lostPackets(),
                                summary.lostPackets() == 1 ? "" : "s");
        if (known != 0 || perhaps != 0 || summary.lostPackets() != 0) {
            console.sayStyled("  Lost: ", RED, lost);
        } else {
            fact(console, "Lost", lost);
        }
        streams(summary).forEach(line -> console.say("  %s", line));
        if (!summary.classes().isEmpty()) {
            long stateDump = stateDump(summary);
            console.say(
                    "  Events: %,d%s",
                    summary.events(),
                    stateDump == 0 ? "" : " (%,d of the state dump)".formatted(stateDump));
            int width = "%,d".formatted(summary.classes().values().iterator().next()).length();
            summary.classes()
                    .forEach((name, count) ->
                            console.say(
                                    "    %" + width + "s  %s",
                                    "%,d".formatted(count),
                                    Notices.line(name)));
        }
    }

    /// Where the files of a trace are. Chunks and snapshots of one trace are in several folders:
    /// the one of the oldest packets. A ring has none.
    private static Optional<Path> folder(OneTrace summary) {
        return summary.streams().stream()
                .map(each -> Path.of(each.stream().name()))
                .filter(file -> file.isAbsolute() && Files.isRegularFile(file))
                .min(Comparator.naturalOrder())
                .map(Path::getParent);
    }

    /// What the kernel tracer has put into the trace of itself.
    private static long stateDump(OneTrace summary) {
        return summary.classes().entrySet().stream()
                .filter(each ->
                        each.getKey().startsWith("lttng_statedump_")
                                || each.getKey().equals("contrail_interruption"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /// A table with a line for each stream, by name; its columns are as wide as they need to be.
    private static List<String> streams(OneTrace summary) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("Stream", "Packets", "Bytes", "Seconds", "Lost events", "Lost packets"));
        summary.streams().stream()
                .sorted(Comparator.comparing(each -> each.stream().name()))
                .forEach(each -> rows.add(row(each)));
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> aligned(row, widths)).toList();
    }

    private static List<String> row(OneStream stream) {
        return List.of(
                Notices.line(String.valueOf(Path.of(stream.stream().name()).getFileName())),
                "%,d".formatted(stream.packets()),
                "%,d".formatted(stream.bytes()),
                stream.range().map(time -> seconds(time[1] - time[0])).orElse("-"),
                discarded(stream.discardedEvents(), stream.perhapsDiscarded()),
                "%,d".formatted(stream.lostPackets()));
    }

    /// How many events were discarded, or from how many to how many.
    static String discarded(long known, long perhaps) {
        String number = "%,d".formatted(known);
        if (perhaps == 0) {
            return number;
        }
        // The counter of a trace of somebody else's may be anything.
        var most = new BigInteger(Long.toUnsignedString(known + perhaps));
        return number + " to " + "%,d".formatted(most);
    }

    private static String aligned(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String form = i == 0 ? "%-" + widths[i] + "s" : "  %" + widths[i] + "s";
            line.append(form.formatted(row.get(i)));
        }
        return line.toString();
    }

    private static void fact(Console console, String name, Object value) {
        if (!value.equals("")) {
            console.say("  %s: %s", name, Notices.line(value.toString()));
        }
    }

    private static String time(long nanos) {
        return TIME.format(
                LocalTimeZone.at(
                        Instant.ofEpochSecond(
                                Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS))));
    }

    private static String seconds(long nanos) {
        return "%.3f".formatted(nanos / 1e9);
    }
}
