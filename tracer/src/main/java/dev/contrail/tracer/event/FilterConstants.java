// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.filter.ContextSource;
import dev.contrail.tracer.filter.Expression;
import java.util.ArrayList;
import java.util.List;

/// The objects that the class of a filter holds in static fields: patterns and contexts.
final class FilterConstants {
    static final String PATTERN = CodeWriter.internalName(Expression.Pattern.class);
    static final String CONTEXT = CodeWriter.internalName(ContextSource.class);

    private final String owner;
    private final List<Object> values = new ArrayList<>();

    FilterConstants(String owner) {
        this.owner = owner;
    }

    static String name(int index) {
        return "CONSTANT" + index;
    }

    String type(int index) {
        return values.get(index) instanceof ContextSource ? CONTEXT : PATTERN;
    }

    List<Object> values() {
        return List.copyOf(values);
    }

    void push(CodeWriter code, Object value) {
        int index = values.indexOf(value);
        if (index < 0) {
            index = values.size();
            values.add(value);
        }
        code.field(CodeWriter.GETSTATIC, owner, name(index), "L" + type(index) + ";");
    }
}
