// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.FieldType;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the probes of methods have in common that record fields of the same types from the same
/// places: a class, see [GeneratedProbe].
///
/// @param values the fields of the event at the entry
/// @param result a field of the event at the exit; null: none
public record ProbeShape(List<Value> values, @Nullable Value result) {
    /// How many numbers and how many objects a probe is given.
    public static final int MOST = 4;

    /// A field of an event.
    ///
    /// @param type a primitive type, or `String`
    /// @param isNumber whether it is one of the numbers that the probe is given, not of the objects
    /// @param slot which one
    /// @param reader which reader gets it from the object; negative when it is it
    public record Value(Class<?> type, boolean isNumber, int slot, int reader) {
        public FieldType fieldType() {
            return EventSignature.typeOf(type);
        }
    }

    public ProbeShape {
        values = List.copyOf(values);
    }

    int readers() {
        int most = result == null ? -1 : result.reader();
        for (Value value : values) {
            most = Math.max(most, value.reader());
        }
        return most + 1;
    }

    List<Class<?>> entryTypes() {
        List<Class<?>> types = new ArrayList<>();
        for (Value value : values) {
            types.add(value.type());
        }
        return types;
    }

    /// Duration and result; class and message of an exception follow.
    List<Class<?>> exitTypes() {
        List<Class<?>> types = new ArrayList<>();
        types.add(long.class);
        if (result != null) {
            types.add(result.type());
        }
        return types;
    }

    MethodType enterType() {
        MethodType type = MethodType.methodType(long.class);
        if (values.isEmpty()) {
            return type;
        }
        for (int i = 0; i < 2 * MOST; i++) {
            type = type.appendParameterTypes(i < MOST ? long.class : Object.class);
        }
        return type;
    }

    MethodType exitType() {
        MethodType type = MethodType.methodType(void.class, long.class);
        return result == null
                ? type
                : type.appendParameterTypes(result.isNumber() ? long.class : Object.class);
    }
}
