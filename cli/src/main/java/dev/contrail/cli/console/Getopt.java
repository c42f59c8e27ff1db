// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Options before a command, as GNU getopt takes them for `lttng`: letters may stand together
/// (`-nq`), long names may be cut as long as they are unambiguous (`--quie`), `--` ends them, and
/// so does the first word that is none.
final class Getopt {
    /// An option.
    ///
    /// @param name with its two hyphens
    /// @param letter of its short form; 0 where it has none
    record Known(String name, char letter, boolean hasValue) {}

    /// An option that was given.
    ///
    /// @param name the long one
    /// @param word as it was written, without a value
    record Given(String name, String word, String value) {}

    private final List<Known> known;
    private final String[] words;
    private final List<Given> given = new ArrayList<>();
    private int at;

    private Getopt(List<Known> known, String[] words) {
        this.known = known;
        this.words = words;
    }

    /// Takes the words apart.
    ///
    /// @throws Failure in getopt's words, without a program's name
    static Getopt scan(List<Known> known, String[] words) throws Failure {
        var scan = new Getopt(known, words);
        while (scan.at < words.length) {
            String word = words[scan.at];
            if (word.equals("--")) {
                scan.at++;
                break;
            }
            if (word.length() < 2 || word.charAt(0) != '-') {
                break;
            }
            scan.at++;
            if (word.startsWith("--")) {
                scan.takeName(word);
            } else {
                scan.takeLetters(word);
            }
        }
        return scan;
    }

    /// The options, in the order in which they were given.
    List<Given> given() {
        return given;
    }

    /// The words after them.
    List<String> rest() {
        return List.of(words).subList(at, words.length);
    }

    private void takeName(String word) throws Failure {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        Known option = named(name, word);
        if (!option.hasValue && equals >= 0) {
            throw new Failure("option '%s' doesn't allow an argument".formatted(option.name));
        }
        if (option.hasValue && equals < 0 && at == words.length) {
            throw new Failure("option '%s' requires an argument".formatted(option.name));
        }
        String value =
                equals >= 0 ? word.substring(equals + 1) : option.hasValue ? words[at++] : "";
        given.add(new Given(option.name, name, value));
    }

    private Known named(String name, String word) throws Failure {
        List<Known> begun = known.stream().filter(each -> each.name.startsWith(name)).toList();
        Optional<Known> whole = begun.stream().filter(each -> each.name.equals(name)).findFirst();
        if (whole.isPresent()) {
            return whole.get();
        }
        if (begun.isEmpty()) {
            throw unknown("unrecognized option '%s'".formatted(word));
        }
        if (begun.size() > 1) {
            throw new Failure(
                    "option '%s' is ambiguous; possibilities: %s"
                            .formatted(
                                    word,
                                    begun.stream()
                                            .map(each -> "'" + each.name + "'")
                                            .collect(Collectors.joining(" "))));
        }
        return begun.getFirst();
    }

    private static Failure unknown(String message) {
        return new Failure(message)
                .explained("a command's own options stand after it, see contrail help COMMAND");
    }

    private void takeLetters(String word) throws Failure {
        for (int i = 1; i < word.length(); i++) {
            char letter = word.charAt(i);
            Known option =
                    known.stream()
                            .filter(each -> each.letter == letter)
                            .findFirst()
                            .orElseThrow(() -> unknown("invalid option -- '%s'".formatted(letter)));
            if (!option.hasValue) {
                given.add(new Given(option.name, "-" + letter, ""));
                continue;
            }
            boolean isAttached = i + 1 < word.length();
            if (!isAttached && at == words.length) {
                throw new Failure("option requires an argument -- '%s'".formatted(letter));
            }
            String value = isAttached ? word.substring(i + 1) : words[at++];
            given.add(new Given(option.name, "-" + letter, value));
            return;
        }
    }
}
