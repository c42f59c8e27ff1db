// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.code;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A class file under construction (JVMS 4.1). For this module only.
public final class GeneratedClass {
    public static final int PUBLIC = 1;
    public static final int PRIVATE_STATIC = 0xa;
    public static final int PRIVATE_STATIC_FINAL = 0x1a;
    public static final int FINAL_SUPER_SYNTHETIC = 0x1030;
    public static final int PUBLIC_ABSTRACT = 0x401;
    public static final int PUBLIC_ABSTRACT_SUPER_SYNTHETIC = 0x1421;
    private static final int STATIC = 8;
    private static final int JAVA_17 = 61;
    private static final String OBJECT = "java/lang/Object";

    private static final AtomicInteger BESIDE = new AtomicInteger();

    private final ConstantPool constants = new ConstantPool();
    private final int access;
    private final String name;
    private final String superName;
    private final @Nullable String interfaceName;
    private final Members fields = new Members();
    private final Members methods = new Members();

    private static final class Members {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);
        private int count;

        private void writeTo(DataOutputStream target) throws IOException {
            target.writeShort(count);
            bytes.writeTo(target);
        }
    }

    /// @param interfaceName null for none
    public GeneratedClass(int access, String name, @Nullable String interfaceName) {
        this(access, name, OBJECT, interfaceName);
    }

    public GeneratedClass(
            int access, String name, String superName, @Nullable String interfaceName) {
        this.access = access;
        this.name = name;
        this.superName = superName;
        this.interfaceName = interfaceName;
    }

    /// A name that no class has, in the package of `neighbour`.
    public static String nameBeside(Class<?> neighbour) {
        return CodeWriter.internalName(neighbour) + "$$Contrail" + BESIDE.incrementAndGet();
    }

    public String name() {
        return name;
    }

    /// An empty body of a method, for [#method].
    public CodeWriter code() {
        return new CodeWriter(constants);
    }

    public void field(int fieldAccess, String fieldName, String type) {
        member(fields, fieldAccess, fieldName, type, 0);
    }

    public void method(
            int methodAccess,
            String methodName,
            String descriptor,
            CodeWriter code,
            int maxStack,
            int maxLocals) {
        member(methods, methodAccess, methodName, descriptor, 1);
        try {
            code.writeTo(methods.out, maxStack, maxLocals);
        } catch (IOException e) {
            throw new AssertionError(e); // memory does not fail
        }
    }

    public void abstractMethod(String methodName, String descriptor) {
        member(methods, PUBLIC_ABSTRACT, methodName, descriptor, 0);
    }

    public void initializer(CodeWriter code, int maxStack) {
        method(STATIC, "<clinit>", "()V", code.op(CodeWriter.RETURN), maxStack, 0);
    }

    /// One without arguments that does nothing.
    public void constructor() {
        CodeWriter code = code().local(CodeWriter.ALOAD, 0);
        code.call(CodeWriter.INVOKESPECIAL, superName, "<init>", "()V").op(CodeWriter.RETURN);
        method(0, "<init>", "()V", code, 1, 1);
    }

    private void member(
            Members members, int memberAccess, String memberName, String type, int attributes) {
        members.count++;
        try {
            members.out.writeShort(memberAccess);
            members.out.writeShort(constants.utf8(memberName));
            members.out.writeShort(constants.utf8(type));
            members.out.writeShort(attributes);
        } catch (IOException e) {
            throw new AssertionError(e); // memory does not fail
        }
    }

    public byte[] file() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream body = new DataOutputStream(bytes);
            body.writeShort(access);
            body.writeShort(constants.classNamed(name));
            body.writeShort(constants.classNamed(superName));
            body.writeShort(interfaceName == null ? 0 : 1);
            if (interfaceName != null) {
                body.writeShort(constants.classNamed(interfaceName));
            }
            fields.writeTo(body);
            methods.writeTo(body);
            body.writeShort(0);
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(file);
            out.writeInt(0xcafebabe);
            out.writeInt(JAVA_17);
            constants.writeTo(out);
            bytes.writeTo(out);
            return file.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e); // memory does not fail
        }
    }
}
