// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

/// Text for a terminal and its shell: names of sessions, files and programs are other people's.
public final class TerminalText {
    private TerminalText() {}

    /// The same text, in which nothing works the terminal: control characters but for line feeds
    /// and tabs are shown as `\x1b`.
    public static String plain(String untrusted) {
        if (untrusted.chars().noneMatch(TerminalText::isControl)) {
            return untrusted;
        }
        var plain = new StringBuilder();
        untrusted
                .chars()
                .forEach(each -> {
                    if (isControl(each)) {
                        plain.append("\\x%02x".formatted(each));
                    } else {
                        plain.append((char) each);
                    }
                });
        return plain.toString();
    }

    /// Whether the text has a control character, a line feed or a tab included.
    public static boolean hasControls(String untrusted) {
        return untrusted.chars().anyMatch(Character::isISOControl);
    }

    /// A word of a command line that a user may paste: as it is where that is safe, else quoted.
    public static String word(Object path) {
        String word = path.toString();
        return word.matches("[\\p{L}\\p{N}_./:=@%+,-]+")
                ? word
                : "'" + word.replace("'", "'\\''") + "'";
    }

    private static boolean isControl(int each) {
        return Character.isISOControl(each) && each != '\n' && each != '\t';
    }
}
