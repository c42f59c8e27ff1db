// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The event class that a method of an event interface stands for.
///
/// Annotations are known by their names: those of the interface may come from another copy of this
/// jar than ours. So nothing here needs their classes, which are above this package.
record EventSignature(String name, int logLevel, List<EventField> fields) {
    private static final String PROVIDER = "dev.contrail.tracer.Provider";
    private static final String FIELD = "dev.contrail.tracer.Field";
    private static final String LEVEL = "dev.contrail.tracer.Level";

    /// The least severe and, without an annotation, the usual level: `Level.DEBUG` and
    /// `Level.DEBUG_LINE`.
    private static final int LAST_LEVEL = 14;

    private static final int USUAL_LEVEL = 13;

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

    /// Of a type that fields have.
    @SuppressWarnings("NullAway") // another one is refused by who uses it
    static FieldType typeOf(Class<?> type) {
        return TYPES.get(type);
    }

    /// Of parameters with fields of that type, which the contexts' own are not.
    static Class<?> classOf(FieldType type) {
        for (Map.Entry<Class<?>, FieldType> each : TYPES.entrySet()) {
            if (each.getValue() == type) {
                return each.getKey();
            }
        }
        throw new IllegalArgumentException("no field is a " + type);
    }

    /// The event class, which is in our process' list of them then.
    EventPoint point() {
        return EventClasses.of(name, logLevel, fields);
    }

    /// An event of the usual level.
    ///
    /// @param method whose parameters, but for the first, are the fields
    /// @throws IllegalArgumentException when they are not as many as `names`, or of other types
    static EventSignature of(String name, Method method, String... names) {
        Class<?>[] types = method.getParameterTypes();
        if (names.length != types.length - 1) {
            throw new IllegalArgumentException(method + " has not " + names.length + " fields");
        }
        List<EventField> fields = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            FieldType type = TYPES.get(types[i + 1]);
            if (type == null) {
                throw new IllegalArgumentException("no field is a " + types[i + 1]);
            }
            fields.add(new EventField(names[i], type));
        }
        return new EventSignature(name, USUAL_LEVEL, fields);
    }

    /// Null when the method cannot be an event; `problems` hear what to do.
    static @Nullable EventSignature read(Class<?> from, Method method, Problems problems) {
        if (method.getReturnType() != void.class) {
            problems.refuse(method, "returns a value", "let it return void");
            return null;
        }
        List<EventField> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Parameter[] parameters = method.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            FieldType type = TYPES.get(parameters[i].getType());
            if (type == null) {
                problems.refuse(
                        method,
                        "has a parameter of type " + parameters[i].getType().getTypeName(),
                        "use a primitive type or String");
                return null;
            }
            fields.add(new EventField(nameOf(method, parameters[i], i, names, problems), type));
        }
        return new EventSignature(
                provider(from) + ":" + method.getName(), level(method, problems), fields);
    }

    private static int level(Method method, Problems problems) {
        Object level = annotated(method, LEVEL, USUAL_LEVEL);
        int value = level instanceof Integer number ? number : USUAL_LEVEL;
        if (value >= 0 && value <= LAST_LEVEL) {
            return value;
        }
        problems.say(method, "has @Level " + value, "use 0 to 14");
        return USUAL_LEVEL;
    }

    private static String provider(Class<?> from) {
        return String.valueOf(annotated(from, PROVIDER, simpleName(from).toLowerCase(Locale.ROOT)));
    }

    private static String simpleName(Class<?> type) {
        try {
            return type.getSimpleName();
        } catch (LinkageError e) { // the class around it is of another loader
            String name = type.getName();
            return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
        }
    }

    /// Where the class file has no names: `arg0`, `arg1` and so on.
    private static String nameOf(
            Method method, Parameter parameter, int index, Set<String> used, Problems problems) {
        String usual = "arg" + index;
        Object given = annotated(parameter, FIELD, null);
        String name = given != null ? given.toString() : parameter.getName();
        if (given == null && !parameter.isNamePresent()) {
            problems.hasNoNames(method);
            name = usual;
        }
        if (used.add(name)) {
            return name;
        }
        problems.say(method, "has two fields named " + name, "rename one with @Field");
        while (!used.add(usual)) {
            usual += "_";
        }
        return usual;
    }

    /// The value of an annotation of that name, or `usual`.
    private static @Nullable Object annotated(
            AnnotatedElement element, String wanted, @Nullable Object usual) {
        for (Annotation each : element.getAnnotations()) {
            Class<?> type = each.annotationType();
            if (!type.getName().equals(wanted)) {
                continue;
            }
            try {
                return type.getMethod("value").invoke(each);
            } catch (ReflectiveOperationException e) {
                return usual; // of a version to come
            }
        }
        return usual;
    }
}
