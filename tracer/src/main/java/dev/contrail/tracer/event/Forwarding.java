// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.CodeWriter.Label;
import dev.contrail.tracer.code.CodeWriter.Type;
import dev.contrail.tracer.code.GeneratedClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes the implementation of an event interface that knows no class of ours, method handles
/// only. They are constants, so that the compiler sees through them. For each event:
///
/// ```java
/// private static final MethodHandle HANDLE0 = MethodHandles.classDataAt(lookup(), "_", …, 0);
///
/// public void paid(long id, String currency) {
///     try {
///         HANDLE0.invokeExact(id, currency);
///     } catch (Throwable e) { }
/// }
/// ```
final class Forwarding {
    private static final String OBJECT = "java/lang/Object";
    private static final String HANDLE = "java/lang/invoke/MethodHandle";
    private static final String HANDLES = "java/lang/invoke/MethodHandles";
    private static final String LOOKUP = HANDLES + "$Lookup";

    private final GeneratedClass made;
    private final List<EventMethod> methods;
    private final MethodHandle[] handles;

    private Forwarding(GeneratedClass made, List<EventMethod> methods, MethodHandle[] handles) {
        this.made = made;
        this.methods = methods;
        this.handles = handles;
    }

    /// @param host the tracer of this process; null when we are
    static MethodHandles.Lookup define(
            MethodHandles.Lookup lookup,
            Class<?> events,
            List<EventMethod> methods,
            @Nullable Function<Object[], Object> host)
            throws IllegalAccessException {
        MethodHandle[] handles = new MethodHandle[methods.size()];
        List<MethodHandle> data = new ArrayList<>();
        for (int i = 0; i < handles.length; i++) {
            EventSignature signature = methods.get(i).signature();
            if (signature == null) {
                continue;
            }
            MethodType type =
                    MethodType.methodType(void.class, methods.get(i).method().getParameterTypes());
            handles[i] = EventHandles.find(host, signature, type);
            if (handles[i] != null) {
                data.add(handles[i]);
            }
        }
        GeneratedClass made =
                new GeneratedClass(
                        GeneratedClass.FINAL_SUPER_SYNTHETIC,
                        GeneratedClass.nameBeside(events),
                        CodeWriter.internalName(events));
        return lookup.defineHiddenClassWithClassData(
                new Forwarding(made, methods, handles).write(),
                List.copyOf(data),
                true,
                MethodHandles.Lookup.ClassOption.NESTMATE);
    }

    private byte[] write() {
        writeInitializer();
        made.constructor();
        for (int i = 0; i < handles.length; i++) {
            writeMethod(i);
        }
        return made.file();
    }

    private void writeInitializer() {
        CodeWriter code = made.code();
        int next = 0;
        for (int i = 0; i < handles.length; i++) {
            if (handles[i] == null) {
                continue;
            }
            code.call(CodeWriter.INVOKESTATIC, HANDLES, "lookup", "()L" + LOOKUP + ";");
            code.pushText("_").pushClass(HANDLE).push(next++);
            code.call(
                    CodeWriter.INVOKESTATIC,
                    HANDLES,
                    "classDataAt",
                    "(L" + LOOKUP + ";Ljava/lang/String;Ljava/lang/Class;I)L" + OBJECT + ";");
            code.cast(HANDLE);
            made.field(GeneratedClass.PRIVATE_STATIC_FINAL, "HANDLE" + i, "L" + HANDLE + ";");
            code.field(CodeWriter.PUTSTATIC, made.name(), "HANDLE" + i, "L" + HANDLE + ";");
        }
        made.initializer(code, 4);
    }

    private void writeMethod(int index) {
        Method method = methods.get(index).method();
        MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
        int slots = 1;
        for (Class<?> each : type.parameterArray()) {
            slots += CodeWriter.slots(each);
        }
        CodeWriter code = made.code();
        if (handles[index] == null) {
            code.returnZero(type.returnType());
        } else {
            writeCall(code, index, type);
        }
        String descriptor = type.toMethodDescriptorString();
        made.method(GeneratedClass.PUBLIC, method.getName(), descriptor, code, slots + 1, slots);
    }

    private void writeCall(CodeWriter code, int index, MethodType type) {
        Label handler = new Label();
        List<Type> locals = new ArrayList<>();
        locals.add(Type.object(made.name()));
        code.field(CodeWriter.GETSTATIC, made.name(), "HANDLE" + index, "L" + HANDLE + ";");
        int next = 1;
        for (Class<?> each : type.parameterArray()) {
            code.local(CodeWriter.load(each), next);
            locals.add(Type.of(each));
            next += CodeWriter.slots(each);
        }
        code.call(CodeWriter.INVOKEVIRTUAL, HANDLE, "invokeExact", type.toMethodDescriptorString());
        code.op(CodeWriter.RETURN).handle(0, handler);
        code.place(handler, locals, List.of(Type.object("java/lang/Throwable")));
        code.op(CodeWriter.POP).op(CodeWriter.RETURN);
    }
}
