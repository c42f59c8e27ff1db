// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Text of events without what CTF 1.8 has other classes for.
final class Ctf1Values {
    private static final Pattern LABELS =
            Pattern.compile(
                    "\\( (?:\\{ )?(?:<unknown>|\"(?:[^\"\\\\]|\\\\.)*\"(?:, )?)+(?: \\})? : container = ([-+0-9a-fA-Fxb]+) \\)");
    private static final Pattern FLAGS = Pattern.compile("(0x[0-9A-F]+) \\{ [^}]*? ?\\}");
    private static final Pattern BLOB = Pattern.compile("\\{ ((?:[0-9a-f]{2} )+)\\}");

    private Ctf1Values() {}

    /// The text with an integer for booleans, labels and flags, and an array of them for bytes.
    static String plain(String text) {
        String bare = LABELS.matcher(text).replaceAll("$1");
        bare = FLAGS.matcher(bare).replaceAll("$1");
        bare =
                BLOB.matcher(bare)
                        .replaceAll(found ->
                                Arrays.stream(found.group(1).trim().split(" "))
                                        .map(each -> "" + Integer.parseInt(each, 16))
                                        .collect(Collectors.joining(", ", "[ ", " ]")));
        return bare.replace("[ ]", "{ }")
                .replaceAll("(?m)(^|\\) )<unknown>: ", "$1: ")
                .replaceAll("\\btrue\\b", "1")
                .replaceAll("\\bfalse\\b", "0")
                .replace("<none>", "{ { } }")
                .replaceAll("(?m)(?<=: )\\{ \\}(, |$)|, \\{ \\}", "");
    }

    /// Messages with details, without what readers of the two versions say in other words: which
    /// number a stream has, a text or a packet context that is empty, and losses of a number that
    /// is not known.
    static String plainMessages(String details) {
        return details.replaceAll("(?:\\[.*\n)*\\{Trace .*\nDiscarded events\n\n?", "")
                .replaceAll("(Stream (?:\\(ID|ID)) \\d+(?:,\\d{3})*", "$1")
                .replace("Packet beginning:\n  Context: Empty\n", "Packet beginning\n")
                .replaceAll("(?m) +$", "");
    }
}
