// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import dev.contrail.analysis.text.TextBuffer;
import dev.contrail.ctf.Utf8;
import java.nio.charset.StandardCharsets;

/// Text with indentation, colours and grouped digits: what all parts of [DetailsSink] write with.
///
/// The colours are those of babeltrace2 2.0.4, told by its output on a terminal.
final class DetailsText {
    /// Terminal codes; bright ones are bold, as most terminals show them brighter then.
    enum Color {
        RESET("\033[0m"),
        BOLD("\033[1m"),
        GREEN("\033[32m"),
        BLUE("\033[34m"),
        MAGENTA("\033[35m"),
        CYAN("\033[36m"),
        BRIGHT_RED("\033[1m\033[31m"),
        BRIGHT_GREEN("\033[1m\033[32m"),
        BRIGHT_YELLOW("\033[1m\033[33m"),
        BRIGHT_BLUE("\033[1m\033[34m"),
        BRIGHT_MAGENTA("\033[1m\033[35m"),
        BRIGHT_CYAN("\033[1m\033[36m");

        private final byte[] code;

        Color(String code) {
            this.code = code.getBytes(StandardCharsets.US_ASCII);
        }
    }

    /// Decimal numbers up to this one are not grouped.
    private static final long MAX_PLAIN = 9999;

    private static final int INDENT = 2;

    /// 22 octal digits and the marks between their groups, or fewer of another base.
    private static final int MAX_NUMBER_BYTES = 32;

    private final TextBuffer out;
    private final boolean withColor;
    private final byte[] number = new byte[MAX_NUMBER_BYTES];
    private int depth;

    DetailsText(TextBuffer out, boolean withColor) {
        this.out = out;
        this.withColor = withColor;
    }

    TextBuffer out() {
        return out;
    }

    DetailsText color(Color color) {
        if (withColor) {
            out.add(color.code);
        }
        return this;
    }

    DetailsText add(String text) {
        out.add(text);
        return this;
    }

    DetailsText add(byte[] text) {
        out.add(text);
        return this;
    }

    DetailsText add(char ascii) {
        out.add(ascii);
        return this;
    }

    DetailsText line() {
        return add('\n');
    }

    void in() {
        depth++;
    }

    void back(int levels) {
        depth -= levels;
    }

    DetailsText indent() {
        for (int i = 0; i < depth * INDENT; i++) {
            out.add(' ');
        }
        return this;
    }

    /// The kind of an object, such as `Stream class`.
    DetailsText object(String kind) {
        return color(Color.BOLD).color(Color.BRIGHT_YELLOW).add(kind).color(Color.RESET);
    }

    /// A property's name and its colon.
    DetailsText property(String name) {
        return indent().color(Color.MAGENTA).add(name).color(Color.RESET).add(':');
    }

    /// A member's name and its colon.
    DetailsText member(byte[] name) {
        return indent().color(Color.CYAN).add(name).color(Color.RESET).add(':');
    }

    DetailsText member(String name) {
        return member(Utf8.bytes(name));
    }

    /// An element's number and its colon.
    DetailsText element(long index, Color color) {
        indent().color(color).add('[');
        return decimal(index, false).add(']').color(Color.RESET).add(':');
    }

    DetailsText value(String text) {
        return color(Color.BOLD).add(text).color(Color.RESET);
    }

    DetailsText quoted(String text) {
        return add('`').value(text).add('`');
    }

    DetailsText unsigned(long value) {
        color(Color.BOLD);
        return decimal(value, false).color(Color.RESET);
    }

    DetailsText signed(long value) {
        color(Color.BOLD);
        return decimal(value, true).color(Color.RESET);
    }

    /// What stands for a value that is not there.
    DetailsText none(String word) {
        return color(Color.BOLD).color(Color.BRIGHT_MAGENTA).add(word).color(Color.RESET);
    }

    DetailsText flag(boolean isSet) {
        color(Color.BOLD).color(isSet ? Color.BRIGHT_GREEN : Color.BRIGHT_RED);
        return add(isSet ? "Yes" : "No").color(Color.RESET);
    }

    void line(String property, String value) {
        property(property).add(' ').value(value).line();
    }

    void line(String property, boolean value) {
        property(property).add(' ').flag(value).line();
    }

    void lineUnsigned(String property, long value) {
        property(property).add(' ').unsigned(value).line();
    }

    void lineSigned(String property, long value) {
        property(property).add(' ').signed(value).line();
    }

    /// A number in base 10 without colour: `12,345`.
    DetailsText decimal(long value, boolean isSigned) {
        boolean isNegative = isSigned && value < 0;
        if (isNegative) {
            out.add('-');
        }
        long magnitude = isNegative ? -value : value;
        boolean isPlain = magnitude >= 0 && magnitude <= MAX_PLAIN;
        return digits(magnitude, 10, isPlain ? MAX_NUMBER_BYTES : 3, ',');
    }

    /// A number in the base that its class prefers; bits show in base 16, as in babeltrace2.
    DetailsText number(long value, boolean isSigned, int base) {
        boolean isNegative = isSigned && value < 0;
        long magnitude = isNegative ? -value : value;
        color(Color.BOLD);
        switch (base) {
            case 2, 16 -> {
                add(isNegative ? "-0x" : "0x");
                digits(magnitude, 16, 4, ':');
            }
            case 8 -> {
                add(isNegative ? "-0" : "0");
                digits(magnitude, 8, 3, ':');
            }
            default -> decimal(value, isSigned);
        }
        return color(Color.RESET);
    }

    private DetailsText digits(long magnitude, int base, int group, char mark) {
        int at = number.length;
        long rest = magnitude;
        int count = 0;
        do {
            if (count > 0 && count % group == 0) {
                number[--at] = (byte) mark;
            }
            int digit = (int) Long.remainderUnsigned(rest, base);
            number[--at] = (byte) "0123456789abcdef".charAt(digit);
            rest = Long.divideUnsigned(rest, base);
            count++;
        } while (rest != 0);
        for (int i = at; i < number.length; i++) {
            out.add((char) number[i]);
        }
        return this;
    }
}
