// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.filter;

import java.util.ArrayList;
import java.util.List;

/// Parses filter expressions: LTTng's grammar (`lttng-cli.md` section 9) and, for readers, `$name`
/// (or `$event.name`), `$time`, `$trace` and `$host`.
///
/// Precedence from high to low: unary `- + ! ~`; `<< >>`; `&`; `^`; `|`; `< <= > >=`; `== !=`;
/// `&&`; `||`. Bitwise operators bind tighter than comparisons, other than in C.
public final class ExpressionParser {
    /// Characters of an expression.
    public static final int MAX_LENGTH = 1 << 16;

    /// Operators and operands: the code of a filter fits into a method, and its depth into a stack.
    static final int MAX_TERMS = 4000;

    /// As much of a text as messages quote.
    private static final int MAX_QUOTED = 200;

    static final int MAX_DEPTH = 200;
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
    private final boolean isReaders;
    private int at;
    private int depth;
    private int terms;

    private ExpressionParser(String text, boolean isReaders) {
        this.text = text;
        this.isReaders = isReaders;
    }

    /// An expression of LTTng's grammar.
    ///
    /// @throws FilterException when it makes no sense, with the place
    public static Expression parse(String text) throws FilterException {
        return parse(text, false);
    }

    /// The same with what only readers can know of an event.
    ///
    /// @throws FilterException when it makes no sense, with the place
    public static Expression parseReaders(String text) throws FilterException {
        return parse(text, true);
    }

    private static Expression parse(String text, boolean isReaders) throws FilterException {
        if (text.length() > MAX_LENGTH) {
            throw new FilterException(
                    "Invalid filter of %d characters, want at most %d"
                            .formatted(text.length(), MAX_LENGTH));
        }
        ExpressionParser parser = new ExpressionParser(text, isReaders);
        Expression expression = parser.level(0);
        parser.skipBlanks();
        if (parser.at < text.length()) {
            throw parser.unexpected();
        }
        return expression;
    }

    private Expression level(int level) throws FilterException {
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
            throws FilterException {
        boolean isString =
                left instanceof Expression.Pattern || right instanceof Expression.Pattern;
        countTerm();
        if (isString && !operator.equals("==") && !operator.equals("!=")) {
            throw error("operator '%s' not supported for strings".formatted(operator));
        }
        if (left instanceof Expression.Pattern && right instanceof Expression.Pattern) {
            throw error("two strings are compared, want a field");
        }
        return new Expression.Binary(operator, left, right);
    }

    private void countTerm() throws FilterException {
        if (++terms > MAX_TERMS) {
            throw error("more than %d operators and operands".formatted(MAX_TERMS));
        }
    }

    private Expression unary() throws FilterException {
        skipBlanks();
        countTerm();
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

    private Expression primary() throws FilterException {
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

    private Expression special() throws FilterException {
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
            return new Expression.Context(path(name), kind.equals("app"));
        }
        boolean isOurs = PROPERTIES.contains(kind) || kind.equals("event");
        if (isOurs && !isReaders) {
            throw error(
                    "$%s is known when a trace is read, not when it is recorded".formatted(kind));
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
                "unknown name $%s, want $ctx.… or $app.…%s; a field of the payload goes without $: %s"
                        .formatted(kind, isReaders ? ", $name, $time, $trace or $host" : "", kind));
    }

    private List<Object> path(String first) throws FilterException {
        List<Object> path = new ArrayList<>(List.of(first));
        while (at < text.length()) {
            if (charAt(at) == '.') {
                at++;
                path.add(name());
            } else if (charAt(at) == '[') {
                at++;
                skipBlanks();
                if (at == text.length()
                        || !isDigit(charAt(at))
                        || !(number() instanceof Expression.Constant index)
                        || !(index.value() instanceof Long)) {
                    throw error("want an index, 0 or more");
                }
                path.add(index.value());
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

    private String name() throws FilterException {
        int start = at;
        while (at < text.length() && (isLetter(charAt(at)) || isDigit(charAt(at)))) {
            at++;
        }
        if (at == start) {
            throw error("want a name");
        }
        return text.substring(start, at);
    }

    private Expression number() throws FilterException {
        int start = at;
        while (at < text.length()
                && (isLetter(charAt(at))
                        || isDigit(charAt(at))
                        || charAt(at) == '.'
                        || (charAt(at) == '+' || charAt(at) == '-') && isExponent(start))) {
            at++;
        }
        String word = text.substring(start, at);
        if (word.matches("(0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]{1,3}")) {
            word = word.replaceFirst("[uUlL]+$", ""); // as in C; all are 64 bits long
        } else if (!word.startsWith("0x") && !word.startsWith("0X")) {
            word = word.replaceFirst("(?<=[0-9.])[fFlL]$", "");
        }
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

    private Expression string() throws FilterException {
        at++;
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
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

    private Expression character() throws FilterException {
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

    private char escaped() throws FilterException {
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

    private FilterException unexpected() {
        char here = text.charAt(at);
        return "+-*/%".indexOf(here) >= 0
                ? error("binary operation '%s' not supported".formatted(here))
                : error("unexpected `%s`".formatted(here));
    }

    private FilterException error(String what) {
        String quoted = text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
        String problem = "%s (character %d)".formatted(what, at + 1);
        return new FilterException("Invalid filter `%s`: %s".formatted(quoted, problem), problem);
    }
}
