// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import java.util.Arrays;

/// A name with `*` for any run of characters, anywhere, and `\*` for a star (`lttng-cli.md` section
/// 3).
///
/// Matching takes at most the product of both lengths, whatever the pattern: no regular expression.
public final class NamePattern {
    private static final int STAR = -1;

    private final int[] parts; // characters, and STAR
    private final boolean isLiteral;

    private NamePattern(int[] parts, boolean isLiteral) {
        this.parts = parts;
        this.isLiteral = isLiteral;
    }

    /// The pattern as users write it. Every text is one.
    public static NamePattern of(String text) {
        int[] parts = new int[text.length()];
        int count = 0;
        boolean isLiteral = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*') {
                parts[count++] = STAR;
                isLiteral = false;
            } else {
                boolean isEscape = c == '\\' && i + 1 < text.length();
                parts[count++] = isEscape ? text.charAt(++i) : c;
            }
        }
        return new NamePattern(Arrays.copyOf(parts, count), isLiteral);
    }

    /// Whether it stands for all of `name`.
    public boolean matches(String name) {
        int part = 0;
        int at = 0;
        int lastStar = -1;
        int afterStar = 0; // where in the name what follows the last star was last tried
        while (at < name.length()) {
            if (part < parts.length && parts[part] == STAR) {
                lastStar = part++;
                afterStar = at;
            } else if (part < parts.length && parts[part] == name.charAt(at)) {
                part++;
                at++;
            } else if (lastStar >= 0) {
                part = lastStar + 1; // An earlier star need not take more: the last one can.
                at = ++afterStar;
            } else {
                return false;
            }
        }
        while (part < parts.length && parts[part] == STAR) {
            part++;
        }
        return part == parts.length;
    }

    /// Whether it can match only one name.
    public boolean isLiteral() {
        return isLiteral;
    }
}
