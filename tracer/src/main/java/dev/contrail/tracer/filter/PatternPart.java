// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.filter;

/// What stands between two stars of a pattern. Finding it takes time proportional to the length of
/// the text, whatever either of them is: an application's thread does it for each event.
final class PatternPart {
    /// Shorter ones are looked for as the JDK does it, which is fast, and at worst as slow as their
    /// length.
    private static final int LONG = 16;

    private final String part;

    /// For each length of a match that fails, how long the longest match is that it ends with (the
    /// algorithm of Knuth, Morris and Pratt); empty for a short one.
    private final int[] fallback;

    PatternPart(String part) {
        this.part = part;
        this.fallback = part.length() < LONG ? new int[0] : fallback(part);
    }

    private static int[] fallback(String part) {
        int[] fallback = new int[part.length()];
        int matched = 0;
        for (int i = 1; i < fallback.length; i++) {
            while (matched > 0 && part.charAt(i) != part.charAt(matched)) {
                matched = fallback[matched - 1];
            }
            if (part.charAt(i) == part.charAt(matched)) {
                matched++;
            }
            fallback[i] = matched;
        }
        return fallback;
    }

    /// Where it ends in `text`, if it begins at `from` or later and ends at `end` or before: the
    /// first such place, or -1. Allocates nothing.
    int endIn(String text, int from, int end) {
        if (fallback.length == 0) {
            int found = text.indexOf(part, from);
            return found < 0 || found + part.length() > end ? -1 : found + part.length();
        }
        int matched = 0;
        for (int i = from; i < end; i++) {
            while (matched > 0 && text.charAt(i) != part.charAt(matched)) {
                matched = fallback[matched - 1];
            }
            if (text.charAt(i) == part.charAt(matched) && ++matched == part.length()) {
                return i + 1;
            }
        }
        return -1;
    }
}
