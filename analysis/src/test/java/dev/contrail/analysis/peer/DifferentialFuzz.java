// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
///
/// Kinds are [TraceKind]s and [OwnKind]s.
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
        List<String> wanted = List.of(arguments).subList(2, arguments.length);
        List<TraceKind> kinds = named(TraceKind.values(), wanted);
        List<OwnKind> ownKinds = named(OwnKind.values(), wanted);
        Path work = Files.createTempDirectory("contrail-fuzz");
        KnownDifferences known = KnownDifferences.read();
        var readers = new SideBySide(work, known);
        var comparison = new Ctf2Comparison(work, readers);
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
            for (OwnKind kind : ownKinds) {
                Path folder = work.resolve("trace");
                Optional<String> difference = kind.find(seed, folder, comparison);
                delete(folder);
                if (difference.isPresent()) {
                    found++;
                    System.out.printf("=== %s seed %d%n%s%n", kind, seed, difference.get());
                }
            }
        }
        System.out.printf(
                "%d seeds from %d, %s, %d written anew: %d differences%n",
                seed - first, first, readers.account(), comparison.compared(), found);
        System.out.print(known.account());
        themes.forEach((theme, count) -> System.out.printf("%6d %s%n", count, theme));
        delete(work);
        System.exit(Math.min(found, 100));
    }

    /// Those that are wanted; all where none of any kind is.
    private static <E extends Enum<E>> List<E> named(E[] all, List<String> wanted) {
        return Stream.of(all)
                .filter(each -> wanted.isEmpty() || wanted.contains(each.name()))
                .toList();
    }

    private static void report(
            TraceKind kind, long seed, SideBySide readers, List<Path> traces, Difference found)
            throws Exception {
        Path metadata = traces.getFirst().resolve("metadata");
        String text = Files.readString(metadata, StandardCharsets.ISO_8859_1);
        Difference[] last = {found};
        System.out.printf("=== %s seed %d%n%s%n", kind, seed, place(text, found.theirs().err()));
        if (!text.startsWith("/*")) { // packets: babeltrace2 does not end where those are cut
            System.out.println(found);
            return;
        }
        String least =
                Shrinker.shrink(
                        text,
                        shorter -> {
                            Files.writeString(metadata, shorter, StandardCharsets.ISO_8859_1);
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
