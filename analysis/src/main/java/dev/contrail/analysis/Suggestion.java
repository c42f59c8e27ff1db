// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// What a word that nobody knows was probably meant to be.
public final class Suggestion {
    /// Longer words are compared by their beginnings: the cost is the product of the lengths.
    private static final int LONGEST = 100;

    private static final int MOST_EDITS = 3;
    private static final int LETTERS_AN_EDIT = 3;

    private Suggestion() {}

    /// The known word that differs in capital letters only, or else the shortest that begins with
    /// `word`, or else the one that differs least from it: by a letter, or two neighbours
    /// exchanged, for each three that it has, and three at most. Of a word of less than three
    /// letters nobody can say which other it was meant to be.
    ///
    /// @return empty when none is so near; of two that are equally near the first
    public static Optional<String> of(String word, Collection<String> known) {
        Optional<String> same =
                known.stream().filter(each -> each.equalsIgnoreCase(word)).findFirst();
        if (same.isPresent() || letters(word) < LETTERS_AN_EDIT) {
            return same;
        }
        Optional<String> whole =
                known.stream()
                        .filter(each -> each.startsWith(word))
                        .min(Comparator.comparingInt(String::length));
        return whole.isPresent() ? whole : nearest(word, known);
    }

    private static Optional<String> nearest(String word, Collection<String> known) {
        int least = Math.clamp(word.length() / LETTERS_AN_EDIT, 1, MOST_EDITS) + 1;
        String nearest = null;
        for (String each : known) {
            int edits = edits(cut(word), cut(each));
            if (edits < least && edits < each.length()) {
                least = edits;
                nearest = each;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /// As words to append to a message: `: did you mean NAME?`, or nothing.
    public static String words(String word, Collection<String> known) {
        return of(word, known).map(each -> ": did you mean " + each + "?").orElse("");
    }

    /// Without the hyphens of an option.
    private static int letters(String word) {
        int begin = 0;
        while (begin < word.length() && word.charAt(begin) == '-') {
            begin++;
        }
        return word.length() - begin;
    }

    private static String cut(String word) {
        return word.substring(0, Math.min(word.length(), LONGEST));
    }

    /// Letters to insert, delete, replace or exchange with their neighbour.
    private static int edits(String from, String to) {
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int cost = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                edits[i][j] =
                        Math.min(
                                Math.min(edits[i - 1][j], edits[i][j - 1]) + 1,
                                edits[i - 1][j - 1] + cost);
                boolean isExchange =
                        i > 1
                                && j > 1
                                && from.charAt(i - 1) == to.charAt(j - 2)
                                && from.charAt(i - 2) == to.charAt(j - 1);
                if (isExchange) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[from.length()][to.length()];
    }
}
