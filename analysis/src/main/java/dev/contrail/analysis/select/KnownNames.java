// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import dev.contrail.analysis.Trace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Names that traces have of something, to be listed for a user who has typed another: the likely
/// ones first. A kernel trace declares hundreds of events, of which most never happen.
final class KnownNames {
    /// Characters of a list: with what it is told for, about four lines of a terminal.
    private static final int LONGEST_LIST = 200;

    private static final int SHORTEST_WORD = 3;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^a-z0-9]+");

    private final Set<String> all = new TreeSet<>();
    private final Set<String> ofApplications = new HashSet<>();

    void add(Trace trace, String name) {
        all.add(name);
        if (!"kernel".equals(trace.environment().get("domain"))) {
            ofApplications.add(name);
        }
    }

    Set<String> all() {
        return all;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /// `there are: a, b and 3 more`: those that share most words with what was typed, then those of
    /// applications, and by name.
    ///
    /// @param prefix of each name
    String listed(String typed, String prefix) {
        List<String> words =
                BETWEEN_WORDS
                        .splitAsStream(typed.toLowerCase(Locale.ROOT))
                        .filter(word -> word.length() >= SHORTEST_WORD)
                        .toList();
        List<String> sorted =
                all.stream()
                        .sorted(
                                Comparator.comparing((String name) -> -shared(name, words))
                                        .thenComparing(name -> !ofApplications.contains(name))
                                        .thenComparing(Comparator.naturalOrder()))
                        .toList();
        var shown = new ArrayList<String>();
        int length = 0;
        for (String name : sorted) {
            String whole = prefix + name;
            length += whole.length() + 2;
            if (length > LONGEST_LIST && !shown.isEmpty()) {
                break;
            }
            shown.add(whole);
        }
        int more = sorted.size() - shown.size();
        return "there %s: %s%s"
                .formatted(
                        sorted.size() == 1 ? "is" : "are",
                        String.join(", ", shown),
                        more > 0 ? " and %,d more".formatted(more) : "");
    }

    private static int shared(String name, List<String> words) {
        String lower = name.toLowerCase(Locale.ROOT);
        return (int) words.stream().filter(lower::contains).count();
    }
}
