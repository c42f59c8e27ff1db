// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

/// Patterns in which `*` stands for any characters and `\` makes the next one ordinary.
public final class Glob {
    private Glob() {}

    /// Takes time proportional to the product of the lengths at worst; allocates nothing.
    public static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            boolean isQuoted = p < pattern.length() - 1 && pattern.charAt(p) == '\\';
            if (p < pattern.length() && !isQuoted && pattern.charAt(p) == '*') {
                if (p == pattern.length() - 1) {
                    return true; // the end may be anything
                }
                star = p++;
                resume = t;
            } else if (p < pattern.length()
                    && pattern.charAt(isQuoted ? p + 1 : p) == text.charAt(t)) {
                p += isQuoted ? 2 : 1;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
