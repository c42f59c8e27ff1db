// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Reads what stands after `--params`: `NAME=VALUE,…` in the notation of babeltrace2 2.0.4.
///
/// A value is `null` (left out), `yes`/`no`/`true`/`false`/`TRUE`/`FALSE`/`YES`/`NO`, an integer
/// (decimal, `0x…`, `0b…`, octal `0…`, with an optional `+` or sign), a real number, a string (in
/// quotes, or a bare word), `[VALUE, …]` or `{NAME=VALUE, …}`.
final class Parameters {
    private static final int MAX_DEPTH = 64;
    private static final String PUNCTUATION = ",=[]{}\"";

    private final String text;
    private int at;

    private Parameters(String text) {
        this.text = text;
    }

    static SequencedMap<String, Object> parse(String text) throws UsageException {
        var parameters = new Parameters(text);
        SequencedMap<String, Object> values = parameters.entries(0);
        if (parameters.at < text.length()) {
            throw parameters.error("want a comma");
        }
        return values;
    }

    private SequencedMap<String, Object> entries(int depth) throws UsageException {
        var values = new LinkedHashMap<String, Object>();
        while (isMore('}')) {
            String name = word();
            if (name.isEmpty()) {
                throw error("want a name");
            }
            take('=');
            value(depth).ifPresent(value -> values.put(name, value));
            if (!isNext(',')) {
                break;
            }
            at++;
        }
        return values;
    }

    private List<Object> elements(int depth) throws UsageException {
        var values = new ArrayList<Object>();
        while (isMore(']')) {
            value(depth).ifPresent(values::add);
            if (!isNext(',')) {
                break;
            }
            at++;
        }
        return values;
    }

    /// A value; empty when it is the word for none.
    private Optional<Object> value(int depth) throws UsageException {
        if (depth > MAX_DEPTH) {
            throw error("too deep");
        }
        if (isNext('[')) {
            at++;
            List<Object> values = elements(depth + 1);
            take(']');
            return Optional.of(values);
        }
        if (isNext('{')) {
            at++;
            Map<String, Object> values = entries(depth + 1);
            take('}');
            return Optional.of(values);
        }
        if (isNext('"')) {
            return Optional.of(quoted());
        }
        String word = word();
        return switch (word) {
            case "" -> throw error("want a value");
            case "null", "NULL", "nul" -> Optional.empty();
            case "yes", "true", "TRUE", "YES" -> Optional.of(true);
            case "no", "false", "FALSE", "NO" -> Optional.of(false);
            default -> Optional.of(number(word));
        };
    }

    /// The number that the word is, or the word.
    private static Object number(String word) {
        try {
            String digits = word.startsWith("+") ? word.substring(1) : word;
            boolean isNegative = digits.startsWith("-");
            String magnitude = isNegative ? digits.substring(1) : digits;
            if (magnitude.startsWith("0b") || magnitude.startsWith("0B")) {
                long value = Long.parseUnsignedLong(magnitude.substring(2), 2);
                return isNegative ? -value : value;
            }
            if (magnitude.matches("0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*")) {
                return Long.decode(digits);
            }
            return magnitude.matches("[0-9]*\\.?[0-9]+([eE][+-]?[0-9]+)?|[0-9]+\\.")
                    ? (Object) Double.valueOf(digits)
                    : word;
        } catch (NumberFormatException e) {
            return word;
        }
    }

    private String quoted() throws UsageException {
        at++;
        var value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        if (at == text.length()) {
            throw error("want a closing quote");
        }
        at++;
        return value.toString();
    }

    private String word() {
        skipBlanks();
        int start = at;
        while (at < text.length()
                && PUNCTUATION.indexOf(text.charAt(at)) < 0
                && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private void take(char wanted) throws UsageException {
        if (!isNext(wanted)) {
            throw error("want `" + wanted + "`");
        }
        at++;
    }

    private boolean isMore(char end) {
        skipBlanks();
        return at < text.length() && text.charAt(at) != end;
    }

    private boolean isNext(char wanted) {
        skipBlanks();
        return at < text.length() && text.charAt(at) == wanted;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private UsageException error(String wanted) {
        return new UsageException(
                "Invalid parameters `%s`: %s at character %d".formatted(text, wanted, at + 1));
    }
}
