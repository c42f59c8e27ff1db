// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.ctf.Utf8;
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

    /// Text with other people's names in it, of files or from metadata, as the one line that it is:
    /// control characters, which would work a terminal or begin a line that looks like one of ours,
    /// are shown as `\x1b`.
    public static String line(String untrusted) {
        if (untrusted.codePoints().noneMatch(Notices::isControl)) {
            return untrusted;
        }
        var line = new StringBuilder();
        untrusted
                .codePoints()
                .forEach(each -> {
                    if (isControl(each)) {
                        line.append("\\x%02x".formatted(each & 0xFF));
                    } else {
                        line.appendCodePoint(each);
                    }
                });
        return line.toString();
    }

    /// Also as a byte that is no character's ([Utf8]).
    private static boolean isControl(int character) {
        return Character.isISOControl(character) || character >= 0xDC80 && character < 0xDCA0;
    }

    void error(String what) {
        print(words.error + line(what));
    }

    void warn(String what) {
        print(words.warning + line(what));
    }

    private void print(String line) {
        byte[] bytes = Utf8.bytes(line + System.lineSeparator());
        out.write(bytes, 0, bytes.length);
        out.flush(); // of a live session the end may be far
    }

    /// The same words to another place.
    Notices to(PrintStream other) {
        return new Notices(other, words);
    }
}
