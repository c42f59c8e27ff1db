// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads traces with babeltrace2 and with our reader, and compares what they say.
final class SideBySide {
    private static final int MAX_REPAIRS = 40;

    private static final Pattern FALLS =
            Pattern.compile(
                    "WARNING: Tracer (may have discarded|discarded \\d{20}) .*(\n|$)"
                            + "|(?:\\[.*\n)*\\{Trace .*\nDiscarded (events|packets)"
                            + "( \\(1[678](,\\d{3}){6} .*\\))?(\n+|$)");

    private static final Pattern NUMBER =
            Pattern.compile("(?:\\d{20}|1[678](?:,\\d{3}){6}) (?:event|packet)s");

    private final Peer peer;
    private final KnownDifferences known;
    private int agreed;
    private int refused;
    private int died;

    SideBySide(Path work, KnownDifferences known) {
        this.peer = new Peer(work);
        this.known = known;
    }

    /// The first difference that has no reason.
    Optional<Difference> compare(List<Path> traces, List<List<String>> optionLists)
            throws IOException, InterruptedException {
        for (List<String> options : optionLists) {
            var arguments = new ArrayList<>(options);
            traces.forEach(each -> arguments.add(each.toString()));
            Reading theirs = peer.read(arguments);
            if (theirs.hasDied()) {
                died++;
                continue;
            }
            Reading ours = Ours.read(arguments);
            Optional<Difference> found =
                    kind(theirs, ours).map(each -> new Difference(each, options, theirs, ours));
            if (found.isPresent() && !explain(found.get(), traces, arguments)) {
                return found;
            }
            if (theirs.status() == 0) {
                agreed++;
            } else {
                refused++;
            }
        }
        return Optional.empty();
    }

    /// Whether a row of the page gives the reason. Where ours reads what babeltrace2 refuses, both
    /// must print the same once what is in its way is repaired, or else up to where it stops.
    private boolean explain(Difference found, List<Path> traces, List<String> arguments)
            throws IOException, InterruptedException {
        if (!known.explain(found, traces)) {
            return false;
        }
        if (!known.isOnlyByPeer(found, traces)) {
            return true;
        }
        Path metadata = traces.getFirst().resolve("metadata");
        byte[] before = Files.readAllBytes(metadata);
        String text = Repair.spread(new String(before, StandardCharsets.UTF_8));
        String err = found.theirs().err();
        if (traces.size() > 1 || !Repair.isOfSyntax(err) && Repair.of(text, err).isEmpty()) {
            return isSameAsFarAsRead(found);
        }
        try {
            return isRepaired(new Repair(text, "", ""), metadata, found, traces, arguments);
        } finally {
            Files.write(metadata, before);
        }
    }

    /// Whether both say the same, but for the losses that babeltrace2 sees where a counter falls:
    /// of a number near 2^64, or, where that is its word for an unknown number, of none. Ours may
    /// say another number in that place: a counter of fewer bits may have begun anew.
    private static boolean isSameButForFallingCounters(Difference found) {
        return isSameButForFalls(found.theirs().out(), found.ours().out())
                && isSameButForFalls(losses(found.theirs().err()), losses(found.ours().err()));
    }

    private static boolean isSameButForFalls(String theirs, String ours) {
        var form = new StringBuilder();
        int at = 0;
        Matcher fall = FALLS.matcher(theirs);
        while (fall.find()) {
            String ofAnyNumber =
                    Stream.of(NUMBER.split(fall.group(), -1))
                            .map(Pattern::quote)
                            .collect(Collectors.joining("[\\d,]+ (?:event|packet)s?"));
            form.append(Pattern.quote(theirs.substring(at, fall.start())));
            form.append("(?:").append(ofAnyNumber).append(")?");
            at = fall.end();
        }
        form.append(Pattern.quote(theirs.substring(at)));
        return Pattern.matches(form.toString(), ours);
    }

    /// Whether both print the same up to where babeltrace2 stops. Ours reads packets that do not
    /// lie in their order in it, and shows other times of losses where time goes back.
    private static boolean isSameAsFarAsRead(Difference found) {
        return switch (found.kind()) {
            case VALUES, LOSS -> isSameButForFallingCounters(found) || isReordered(found);
            case ACCEPTED ->
                    !Repair.isOfSyntax(found.theirs().err())
                            && (isSame(found.theirs().out(), found.ours().out(), true)
                                    || found.options().contains("sink.text.details")
                                    || isReordered(found));
            default -> true;
        };
    }

    private static boolean isReordered(Difference found) {
        return found.ours().err().contains("packets do not lie in the order of their");
    }

