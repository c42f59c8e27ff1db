// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import dev.contrail.analysis.convert.View;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads traces with babeltrace2 and with our reader, and compares what they say.
final class SideBySide {
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
            Reading ours = ours(arguments);
            Optional<Difference> found =
                    kind(theirs, ours).map(each -> new Difference(each, options, theirs, ours));
            if (found.isPresent() && !known.explain(found.get(), traces)) {
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
            return false;
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

    private static boolean matches(String theirs, String ours) {
        if (theirs.equals(ours) || !ours.contains("\"\"")) {
            return theirs.equals(ours);
        }
        String[] parts = ours.split("\"\"", -1);
        String pattern =
                Stream.of(parts).map(Pattern::quote).collect(Collectors.joining("\".*?\""));
        return Pattern.matches(pattern, theirs);
    }

    private static String losses(String err) {
        return err.lines()
                .filter(line -> line.startsWith("WARNING: Tracer "))
                .collect(Collectors.joining("\n"));
    }

    private static Reading ours(List<String> arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        boolean hasDied = false;
        int status = 1;
        try {
            status =
                    View.main(
                            arguments.toArray(String[]::new),
                            out,
                            new PrintStream(err, true, StandardCharsets.UTF_8));
        } catch (RuntimeException | Error e) {
            hasDied = true;
            var trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            err.writeBytes(trace.toString().getBytes(StandardCharsets.UTF_8));
        }
        return new Reading(
                status,
                out.toString(StandardCharsets.ISO_8859_1),
                err.toString(StandardCharsets.ISO_8859_1),
                hasDied);
    }
}
