// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The table of `docs/differences.md`: where we differ from babeltrace2 on purpose, and why.
final class KnownDifferences {
    static final Path PAGE = Path.of("../docs/differences.md");

    /// Where a row's pattern is looked for.
    private enum Place {
        /// What babeltrace2 says.
        PEER,
        /// What ours says on standard error.
        OURS,
        /// What is in the metadata.
        METADATA
    }

    private record Row(Place place, Pattern pattern) {}

    private static final Pattern ROW =
            Pattern.compile("\\| (peer|ours|metadata) \\| `(.*?)` \\| .+ \\|");

    private final List<Row> rows;
    private final TreeMap<String, Integer> used = new TreeMap<>();

    private KnownDifferences(List<Row> rows) {
        this.rows = rows;
    }

    static KnownDifferences read() throws IOException {
        var rows = new ArrayList<Row>();
        for (String line : Files.readAllLines(PAGE)) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(
                        new Row(
                                Place.valueOf(row.group(1).toUpperCase(Locale.ROOT)),
                                Pattern.compile(row.group(2).replace("\\|", "|"), Pattern.DOTALL)));
            }
        }
        return new KnownDifferences(rows);
    }

    /// How many rows there are.
    int size() {
        return rows.size();
    }

    /// Whether a row gives the reason of a difference.
    boolean explain(Difference difference, List<Path> traces) throws IOException {
        if (difference.kind() == Difference.Kind.CRASH) {
            return false;
        }
        for (Row row : rows) {
            if (row.pattern.matcher(text(row.place, difference, traces)).find()) {
                used.merge(row.pattern.pattern(), 1, Integer::sum);
                return true;
            }
        }
        return false;
    }

    private static String text(Place place, Difference difference, List<Path> traces)
            throws IOException {
        return switch (place) {
            case PEER -> difference.theirs().err() + difference.theirs().out();
            case OURS -> difference.ours().err();
            case METADATA -> metadata(traces);
        };
    }

    /// Whether nothing else gives the reason than what babeltrace2 says.
    boolean isOnlyByPeer(Difference difference, List<Path> traces) throws IOException {
        for (Row row : rows) {
            if (row.place != Place.PEER
                    && row.pattern.matcher(text(row.place, difference, traces)).find()) {
                return false;
            }
        }
        return true;
    }

    /// How often each row gave the reason.
    String account() {
        var text = new StringBuilder();
        used.forEach((pattern, count) -> text.append("%6d %s%n".formatted(count, pattern)));
        return text.toString();
    }

    private static String metadata(List<Path> traces) throws IOException {
        var all = new StringBuilder();
        for (Path each : traces) {
            all.append(
                    new String(
                            Files.readAllBytes(each.resolve("metadata")),
                            StandardCharsets.ISO_8859_1));
        }
        return all.toString();
    }
}
