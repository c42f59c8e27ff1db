// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;

/// Identifiers of TSDL out of names that may be anything.
public final class Identifiers {
    private static final Pattern NOT_IN_IDENTIFIER = Pattern.compile("[^A-Za-z0-9_]");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /// `ctf.md` section 4.
    private static final Set<String> KEYWORDS =
            Set.of(
                    "align",
                    "const",
                    "char",
                    "clock",
                    "double",
                    "enum",
                    "env",
                    "event",
                    "floating_point",
                    "float",
                    "integer",
                    "int",
                    "long",
                    "short",
                    "signed",
                    "stream",
                    "string",
                    "struct",
                    "trace",
                    "callsite",
                    "typealias",
                    "typedef",
                    "unsigned",
                    "variant",
                    "void",
                    "_Bool",
                    "_Complex",
                    "_Imaginary");

    private Identifiers() {}

    /// Whether TSDL takes it for a name: no keyword.
    public static boolean isIdentifier(String name) {
        return IDENTIFIER.matcher(name).matches() && !KEYWORDS.contains(name);
    }

    /// Whether it is the text of a UUID, 36 characters.
    public static boolean isUuid(String text) {
        return UUID.matcher(text).matches();
    }

    /// The name itself where it can be, otherwise one like it that is not taken.
    public static String unique(String name, Collection<String> taken) {
        String wanted = NOT_IN_IDENTIFIER.matcher(name).replaceAll("_");
        if (!isIdentifier(wanted)) {
            wanted = "_" + wanted;
        }
        String free = wanted;
        for (int i = 0; taken.contains(free) || !isIdentifier(free); i++) {
            free = wanted + "_" + i;
        }
        return free;
    }
}
