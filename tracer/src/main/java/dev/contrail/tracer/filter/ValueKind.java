// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.filter;

import org.jspecify.annotations.Nullable;

/// What a part of a filter is worth: which operators take what, as LTTng-UST 2.13 checks it when it
/// links a filter to an event class (`lttng-bytecode-validator.c`). A filter that fails this check
/// rejects all events of the class, also where the part that does not fit would not be looked at.
///
/// Two defects of it are not copied: it rejects everything where a result of `& | ^ << >>` is
/// itself an operand of `&&`, `||` or `!`, and takes bits for a number where a real number is
/// compared with such a result or an unsigned field, or where such a comparison is an operand of `&
/// | ^ << >>`.
public enum ValueKind {
    INTEGER,
    REAL,
    TEXT,
    /// It shows when it is looked at: a context of the application.
    ANY;

    /// Of `operator operand`; null when the operator does not take the operand.
    public static @Nullable ValueKind unary(String operator, @Nullable ValueKind operand) {
        if (operand == null || operand == TEXT) {
            return null;
        }
        return switch (operator) {
            case "!" -> INTEGER;
            case "~" -> operand == REAL ? null : INTEGER;
            default -> operand;
        };
    }

    /// Of `left operator right`; null when the operator does not take the operands.
    public static @Nullable ValueKind binary(
            String operator, @Nullable ValueKind left, @Nullable ValueKind right) {
        if (left == null || right == null) {
            return null;
        }
        return switch (operator) {
            case "==", "!=" -> isComparable(left, right) ? INTEGER : null;
            case "&&", "||", "<", "<=", ">", ">=" -> left == TEXT || right == TEXT ? null : INTEGER;
            default -> left.mayBeInteger() && right.mayBeInteger() ? INTEGER : null;
        };
    }

    private static boolean isComparable(ValueKind left, ValueKind right) {
        return left == ANY || right == ANY || (left == TEXT) == (right == TEXT);
    }

    private boolean mayBeInteger() {
        return this == INTEGER || this == ANY;
    }
}
