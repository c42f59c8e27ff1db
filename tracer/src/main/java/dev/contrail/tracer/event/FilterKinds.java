// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.context.Contexts;
import dev.contrail.tracer.filter.ContextSource;
import dev.contrail.tracer.filter.Expression;
import dev.contrail.tracer.filter.ValueKind;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The kinds of an expression's parts, for events with certain fields.
final class FilterKinds {
    private final List<EventField> fields;
    private final Map<Expression, ValueKind> known = new IdentityHashMap<>();
    private final Map<Expression, ContextSource> sources = new IdentityHashMap<>();

    FilterKinds(List<EventField> fields) {
        this.fields = fields;
    }

    /// Null when it does not fit.
    @Nullable ValueKind of(Expression part) {
        ValueKind kind = known.get(part);
        if (kind == null) {
            kind = find(part);
            if (kind != null) {
                known.put(part, kind);
            }
        }
        return kind;
    }

    private @Nullable ValueKind find(Expression part) {
        if (part instanceof Expression.Unary unary) {
            return ValueKind.unary(unary.operator(), of(unary.operand()));
        }
        if (part instanceof Expression.Binary binary) {
            ValueKind left = of(binary.left());
            return left == null
                    ? null
                    : ValueKind.binary(binary.operator(), left, of(binary.right()));
        }
        if (part instanceof Expression.Constant constant) {
            return constant.value() instanceof Long ? ValueKind.INTEGER : ValueKind.REAL;
        }
        if (part instanceof Expression.Pattern) {
            return ValueKind.TEXT;
        }
        if (part instanceof Expression.Field field) {
            int index = index(field);
            return index < 0 ? null : kind(fields.get(index).type());
        }
        if (part instanceof Expression.Context context) {
            if (context.isOfApplication()) {
                return ValueKind.ANY;
            }
            ContextSource source = source(context);
            return source == null ? null : source.kind();
        }
        return null; // what only readers know
    }

    /// Whether it is a text, or may be one when it is looked at.
    boolean mayBeText(Expression part) {
        return of(part) == ValueKind.TEXT
                || part instanceof Expression.Context context
                        && context.isOfApplication()
                        && source(context) != null;
    }

    private static ValueKind kind(FieldType type) {
        return switch (type) {
            case STRING -> ValueKind.TEXT;
            case F32, F64 -> ValueKind.REAL;
            default -> ValueKind.INTEGER;
        };
    }

    /// Of a field; negative when there is none: an event's are plain.
    int index(Expression.Field field) {
        for (int i = 0; i < fields.size() && field.path().size() == 1; i++) {
            if (fields.get(i).name().equals(field.path().get(0))) {
                return i;
            }
        }
        return -1;
    }

    /// Null when there is none.
    @Nullable ContextSource source(Expression.Context context) {
        if (context.path().size() > 1) {
            return null;
        }
        return sources.computeIfAbsent(
                context, part -> Contexts.source((String) context.path().get(0)));
    }
}
