// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads random traces beside babeltrace2 for some minutes, and says each difference with its seed
/// and the least metadata that shows it.
///
///     DifferentialFuzz SECONDS FIRST-SEED [KIND…]
///     DifferentialFuzz write FOLDER SEED KIND
public final class DifferentialFuzz {
    private DifferentialFuzz() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("write")) {
            TraceKind.valueOf(arguments[3])
                    .write(Long.parseLong(arguments[2]), Path.of(arguments[1]));
            return;
        }
        long end = System.nanoTime() + Long.parseLong(arguments[0]) * 1_000_000_000L;
        long seed = Long.parseLong(arguments[1]);
        List<TraceKind> kinds =
                arguments.length > 2
                        ? Stream.of(arguments).skip(2).map(TraceKind::valueOf).toList()
                        : List.of(TraceKind.values());
        Path work = Files.createTempDirectory("contrail-fuzz");
        KnownDifferences known = KnownDifferences.read();
        var readers = new SideBySide(work, known);
        int found = 0;
        var themes = new TreeMap<String, Integer>();
        long first = seed;
        for (; System.nanoTime() < end; seed++) {
            for (TraceKind kind : kinds) {
                Path folder = work.resolve("trace");
                List<Path> traces = kind.write(seed, folder);
                Optional<Difference> difference = readers.compare(traces, TraceKind.options(seed));
                if (difference.isPresent()) {
                    found++;
                    if (themes.merge(difference.get().theme(), 1, Integer::sum) > 1) {
                        delete(folder);
                        continue;
                    }
                    report(kind, seed, readers, traces, difference.get());
                }
                delete(folder);
            }
        }
        System.out.printf(
                "%d seeds from %d, %s: %d differences%n",
                seed - first, first, readers.account(), found);
        System.out.print(known.account());
        themes.forEach((theme, count) -> System.out.printf("%6d %s%n", count, theme));
        delete(work);
        System.exit(Math.min(found, 100));
    }

    private static void report(
            TraceKind kind, long seed, SideBySide readers, List<Path> traces, Difference found)
            throws Exception {
        Path metadata = traces.getFirst().resolve("metadata");
        String text = Files.readString(metadata);
        Difference[] last = {found};
        System.out.printf("=== %s seed %d%n%s%n", kind, seed, place(text, found.theirs().err()));
        String least =
                Shrinker.shrink(
                        text,
                        shorter -> {
                            Files.writeString(metadata, shorter);
                            Optional<Difference> again =
                                    readers.compare(traces, List.of(found.options()));
                            boolean isSame =
                                    again.isPresent() && again.get().theme().equals(found.theme());
                            if (isSame) {
                                last[0] = again.get();
                            }
                            return isSame;
                        });
        System.out.printf("--- least%n%s%n%s%n", least.strip(), last[0]);
    }

    /// The lines of metadata around the one that babeltrace2 names.
    private static String place(String text, String err) {
        var line = Pattern.compile("At line (\\d+) in metadata.*?(token=.*)?\n").matcher(err);
        if (!line.find()) {
            return "";
        }
        int at = Integer.parseInt(line.group(1));
        List<String> lines = text.lines().toList();
        return line.group()
                + String.join("\n", lines.subList(Math.max(0, at - 4), Math.min(at, lines.size())));
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
