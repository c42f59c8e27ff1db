// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Leaves words out of a text for as long as it still shows what is looked for.
final class Shrinker {
    private static final Pattern WORD =
            Pattern.compile(
                    "\"(?:\\\\.|[^\"\\\\])*\"|/\\*.*?\\*/|//[^\n]*|[\\w\\\\]+|\\s+|.",
                    Pattern.DOTALL);

    private static final int MAX_TRIALS = 300;

    /// Whether a text shows it.
    interface Trial {
        boolean shows(String text) throws Exception;
    }

    private Shrinker() {}

    /// Words, blanks, comments and punctuation of TSDL, which joined are the text.
    static List<String> words(String text) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    static String shrink(String text, Trial trial) throws Exception {
        List<String> words = words(text);
        int trials = 0;
        for (int size = words.size() / 2; size > 0; size = size == 1 ? 0 : (size + 1) / 2) {
            for (int at = 0; at < words.size(); ) {
                List<String> rest = new ArrayList<>(words.subList(0, at));
                rest.addAll(words.subList(Math.min(words.size(), at + size), words.size()));
                if (trials++ == MAX_TRIALS) {
                    return String.join("", words);
                }
                if (trial.shows(String.join("", rest))) {
                    words = new ArrayList<>(rest);
                } else {
                    at += size;
                }
            }
        }
        return String.join("", words);
    }
}
