// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import dev.contrail.analysis.UsageException;
import java.util.ArrayList;
import java.util.List;

/// Parses filter expressions: LTTng's grammar (`lttng-cli.md` section 9), and `$name` (or
/// `$event.name`), `$time`, `$trace` and `$host`.
///
/// Precedence from high to low: unary `- + ! ~`; `<< >>`; `&`; `^`; `|`; `< <= > >=`; `== !=`;
/// `&&`; `||`. Bitwise operators bind tighter than comparisons, other than in C.
final class ExpressionParser {
    private static final int MAX_DEPTH = 200;
    private static final List<List<String>> LEVELS =
            List.of(
                    List.of("||"),
                    List.of("&&"),
                    List.of("==", "!="),
                    List.of("<=", ">=", "<", ">"),
                    List.of("|"),
                    List.of("^"),
                    List.of("&"),
                    List.of("<<", ">>"));
    private static final List<String> PROPERTIES = List.of("name", "time", "trace", "host");

    private final String text;
    private int at;
    private int depth;

    private ExpressionParser(String text) {
        this.text = text;
    }

    static Expression parse(String text) throws UsageException {
        var parser = new ExpressionParser(text);
        Expression expression = parser.level(0);
        parser.skipBlanks();
        if (parser.at < text.length()) {
            throw parser.unexpected();
        }
        return expression;
    }

    private Expression level(int level) throws UsageException {
        if (level == LEVELS.size()) {
            return unary();
        }
        Expression left = level(level + 1);
        for (String operator = operator(level); !operator.isEmpty(); operator = operator(level)) {
            at += operator.length();
            left = checked(operator, left, level(level + 1));
        }
        return left;
    }

    /// The operator of that level that stands here; empty when there is none.
    private String operator(int level) {
        skipBlanks();
        for (String operator : LEVELS.get(level)) {
            if (text.startsWith(operator, at) && !isLonger(operator)) {
                return operator;
            }
        }
        return "";
    }

    /// Whether what stands here is another operator that begins like this one.
    private boolean isLonger(String operator) {
        if (operator.length() > 1 || at + 1 >= text.length()) {
            return false;
        }
        char next = text.charAt(at + 1);
        return switch (operator) {
            case "<", ">" -> next == operator.charAt(0);
            case "|", "&" -> next == operator.charAt(0);
            default -> false;
        };
    }

    /// Strings can only be compared for equality.
    private Expression checked(String operator, Expression left, Expression right)
            throws UsageException {
        boolean isString =
                left instanceof Expression.Pattern || right instanceof Expression.Pattern;
        if (isString && !operator.equals("==") && !operator.equals("!=")) {
            throw error("operator '%s' not supported for strings".formatted(operator));
        }
        if (left instanceof Expression.Pattern && right instanceof Expression.Pattern) {
            throw error("two strings are compared, want a field");
        }
        return new Expression.Binary(operator, left, right);
    }

    private Expression unary() throws UsageException {
        skipBlanks();
        if (++depth > MAX_DEPTH) {
            throw error("more than %d levels".formatted(MAX_DEPTH));
        }
        try {
            if (at < text.length() && "-+!~".indexOf(text.charAt(at)) >= 0) {
                String operator = text.substring(at, ++at);
                Expression operand = unary();
                if (operand instanceof Expression.Pattern) {
                    throw error("operator '%s' not supported for strings".formatted(operator));
                }
                return new Expression.Unary(operator, operand);
            }
            return primary();
        } finally {
            depth--;
        }
    }

    private Expression primary() throws UsageException {
        if (at == text.length()) {
            throw error("want an operand at the end");
        }
        char first = text.charAt(at);
        if (first == '(') {
            at++;
            Expression inner = level(0);
            skipBlanks();
            if (at == text.length() || text.charAt(at) != ')') {
                throw error("want a closing parenthesis");
            }
            at++;
            return inner;
        }
        if (first == '"') {
            return string();
        }
        if (first == '\'') {
            return character();
        }
        if (isDigit(first) || first == '.' && at + 1 < text.length() && isDigit(charAt(at + 1))) {
            return number();
        }
        if (first == '$') {
            at++;
            return special();
        }
        if (isLetter(first)) {
            return new Expression.Field(path(name()));
        }
        throw unexpected();
    }

