// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.Field;
import dev.contrail.tracer.Level;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Reads the event class that a method of an event interface stands for.
final class EventSignature {
    private static final Map<Class<?>, FieldType> TYPES =
            Map.of(
                    boolean.class, FieldType.U8,
                    byte.class, FieldType.S8,
                    short.class, FieldType.S16,
                    char.class, FieldType.U16,
                    int.class, FieldType.S32,
                    long.class, FieldType.S64,
                    float.class, FieldType.F32,
                    double.class, FieldType.F64,
                    String.class, FieldType.STRING);

    private EventSignature() {}

    static FieldType typeOf(Class<?> type) {
        return TYPES.get(type);
    }

    /// @throws IllegalArgumentException when the method cannot be an event; says what to do
    static EventPoint read(Class<?> from, Method method) {
        if (method.getReturnType() != void.class)
            throw refuse(method, "returns a value", "let it return void");
        Level level = method.getAnnotation(Level.class);
        if (level != null && (level.value() < Level.EMERGENCY || level.value() > Level.DEBUG))
            throw refuse(method, "has @Level " + level.value(), "use 0 to 14");
        List<EventField> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Parameter parameter : method.getParameters()) {
            FieldType type = TYPES.get(parameter.getType());
            if (type == null)
                throw refuse(
                        method,
                        "has a parameter of type " + parameter.getType().getTypeName(),
                        "use a primitive type or String");
            String name = nameOf(method, parameter);
            if (!names.add(name))
                throw refuse(method, "has two fields named " + name, "rename one with @Field");
            fields.add(new EventField(name, type));
        }
        return EventClasses.of(
                provider(from) + ":" + method.getName(),
                level == null ? Level.DEBUG_LINE : level.value(),
                fields);
    }

    private static String provider(Class<?> from) {
        Provider provider = from.getAnnotation(Provider.class);
        return provider != null ? provider.value() : from.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String nameOf(Method method, Parameter parameter) {
        Field field = parameter.getAnnotation(Field.class);
        if (field != null) return field.value();
        if (parameter.isNamePresent()) return parameter.getName();
        throw refuse(
                method,
                "has parameters without names",
                "compile it with -parameters or give each a @Field(\"name\")");
    }

    private static IllegalArgumentException refuse(Method method, String problem, String fix) {
        return new IllegalArgumentException(
                "%s.%s cannot be an event: it %s; %s"
                        .formatted(
                                method.getDeclaringClass().getName(),
                                method.getName(),
                                problem,
                                fix));
    }
}
