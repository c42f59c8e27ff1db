// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import dev.contrail.analysis.FieldValues;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.UsageException;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.tracer.filter.Expression;
import dev.contrail.tracer.filter.ExpressionParser;
import dev.contrail.tracer.filter.FilterException;
import dev.contrail.tracer.filter.ValueKind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides whether an event is wanted (`lttng-cli.md` section 9).
///
/// Integers count as signed 64-bit numbers. What is not there, a shift by less than 0 or more than
/// 63, or a string where a number is wanted makes the whole expression false.
///
/// An expression of LTTng's grammar accepts the events that it would have recorded: so it accepts
/// none that lacks a field, or has one of another kind, even where `&&` or `||` do not look at it.
/// One with `$name`, `$time`, `$trace` or `$host`, which tell events of different fields apart,
/// wants only what it looks at.
public final class EventFilter {
    private static final List<Scope> CONTEXTS =
            List.of(Scope.COMMON_CONTEXT, Scope.SPECIFIC_CONTEXT, Scope.PACKET_CONTEXT);

    /// There is no value: a signal, not an error, and so without a stack.
    private static final class NoValueException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private static final NoValueException INSTANCE = new NoValueException();

        private NoValueException() {
            super("no value", null, false, false);
        }
    }

    private final Expression expression;

    /// Whether what is not looked at must be there all the same, and there may be something.
    private final boolean mustFit;

    EventFilter(Expression expression) {
        this.expression = expression;
        this.mustFit = !hasProperty(expression) && mayLeaveOut(expression);
    }

    private static boolean hasProperty(Expression expression) {
        return switch (expression) {
            case Expression.Property _ -> true;
            case Expression.Unary(String _, Expression operand) -> hasProperty(operand);
            case Expression.Binary(String _, Expression left, Expression right) ->
                    hasProperty(left) || hasProperty(right);
            default -> false;
        };
    }

    /// Whether it can be true without all of it having been looked at: not where only `&&` joins.
    private static boolean mayLeaveOut(Expression expression) {
        return switch (expression) {
            case Expression.Unary(String _, Expression operand) -> hasJunction(operand);
            case Expression.Binary(String operator, Expression left, Expression right) ->
                    operator.equals("&&")
                            ? mayLeaveOut(left) || mayLeaveOut(right)
                            : hasJunction(expression);
            default -> false;
        };
    }

    private static boolean hasJunction(Expression expression) {
        return switch (expression) {
            case Expression.Unary(String _, Expression operand) -> hasJunction(operand);
            case Expression.Binary(String operator, Expression left, Expression right) ->
                    operator.equals("&&")
                            || operator.equals("||")
                            || hasJunction(left)
                            || hasJunction(right);
            default -> false;
        };
    }

    /// Parses an expression.
    ///
    /// @throws UsageException when it makes no sense, with the place
    public static EventFilter parse(String expression) throws UsageException {
        try {
            return new EventFilter(ExpressionParser.parseReaders(expression));
        } catch (FilterException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /// Looks whether the traces have what it names.
    ///
    /// @throws UsageException when it names a field that no event of theirs has
    void check(List<Trace> traces) throws UsageException {
        new FilterFields(traces).check(expression);
    }

    /// Whether the event that the record is at is wanted.
    public boolean accepts(EventRecord event) {
        try {
            return value(expression, event) instanceof Long number // a real one is not a truth
                    && number != 0
                    && (!mustFit || kind(expression, event) != null);
        } catch (NoValueException e) {
            return false;
        }
    }

    /// The kind of a part, looked at or not; null when it does not fit the event.
    private static @Nullable ValueKind kind(Expression expression, EventRecord event) {
        return switch (expression) {
            case Expression.Constant(Object value) -> kindOf(value);
            case Expression.Pattern _, Expression.Property _ -> ValueKind.TEXT;
            case Expression.Field(List<Object> path) ->
                    field(event, Scope.PAYLOAD, path).map(EventFilter::kindOf).orElse(null);
            case Expression.Context(List<Object> path, boolean isOfApplication) ->
                    isOfApplication
                            ? ValueKind.ANY
                            : findContext(event, path).map(EventFilter::kindOf).orElse(null);
            case Expression.Unary(String operator, Expression operand) ->
                    ValueKind.unary(operator, kind(operand, event));
            case Expression.Binary(String operator, Expression left, Expression right) ->
                    ValueKind.binary(operator, kind(left, event), kind(right, event));
        };
    }

    private static ValueKind kindOf(Object value) {
        return value instanceof Long
                ? ValueKind.INTEGER
                : value instanceof Double ? ValueKind.REAL : ValueKind.TEXT;
    }

    /// Of an operand of `&&` or `||`. LTTng casts real numbers to integers there: what lies between
    /// -1 and 1 is false.
    private static boolean isTrue(Object value) {
        return switch (value) {
            case Long number -> number != 0;
            case Double number -> !(Math.abs(number) < 1); // also a NaN
            default -> throw NoValueException.INSTANCE;
        };
    }

    private static Object value(Expression expression, EventRecord event) {
        return switch (expression) {
            case Expression.Constant(Object value) -> value;
            case Expression.Pattern pattern -> pattern;
            case Expression.Field(List<Object> path) ->
                    field(event, Scope.PAYLOAD, path).orElseThrow(() -> NoValueException.INSTANCE);
            case Expression.Context(List<Object> path, boolean _) ->
                    findContext(event, path).orElseThrow(() -> NoValueException.INSTANCE);
            case Expression.Property(String name) -> property(event, name);
            case Expression.Unary(String operator, Expression operand) ->
                    unary(operator, value(operand, event));
            case Expression.Binary binary -> binary(binary, event);
        };
    }

    private static Object property(EventRecord event, String name) {
        return switch (name) {
            case "name" -> event.name();
            case "time" -> {
                if (!event.hasTime()) {
                    throw NoValueException.INSTANCE;
                }
                yield event.nanos();
            }
            case "trace" -> event.stream().trace().name();
            default -> {
                Object host = event.environment().get("hostname");
                if (host == null) {
                    throw NoValueException.INSTANCE;
                }
                yield host;
            }
        };
    }

    private static Object unary(String operator, Object value) {
        return switch (operator) {
            case "!" -> truth(value instanceof Double number ? number == 0 : integer(value) == 0);
            case "~" -> ~integer(value);
            case "-" ->
                    value instanceof Double number
                            ? (Object) (-number)
                            : (Object) (-integer(value));
            default -> value instanceof Double ? value : (Object) integer(value);
        };
    }

    private static Object binary(Expression.Binary binary, EventRecord event) {
        Object left = value(binary.left(), event);
        switch (binary.operator()) {
            case "&&" -> {
                return truth(isTrue(left) && isTrue(value(binary.right(), event)));
            }
            case "||" -> {
                return truth(isTrue(left) || isTrue(value(binary.right(), event)));
            }
            default -> {}
        }
        Object right = value(binary.right(), event);
        return switch (binary.operator()) {
            case "==" -> truth(isEqual(left, right));
            case "!=" -> truth(!isEqual(left, right));
            case "<" -> truth(isLess(left, right));
            case "<=" -> truth(isAtMost(left, right));
            case ">" -> truth(isLess(right, left));
            case ">=" -> truth(isAtMost(right, left));
            case "&" -> integer(left) & integer(right);
            case "|" -> integer(left) | integer(right);
            case "^" -> integer(left) ^ integer(right);
            case "<<" -> integer(left) << shift(right);
            default -> integer(left) >>> shift(right);
        };
    }

    private static Long truth(boolean holds) {
        return holds ? 1L : 0L;
    }

    private static boolean isEqual(Object left, Object right) {
        if (left instanceof Expression.Pattern pattern && right instanceof String text) {
            return pattern.matches(text);
        }
        if (right instanceof Expression.Pattern pattern && left instanceof String text) {
            return pattern.matches(text);
        }
        if (left instanceof String one && right instanceof String other) {
            return one.equals(other);
        }
        if (left instanceof Double || right instanceof Double) {
            return real(left) == real(right); // a NaN equals nothing
        }
        return integer(left) == integer(right);
    }

    /// A NaN is neither less nor greater than anything.
    private static boolean isLess(Object left, Object right) {
        return left instanceof Double || right instanceof Double
                ? real(left) < real(right)
                : integer(left) < integer(right);
    }

    private static boolean isAtMost(Object left, Object right) {
        return left instanceof Double || right instanceof Double
                ? real(left) <= real(right)
                : integer(left) <= integer(right);
    }

    private static int shift(Object count) {
        long bits = integer(count);
        if (bits < 0 || bits > 63) {
            throw NoValueException.INSTANCE;
        }
        return (int) bits;
    }

    private static long integer(Object value) {
        if (value instanceof Long number) {
            return number;
        }
        throw NoValueException.INSTANCE;
    }

    private static double real(Object value) {
        return value instanceof Double number ? number : integer(value);
    }

    private static Optional<Object> findContext(EventRecord event, List<Object> path) {
        for (Scope scope : CONTEXTS) {
            Optional<Object> value = field(event, scope, path);
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    private static Optional<Object> field(EventRecord event, Scope scope, List<Object> path) {
        Optional<FieldLayout> layout = event.layout(scope);
        return layout.isEmpty()
                ? Optional.empty()
                : new FieldValues(event.decoder().slots(), event.decoder().bytes())
                        .find(layout.get(), event.decoder().firstSlot(scope), path);
    }
}
