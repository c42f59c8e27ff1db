// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import java.util.regex.Pattern;

/// A name with `*` for any run of characters, anywhere, and `\*` for a star (`lttng-cli.md` section 3).
public final class NamePattern {
    private final Pattern pattern;
    private final boolean isLiteral;

    private NamePattern(Pattern pattern, boolean isLiteral) {
        this.pattern = pattern;
        this.isLiteral = isLiteral;
    }

    public static NamePattern of(String text) {
        var regex = new StringBuilder();
        boolean isLiteral = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*') {
                // A run of stars is one star; possessive where it ends the pattern.
                if (regex.isEmpty() || !regex.toString().endsWith(".*")) {
                    regex.append(".*");
                }
                isLiteral = false;
            } else {
                boolean isEscape = c == '\\' && i + 1 < text.length();
                regex.append(Pattern.quote(String.valueOf(isEscape ? text.charAt(++i) : c)));
            }
        }
        return new NamePattern(Pattern.compile(regex.toString(), Pattern.DOTALL), isLiteral);
    }

    public boolean matches(String name) {
        return pattern.matcher(name).matches();
    }

    /// Whether it can match only one name.
    public boolean isLiteral() {
        return isLiteral;
    }
}
