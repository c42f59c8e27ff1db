// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import static dev.contrail.tracer.code.CodeWriter.ALOAD;
import static dev.contrail.tracer.code.CodeWriter.GETFIELD;
import static dev.contrail.tracer.code.CodeWriter.ICONST_0;
import static dev.contrail.tracer.code.CodeWriter.ICONST_1;
import static dev.contrail.tracer.code.CodeWriter.IFNE;
import static dev.contrail.tracer.code.CodeWriter.INVOKESTATIC;
import static dev.contrail.tracer.code.CodeWriter.INVOKEVIRTUAL;
import static dev.contrail.tracer.code.CodeWriter.IRETURN;
import static dev.contrail.tracer.code.CodeWriter.PUTSTATIC;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.CodeWriter.Label;
import dev.contrail.tracer.code.CodeWriter.Type;
import dev.contrail.tracer.code.GeneratedClass;
import dev.contrail.tracer.filter.Expression;
import dev.contrail.tracer.filter.ValueKind;
import dev.contrail.tracer.ring.EventField;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

/// Writes the class of a filter. For `cents > 100 && currency == "EU*"` or `$ctx.vtid == 7` it
/// holds
///
/// ```java
/// private static final ContextSource CONSTANT0 = MethodHandles.classDataAt(lookup(), "_", …, 0);
///
/// public boolean accepts(long id, int cents, String currency) {
///     return test0(id, cents, currency) || test1(id, cents, currency);
/// }
///
/// private static boolean test0(long id, int cents, String currency) {
///     return cents > 100L && TargetFilter.text(currency).startsWith("EU");
/// }
///
/// private static boolean test1(long id, int cents, String currency) {
///     return CONSTANT0.number() == 7L;
/// }
/// ```
///
/// An expression that does not fit the fields, [ValueKind], accepts no event, and has no method.
final class FilterWriter {
    static final String ACCEPTS = "accepts";

    private static final String HANDLES = "java/lang/invoke/MethodHandles";
    private static final String TARGET = CodeWriter.internalName(Target.class);
    private static final String FILTER = CodeWriter.internalName(TargetFilter.class);
    private static final String LOOKUP = HANDLES + "$Lookup";
    private static final String CLASS =
            CodeWriter.internalName(TargetFilter.class) + "$$Expressions";

    private final GeneratedClass made;
    private final List<EventField> fields;
    private final MethodType method;
    private final FilterConstants constants = new FilterConstants(CLASS);

    /// Writes a static method of a class that records: whether the filter of a target, which has
    /// one, accepts an event with these fields. Its type is [#callType].
    static void writeCall(GeneratedClass made, String name, List<Class<?>> fields) {
        String shape = shapeName(fields);
        CodeWriter code = made.code();
        code.local(ALOAD, 0).field(GETFIELD, TARGET, "filter", "L" + FILTER + ";").cast(shape);
        int slots = 1;
        for (Class<?> type : fields) {
            code.local(CodeWriter.load(type), slots);
            slots += CodeWriter.slots(type);
        }
        String type = MethodType.methodType(boolean.class, fields).toMethodDescriptorString();
        code.call(INVOKEVIRTUAL, shape, ACCEPTS, type).op(IRETURN);
        made.method(GeneratedClass.PRIVATE_STATIC, name, callType(fields), code, slots, slots);
    }

    static String callType(List<Class<?>> fields) {
        return MethodType.methodType(boolean.class, fields)
                .insertParameterTypes(0, Target.class)
                .toMethodDescriptorString();
    }

    /// What recorded events call for their filter.
    static String shapeName(List<Class<?>> types) {
        StringBuilder name = new StringBuilder(FILTER).append("$$");
        for (Class<?> type : types) {
            name.append(type.isPrimitive() ? type.descriptorString() : "T");
        }
        return name.toString();
    }

    /// @param superName of the class with the method
    /// @param method with all fields, or with a `FieldReader`
    FilterWriter(String superName, List<EventField> fields, MethodType method) {
        this.made =
                new GeneratedClass(GeneratedClass.FINAL_SUPER_SYNTHETIC, CLASS, superName, null);
        this.fields = fields;
        this.method = method;
    }

    /// What the class takes from its class data: after [#write].
    List<Object> constants() {
        return constants.values();
    }

    byte[] write(List<Expression> expressions) {
        List<String> tests = new ArrayList<>();
        for (Expression expression : expressions) {
            FilterKinds kinds = new FilterKinds(fields);
            if (kinds.of(expression) == ValueKind.INTEGER) {
                String name = "test" + tests.size();
                CodeWriter code = made.code();
                FilterCode body = new FilterCode(code, fields, method, kinds, constants);
                body.write(expression);
                made.method(
                        GeneratedClass.PRIVATE_STATIC,
                        name,
                        method.toMethodDescriptorString(),
                        code,
                        FilterCode.MAX_STACK,
                        body.maxLocals());
                tests.add(name);
            }
        }
        writeAccepts(tests);
        made.constructor();
        writeInitializer();
        return made.file();
    }

    private void writeAccepts(List<String> tests) {
        CodeWriter code = made.code();
        List<Type> locals = new ArrayList<>();
        locals.add(Type.object(CLASS));
        int slots = 1;
        for (Class<?> type : method.parameterList()) {
            locals.add(Type.of(type));
            slots += CodeWriter.slots(type);
        }
        Label accepted = new Label();
        for (String test : tests) {
            int at = 1;
            for (Class<?> type : method.parameterList()) {
                code.local(CodeWriter.load(type), at);
                at += CodeWriter.slots(type);
            }
            code.call(INVOKESTATIC, CLASS, test, method.toMethodDescriptorString());
            code.jump(IFNE, accepted);
        }
        code.op(ICONST_0).op(IRETURN);
        if (!tests.isEmpty()) {
            code.place(accepted, locals, List.of()).op(ICONST_1).op(IRETURN);
        }
        String descriptor = method.toMethodDescriptorString();
        made.method(GeneratedClass.PUBLIC, ACCEPTS, descriptor, code, slots, slots);
    }

    private void writeInitializer() {
        CodeWriter code = made.code();
        for (int i = 0; i < constants.values().size(); i++) {
            String type = constants.type(i);
            code.call(INVOKESTATIC, HANDLES, "lookup", "()L" + LOOKUP + ";");
            code.pushText("_").pushClass(type).push(i);
            code.call(
                    INVOKESTATIC,
                    HANDLES,
                    "classDataAt",
                    "(L" + LOOKUP + ";Ljava/lang/String;Ljava/lang/Class;I)Ljava/lang/Object;");
            code.cast(type);
            made.field(
                    GeneratedClass.PRIVATE_STATIC_FINAL, FilterConstants.name(i), "L" + type + ";");
            code.field(PUTSTATIC, CLASS, FilterConstants.name(i), "L" + type + ";");
        }
        made.initializer(code, 4);
    }
}
