// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.peer;

import java.util.List;
import java.util.stream.Collectors;

/// Two readers that do not agree.
///
/// @param options of the readers
record Difference(Kind kind, List<String> options, Reading theirs, Reading ours) {
    /// The worst first.
    enum Kind {
        /// Ours has thrown what nobody caught.
        CRASH,
        /// Both read the trace, and print different things.
        VALUES,
        /// Both refuse a part of the trace, and print different things of the rest.
        REST,
        /// Ours refuses what the peer reads.
        REFUSED,
        /// Ours reads what the peer refuses.
        ACCEPTED,
        /// The same, with different warnings of loss.
        LOSS
    }

    /// What both say of it, without places and values: differences of the same kind have the same.
    String theme() {
        String theirError = errors(theirs.err()).lines().findFirst().orElse("");
        String ourError =
                ours.err()
                        .lines()
                        .filter(line -> !line.startsWith("WARNING"))
                        .findFirst()
                        .orElse("");
        return (kind + " " + theirError.replaceFirst(", \\S+=.*", "") + " / " + ourError)
                .replaceAll("\\S*/metadata:[0-9:]*|/\\S*/", "")
                .replaceAll("[`\"'].*?[`\"']", "")
                .replaceAll("\\d+", "");
    }

    /// The lines of babeltrace2's log that say what is wrong, without those that say who else
    /// heard.
    private static String errors(String err) {
        return err.lines()
                .filter(line -> line.matches("[-0-9]+ [0-9:. ]+ [E] (PLUGIN|LIB).*|WARNING: Tr.*"))
                .limit(3)
                .map(line -> line.replaceFirst("^.* E (PLUGIN|LIB)\\S* ", "") + "\n")
                .collect(Collectors.joining());
    }

    @Override
    public String toString() {
        return kind
                + " "
                + options
                + "\n--- theirs, status "
                + theirs.status()
                + "\n"
                + some(theirs.out())
                + errors(theirs.err())
                + "--- ours, status "
                + ours.status()
                + "\n"
                + some(ours.out())
                + some(ours.err())
                + (kind == Kind.LOSS ? theirs.err() : "");
    }

    /// Where it begins to differ.
    private String some(String text) {
        List<String> other = (text == ours.out() ? theirs : ours).out().lines().toList();
        List<String> lines = text.lines().toList();
        int at = 0;
        while (at < Math.min(lines.size(), other.size()) && lines.get(at).equals(other.get(at))) {
            at++;
        }
        int from = Math.max(0, at - 2);
        return lines.subList(from, Math.min(lines.size(), from + 8)).stream()
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }
}
