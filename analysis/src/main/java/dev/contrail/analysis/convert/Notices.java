// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import java.io.PrintStream;

/// Where a reader says what is wrong, a line each.
///
/// ```java
/// View.run(List.of(folder), ViewOptions.DEFAULT, out, new Notices(System.err, Notices.CONTRAIL), progress);
/// ```
///
/// @param words of the program that reads
public record Notices(PrintStream out, Words words) {
    /// What a line begins with.
    public record Words(String error, String warning) {}

    /// As `contrail` and `lttng` begin them.
    public static final Words CONTRAIL = new Words("Error: ", "Warning: ");

    /// As `babeltrace2` begins them.
    public static final Words BABELTRACE = new Words("ERROR: ", "WARNING: ");

    /// Whether the program is ours, which need not print what is not true because babeltrace2 does.
    boolean isOwn() {
        return words.equals(CONTRAIL);
    }

    void error(String what) {
        out.println(words.error + what);
    }

    void warn(String what) {
        out.println(words.warning + what);
    }

    /// The same words to another place.
    Notices to(PrintStream other) {
        return new Notices(other, words);
    }
}
