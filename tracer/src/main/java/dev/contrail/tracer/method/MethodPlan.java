// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.event.ProbeShape;
import dev.contrail.tracer.event.ProbeShape.Value;
import dev.contrail.tracer.event.ValueReader;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.tap.ClassFile;
import dev.contrail.tracer.tap.Descriptor;
import dev.contrail.tracer.tap.ProbeSite;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is recorded of the calls of one method.
final class MethodPlan {
    private static final String STRING = "Ljava/lang/String;";

    private static final Map<String, Class<?>> PRIMITIVES =
            Map.of(
                    "Z", boolean.class,
                    "B", byte.class,
                    "S", short.class,
                    "C", char.class,
                    "I", int.class,
                    "J", long.class,
                    "F", float.class,
                    "D", double.class);

    /// Makes the reader of a path of fields.
    interface Paths {
        /// @param type the descriptor of the type that it begins in
        /// @throws IllegalArgumentException when there is none
        FieldPath of(String type, String path);
    }

    /// A class has to be loaded first.
    static final class NotYetException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final ClassFile.Method method;
    private final Descriptor descriptor;
    private final List<@Nullable String> names;
    private final List<Integer> arguments = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();
    private final List<EventField> entryFields = new ArrayList<>();
    private final List<EventField> exitFields = new ArrayList<>();
    private final List<ValueReader> readers = new ArrayList<>();
    private final Set<String> used = new HashSet<>();
    private @Nullable Value result;

    /// Settings that the method has nothing for.
    final List<String> missing = new ArrayList<>();

    /// @param owner the class, with slashes
    /// @throws IllegalArgumentException when it cannot be recorded so, with the reason
    MethodPlan(
            String owner,
            ClassFile file,
            ClassFile.Method method,
            List<String> settings,
            Paths paths) {
        this.method = method;
        this.descriptor = Descriptor.of(method.descriptor());
        this.names = file.parameterNames(method);
        exitFields.add(new EventField("duration_ns", FieldType.S64));
        for (String setting : settings) {
            if (setting.startsWith(MethodRule.ARGUMENT)) {
                argument(owner, setting, paths);
            } else if (setting.equals(MethodRule.RESULT)) {
                result();
            }
        }
        exitFields.add(new EventField("exception", FieldType.STRING));
        exitFields.add(new EventField("message", FieldType.STRING));
    }

    private void argument(String owner, String setting, Paths paths) {
        String path = setting.substring(MethodRule.ARGUMENT.length());
        int dot = path.indexOf('.');
        String root = dot < 0 ? path : path.substring(0, dot);
        int index = index(root);
        boolean isThis = index == ProbeSite.THIS;
        if (isThis && method.isStatic() || index >= names.size() || index < ProbeSite.THIS) {
            missing.add(setting);
            return;
        }
        String type = isThis ? "L" + owner + ";" : descriptor.parameters().get(index);
        Class<?> primitive = PRIMITIVES.get(type);
        String name = isThis ? "this" : names.get(index) == null ? "arg" + index : names.get(index);
        if (primitive != null) {
            if (dot >= 0) {
                missing.add(setting); // it has no fields
                return;
            }
            add(name, new Value(primitive, true, slot(index, true), -1));
        } else if (dot < 0 && type.equals(STRING)) {
            add(name, new Value(String.class, false, slot(index, false), -1));
        } else if (dot < 0) {
            add(name, new Value(String.class, false, slot(index, false), readers.size()));
            readers.add(ObjectIdentity.READER);
        } else {
            FieldPath reader = paths.of(type, path.substring(dot + 1));
            Value value = new Value(reader.type(), false, slot(index, false), readers.size());
            add(name + path.substring(dot), value);
            readers.add(reader);
        }
    }

    /// Less than [ProbeSite#THIS] when there is no such parameter.
    private int index(String root) {
        if (root.equals("this")) {
            return ProbeSite.THIS;
        }
        boolean isNumber = !root.isEmpty() && root.length() < 4;
        for (int i = 0; i < root.length(); i++) {
            isNumber &= root.charAt(i) >= '0' && root.charAt(i) <= '9';
        }
        int named = names.indexOf(root);
        return isNumber ? Integer.parseInt(root) : named < 0 ? ProbeSite.THIS - 1 : named;
    }

    private void add(String name, Value value) {
        StringBuilder identifier = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            boolean isPlain = letter < 128 && (Character.isLetterOrDigit(letter) || letter == '_');
            identifier.append(isPlain ? letter : '_');
        }
        while (!used.add(identifier.toString())) {
            identifier.append('_');
        }
        entryFields.add(new EventField(identifier.toString(), value.fieldType()));
        values.add(value);
    }

    /// Where the probe finds an argument among the numbers or objects that it is given.
    private int slot(int argument, boolean isNumber) {
        int slot = 0;
        for (int each : arguments) {
            if (each == argument) {
                return slot;
            }
            if (isNumber(each) == isNumber) {
                slot++;
            }
        }
        if (slot == ProbeSite.MOST) {
            throw new IllegalArgumentException(
                    "more than %d %s arguments are asked for"
                            .formatted(slot, isNumber ? "primitive" : "object"));
        }
        arguments.add(argument);
        return slot;
    }

    private boolean isNumber(int argument) {
        return argument != ProbeSite.THIS
                && PRIMITIVES.containsKey(descriptor.parameters().get(argument));
    }

    private void result() {
        String type = descriptor.returns();
        if (type.equals("V")) {
            return;
        }
        Class<?> primitive = PRIMITIVES.get(type);
        if (primitive != null) {
            result = new Value(primitive, true, 0, -1);
        } else if (type.equals(STRING)) {
            result = new Value(String.class, false, 0, -1);
        } else {
            result = new Value(String.class, false, 0, readers.size());
            readers.add(ObjectIdentity.READER);
        }
        exitFields.add(new EventField("result", result.fieldType()));
    }

    ProbeShape shape() {
        return new ProbeShape(values, result);
    }

    List<ValueReader> readers() {
        return readers;
    }

    List<EventField> entryFields() {
        return entryFields;
    }

    List<EventField> exitFields() {
        return exitFields;
    }

    ProbeSite site(int probe) {
        return new ProbeSite(method, probe, arguments, result != null);
    }
}