    /// Whether repairs make babeltrace2 print what ours did of the original: one after the other,
    /// each getting it further than the others would.
    private boolean isRepaired(
            Repair spread,
            Path metadata,
            Difference found,
            List<Path> traces,
            List<String> arguments)
            throws IOException, InterruptedException {
        var names = new LinkedHashMap<String, String>();
        String text = spread.text();
        for (int step = 0; step < MAX_REPAIRS; step++) {
            Reading theirs = repaired(text, metadata, arguments, names);
            Optional<Difference.Kind> kind = kind(theirs, found.ours());
            if (kind.isEmpty()) {
                return true;
            }
            var rest = new Difference(kind.get(), found.options(), theirs, found.ours());
            if (theirs.hasDied() || !known.explain(rest, traces)) {
                return false;
            }
            List<Repair> repairs = Repair.of(text, theirs.err());
            if (repairs.isEmpty()) {
                return isSameAsFarAsRead(rest);
            }
            int least =
                    Repair.isOfSyntax(theirs.err())
                            ? Repair.wordsLeft(text, theirs.err())
                            : Integer.MAX_VALUE;
            Optional<Repair> best = Optional.empty();
            for (Repair repair : repairs) {
                var all = new LinkedHashMap<>(names);
                all.put(repair.newName(), repair.oldName());
                Reading next = repaired(repair.text(), metadata, arguments, all);
                if (kind(next, found.ours()).isEmpty()) {
                    return true;
                }
                if (next.hasDied()) {
                    died++;
                    return true; // nothing to compare with
                }
                int left = Repair.wordsLeft(repair.text(), next.err());
                if (left < least || left == 0 && best.isEmpty()) {
                    least = left;
                    best = Optional.of(repair);
                }
            }
            if (best.isEmpty()) {
                return false;
            }
            text = best.get().text();
            names.put(best.get().newName(), best.get().oldName());
        }
        return false;
    }

    /// What babeltrace2 says of a text, in the names of the original.
    private Reading repaired(
            String text, Path metadata, List<String> arguments, Map<String, String> names)
            throws IOException, InterruptedException {
        Files.writeString(metadata, text);
        Reading reading = peer.read(arguments);
        String out = reading.out();
        for (Map.Entry<String, String> name : names.entrySet()) {
            out = name.getKey().isEmpty() ? out : out.replace(name.getKey(), name.getValue());
        }
        return new Reading(reading.status(), out, reading.err(), reading.hasDied());
    }

    /// How many readings were whole, and the same.
    int agreed() {
        return agreed;
    }

    /// How many readings babeltrace2 refused a part of.
    int refused() {
        return refused;
    }

    /// How often both did the same, for whoever watches.
    String account() {
        return "%d read, %d refused, %d where babeltrace2 died".formatted(agreed, refused, died);
    }

    private static Optional<Difference.Kind> kind(Reading theirs, Reading ours) {
        if (ours.hasDied()) {
            return Optional.of(Difference.Kind.CRASH);
        }
        boolean isRefusedByUs = ours.status() != 0;
        if (theirs.status() == 0) {
            if (isRefusedByUs) {
                return Optional.of(Difference.Kind.REFUSED);
            }
            if (!isSame(theirs.out(), ours.out(), false)) {
                return Optional.of(Difference.Kind.VALUES);
            }
            return losses(theirs.err()).equals(losses(ours.err()))
                    ? Optional.empty()
                    : Optional.of(Difference.Kind.LOSS);
        }
        if (!isRefusedByUs) {
            return Optional.of(Difference.Kind.ACCEPTED);
        }
        // It stops at the first error; ours goes on with what can be read.
        return isSame(theirs.out(), ours.out(), true)
                ? Optional.empty()
                : Optional.of(Difference.Kind.REST);
    }

    /// Whether the lines are the same, but for what babeltrace2 shows for an empty text: one that
    /// it has read before.
    private static boolean isSame(String theirs, String ours, boolean mayGoOn) {
        if (mayGoOn ? ours.startsWith(theirs) : ours.equals(theirs)) {
            return true;
        }
        List<String> wanted = theirs.lines().toList();
        List<String> found = ours.lines().toList();
        if (mayGoOn ? found.size() < wanted.size() : found.size() != wanted.size()) {
            return !mayGoOn && isSameWithOldLines(theirs, ours);
        }
        for (int i = 0; i < wanted.size(); i++) {
            String line = found.get(i);
            boolean isEmptyText = line.endsWith(": ") && wanted.get(i).startsWith(line);
            if (!isEmptyText && !matches(wanted.get(i), line)) {
                return false;
            }
        }
        return true;
    }

    /// Whether texts are the same where a text that should be empty has several lines.
    private static boolean isSameWithOldLines(String theirs, String ours) {
        String pattern =
                Stream.of(ours.split("(?<=: )(?=\n)", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining("[^\0]*?"));
        return Pattern.matches(pattern, theirs);
    }

    private static boolean matches(String theirs, String ours) {
        if (theirs.equals(ours) || !ours.contains("\"\"")) {
            return theirs.equals(ours);
        }
        String[] parts = ours.split("\"\"", -1);
        String pattern =
                Stream.of(parts).map(Pattern::quote).collect(Collectors.joining("\"[^\0]*?\""));
        return Pattern.matches(pattern, theirs);
    }

    private static String losses(String err) {
        return err.lines()
                .filter(line -> line.startsWith("WARNING: Tracer "))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }
}