    private Expression special() throws UsageException {
        String kind = name();
        if (kind.equals("ctx") || kind.equals("app")) {
            if (at == text.length() || charAt(at) != '.') {
                throw error("want a point after $" + kind);
            }
            at++;
            String name = name();
            if (kind.equals("app")) {
                if (at == text.length() || charAt(at) != ':') {
                    throw error("want $app.PROVIDER:NAME");
                }
                at++;
                name = "app_" + name + "_" + name(); // as LTTng writes it
            }
            return new Expression.Context(path(name));
        }
        if (PROPERTIES.contains(kind)) {
            return new Expression.Property(kind);
        }
        if (kind.equals("event") && at < text.length() && charAt(at) == '.') {
            at++;
            String what = name();
            if (what.equals("name")) {
                return new Expression.Property(what);
            }
            throw error("unknown name $event.%s, want $event.name".formatted(what));
        }
        throw error(
                "unknown name $%s, want $ctx.…, $app.…, $name, $time, $trace or $host; a field of the payload goes without $: %s"
                        .formatted(kind, kind));
    }

    private List<Object> path(String first) throws UsageException {
        var path = new ArrayList<Object>(List.of(first));
        while (at < text.length()) {
            if (charAt(at) == '.') {
                at++;
                path.add(name());
            } else if (charAt(at) == '[') {
                at++;
                skipBlanks();
                if (at == text.length()
                        || !isDigit(charAt(at))
                        || !(number() instanceof Expression.Constant(Long index))) {
                    throw error("want an index, 0 or more");
                }
                path.add(index);
                skipBlanks();
                if (at == text.length() || charAt(at) != ']') {
                    throw error("want a closing bracket");
                }
                at++;
            } else {
                break;
            }
        }
        return path;
    }

    private String name() throws UsageException {
        int start = at;
        while (at < text.length() && (isLetter(charAt(at)) || isDigit(charAt(at)))) {
            at++;
        }
        if (at == start) {
            throw error("want a name");
        }
        return text.substring(start, at);
    }

    private Expression number() throws UsageException {
        int start = at;
        while (at < text.length()
                && (isLetter(charAt(at))
                        || isDigit(charAt(at))
                        || charAt(at) == '.'
                        || (charAt(at) == '+' || charAt(at) == '-') && isExponent(start))) {
            at++;
        }
        String word = text.substring(start, at);
        try {
            if (word.matches("0[xX][0-9a-fA-F]+")) {
                return new Expression.Constant(Long.parseUnsignedLong(word.substring(2), 16));
            }
            if (word.matches("0[0-7]*")) {
                return new Expression.Constant(Long.parseUnsignedLong(word, 8));
            }
            if (word.matches("[1-9][0-9]*")) {
                return new Expression.Constant(Long.parseUnsignedLong(word));
            }
            if (word.matches("([0-9]*\\.[0-9]*([eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)")) {
                return new Expression.Constant(Double.valueOf(word));
            }
        } catch (NumberFormatException e) {
            throw error("`%s` is too large".formatted(word));
        }
        throw error("`%s` is no number".formatted(word));
    }

    private boolean isExponent(int start) {
        char before = charAt(at - 1);
        return (before == 'e' || before == 'E') && !text.startsWith("0x", start);
    }

    private Expression string() throws UsageException {
        at++;
        var parts = new ArrayList<String>();
        var part = new StringBuilder();
        while (at < text.length() && charAt(at) != '"') {
            char next = text.charAt(at++);
            if (next == '*') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(next == '\\' ? escaped() : next);
            }
        }
        if (at == text.length()) {
            throw error("want a closing quote");
        }
        at++;
        parts.add(part.toString());
        return new Expression.Pattern(parts);
    }

    private Expression character() throws UsageException {
        at++;
        if (at == text.length()) {
            throw error("want a character");
        }
        char value = text.charAt(at++);
        if (value == '\\') {
            value = escaped();
        }
        if (at == text.length() || charAt(at) != '\'') {
            throw error("want a closing quote");
        }
        at++;
        return new Expression.Constant((long) value);
    }

    private char escaped() throws UsageException {
        if (at == text.length()) {
            throw error("want a character after the backslash");
        }
        char name = text.charAt(at++);
        return switch (name) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case '0' -> '\0';
            default -> name;
        };
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(charAt(at))) {
            at++;
        }
    }

    private char charAt(int index) {
        return text.charAt(index);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private UsageException unexpected() {
        char here = text.charAt(at);
        return "+-*/%".indexOf(here) >= 0
                ? error("binary operation '%s' not supported".formatted(here))
                : error("unexpected `%s`".formatted(here));
    }

    private UsageException error(String what) {
        return new UsageException(
                "Invalid filter `%s`: %s (character %d)".formatted(text, what, at + 1));
    }
}
