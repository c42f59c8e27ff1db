// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.event.CodeWriter.Label;
import dev.contrail.tracer.event.CodeWriter.Type;
import dev.contrail.tracer.event.InterfaceBinder.EventMethod;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

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
    private static final int JAVA_17 = 61;
    private static final int FINAL_SUPER_SYNTHETIC = 0x1030;
    private static final int PRIVATE_STATIC_FINAL = 0x1a;
    private static final int PUBLIC = 1;
    private static final int STATIC = 8;
    private static final String OBJECT = "java/lang/Object";
    private static final String HANDLE = "java/lang/invoke/MethodHandle";
    private static final String HANDLES = "java/lang/invoke/MethodHandles";
    private static final String LOOKUP = HANDLES + "$Lookup";

    private final ConstantPool constants = new ConstantPool();
    private final String className;
    private final List<EventMethod> methods;
    private final MethodHandle[] handles;

    private Forwarding(String className, List<EventMethod> methods, MethodHandle[] handles) {
        this.className = className;
        this.methods = methods;
        this.handles = handles;
    }

    /// @param host the tracer of this process; null when we are
    static MethodHandles.Lookup define(
            MethodHandles.Lookup lookup,
            Class<?> events,
            List<EventMethod> methods,
            Function<Object[], Object> host)
            throws IllegalAccessException, IOException {
        MethodHandle[] handles = new MethodHandle[methods.size()];
        List<MethodHandle> data = new ArrayList<>();
        for (int i = 0; i < handles.length; i++) {
            EventSignature signature = methods.get(i).signature();
            if (signature == null) continue;
            MethodType type =
                    MethodType.methodType(void.class, methods.get(i).method().getParameterTypes());
            handles[i] = EventHandles.find(host, signature, type);
            if (handles[i] != null) data.add(handles[i]);
        }
        Forwarding writer = new Forwarding(InterfaceBinder.nameBeside(events), methods, handles);
        return lookup.defineHiddenClassWithClassData(
                writer.write(ImplementationWriter.internalName(events)),
                List.copyOf(data),
                true,
                MethodHandles.Lookup.ClassOption.NESTMATE);
    }

    private byte[] write(String interfaceName) throws IOException {
        int count = 0;
        for (MethodHandle each : handles) if (each != null) count++;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeShort(FINAL_SUPER_SYNTHETIC);
        body.writeShort(constants.classNamed(className));
        body.writeShort(constants.classNamed(OBJECT));
        body.writeShort(1);
        body.writeShort(constants.classNamed(interfaceName));
        body.writeShort(count);
        for (int i = 0; i < handles.length; i++)
            if (handles[i] != null)
                member(body, PRIVATE_STATIC_FINAL, "HANDLE" + i, "L" + HANDLE + ";", 0);
        body.writeShort(2 + methods.size());
        writeInitializer(body);
        writeConstructor(body);
        for (int i = 0; i < handles.length; i++) writeMethod(body, i);
        body.writeShort(0);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(file);
        out.writeInt(0xcafebabe);
        out.writeInt(JAVA_17);
        constants.writeTo(out);
        bytes.writeTo(out);
        return file.toByteArray();
    }

    private void member(DataOutputStream out, int access, String name, String type, int attributes)
            throws IOException {
        out.writeShort(access);
        out.writeShort(constants.utf8(name));
        out.writeShort(constants.utf8(type));
        out.writeShort(attributes);
    }

    private void writeInitializer(DataOutputStream out) throws IOException {
        CodeWriter code = new CodeWriter(constants);
        int next = 0;
        for (int i = 0; i < handles.length; i++) {
            if (handles[i] == null) continue;
            code.call(CodeWriter.INVOKESTATIC, HANDLES, "lookup", "()L" + LOOKUP + ";");
            code.pushText("_").pushClass(HANDLE).push(next++);
            code.call(
                    CodeWriter.INVOKESTATIC,
                    HANDLES,
                    "classDataAt",
                    "(L" + LOOKUP + ";Ljava/lang/String;Ljava/lang/Class;I)L" + OBJECT + ";");
            code.cast(HANDLE);
            code.field(CodeWriter.PUTSTATIC, className, "HANDLE" + i, "L" + HANDLE + ";");
        }
        member(out, STATIC, "<clinit>", "()V", 1);
        code.op(CodeWriter.RETURN).writeTo(out, 4, 0);
    }

    private void writeConstructor(DataOutputStream out) throws IOException {
        CodeWriter code = new CodeWriter(constants).local(CodeWriter.ALOAD, 0);
        code.call(CodeWriter.INVOKESPECIAL, OBJECT, "<init>", "()V").op(CodeWriter.RETURN);
        member(out, 0, "<init>", "()V", 1);
        code.writeTo(out, 1, 1);
    }

    private void writeMethod(DataOutputStream out, int index) throws IOException {
        Method method = methods.get(index).method();
        MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
        int slots = 1;
        for (Class<?> each : type.parameterArray()) slots += ImplementationWriter.slots(each);
        member(out, PUBLIC, method.getName(), type.toMethodDescriptorString(), 1);
        if (handles[index] == null) {
            CodeWriter.returningZero(constants, type.returnType()).writeTo(out, 2, slots);
            return;
        }
        CodeWriter code = new CodeWriter(constants);
        Label handler = new Label();
        List<Type> locals = new ArrayList<>();
        locals.add(Type.object(className));
        code.field(CodeWriter.GETSTATIC, className, "HANDLE" + index, "L" + HANDLE + ";");
        int next = 1;
        for (Class<?> each : type.parameterArray()) {
            code.local(ImplementationWriter.load(each), next);
            locals.add(ImplementationWriter.verificationType(each));
            next += ImplementationWriter.slots(each);
        }
        code.call(CodeWriter.INVOKEVIRTUAL, HANDLE, "invokeExact", type.toMethodDescriptorString());
        code.op(CodeWriter.RETURN).handle(0, handler);
        code.place(handler, locals, List.of(Type.object("java/lang/Throwable")));
        code.op(CodeWriter.POP).op(CodeWriter.RETURN).writeTo(out, slots + 1, slots);
    }
}
