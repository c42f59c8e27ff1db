// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import java.util.ArrayList;
import java.util.List;

/// A method's descriptor (JVMS 4.3.3), taken apart: types as they stand in it, as `I`,
/// `Ljava/lang/String;` and `[J`.
public record Descriptor(List<String> parameters, String returns) {
    /// @throws IndexOutOfBoundsException when it is none
    public static Descriptor of(String text) {
        List<String> parameters = new ArrayList<>();
        int at = 1;
        while (text.charAt(at) != ')') {
            int end = at;
            while (text.charAt(end) == '[') {
                end++;
            }
            end = text.charAt(end) == 'L' ? text.indexOf(';', end) + 1 : end + 1;
            parameters.add(text.substring(at, end));
            at = end;
        }
        return new Descriptor(List.copyOf(parameters), text.substring(at + 1));
    }

    /// Local variables that a value of the type takes.
    static int slots(String type) {
        char kind = type.charAt(0);
        return kind == 'V' ? 0 : kind == 'J' || kind == 'D' ? 2 : 1;
    }

    /// As Java writes the type: `int`, `java.lang.String`, `long[]`.
    public static String name(String type) {
        int dimensions = type.lastIndexOf('[') + 1;
        String element = type.substring(dimensions);
        String name =
                switch (element.charAt(0)) {
                    case 'L' -> element.substring(1, element.length() - 1).replace('/', '.');
                    case 'Z' -> "boolean";
                    case 'B' -> "byte";
                    case 'S' -> "short";
                    case 'C' -> "char";
                    case 'I' -> "int";
                    case 'J' -> "long";
                    case 'F' -> "float";
                    case 'D' -> "double";
                    default -> "void";
                };
        return name + "[]".repeat(dimensions);
    }
}
