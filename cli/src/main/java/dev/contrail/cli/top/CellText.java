// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.convert.Notices;
import dev.contrail.analysis.top.TopColumn.Unit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Cells for people. What traces say may work no terminal.
final class CellText {
    private static final String[] TIMES = {"ns", "us", "ms", "s"};
    private static final String[] SIZES = {"", "K", "M", "G", "T", "P", "E"};

    private CellText() {}

    /// A cell; `-` for what is not known.
    static String of(Unit unit, @Nullable Object cell) {
        return switch (cell) {
            case null -> "-";
            case String text -> Notices.line(text);
            case Number number -> of(unit, number);
            default -> throw new IllegalArgumentException(cell.toString());
        };
    }

    private static String of(Unit unit, Number number) {
        return switch (unit) {
            case ID, TEXT -> number.toString();
            case COUNT -> String.format(Locale.ROOT, "%,d", number.longValue());
            case NANOS -> time(number.doubleValue());
            case BYTES -> size(number.longValue());
            case PERCENT -> String.format(Locale.ROOT, "%.2f", number.doubleValue());
            case RATE -> String.format(Locale.ROOT, "%,.1f", number.doubleValue());
        };
    }

    /// At least three digits, and never more than seven characters.
    private static String time(double nanos) {
        double value = nanos;
        int unit = 0;
        while (unit + 1 < TIMES.length && value >= 999.5) {
            value /= 1000;
            unit++;
        }
        if (value == 0) {
            return "0";
        }
        return number(value, unit == 0) + TIMES[unit];
    }

    private static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (unit + 1 < SIZES.length && value >= 1023.5) {
            value /= 1024;
            unit++;
        }
        return number(value, unit == 0) + SIZES[unit];
    }

    private static String number(double value, boolean isWhole) {
        int digits =
                isWhole && value == Math.rint(value) || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
