// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.GeneratedClass;
import java.lang.invoke.MethodHandles;

/// What later JDKs than 17 say of a thread, asked by a class that is made for the JDK that we run
/// on. A method handle would do, but its first uses, and its 128th, load classes of the JDK, and
/// what comes before the guard of an event must not: see [Cell].
abstract class JvmThreads {
    private static final String THREAD = CodeWriter.internalName(Thread.class);

    /// Whether a program's threads can say that they have another id: before JDK 19.
    static final boolean IS_ID_THEIRS = !has("threadId");

    static final JvmThreads HERE = make();

    /// `Thread.threadId`, or `Thread.getId` where there is no such method.
    abstract long id(Thread thread);

    /// `Thread.isVirtual`, or false where there is no such method.
    abstract boolean isVirtual(Thread thread);

    private static boolean has(String method) {
        try {
            Thread.class.getMethod(method);
            return true;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    private static JvmThreads make() {
        GeneratedClass made =
                new GeneratedClass(
                        GeneratedClass.FINAL_SUPER_SYNTHETIC,
                        GeneratedClass.nameBeside(JvmThreads.class),
                        CodeWriter.internalName(JvmThreads.class),
                        null);
        made.constructor();
        CodeWriter id = made.code().local(CodeWriter.ALOAD, 1);
        id.call(CodeWriter.INVOKEVIRTUAL, THREAD, IS_ID_THEIRS ? "getId" : "threadId", "()J");
        made.method(0, "id", "(L" + THREAD + ";)J", id.op(CodeWriter.LRETURN), 2, 2);
        CodeWriter isVirtual = made.code();
        if (has("isVirtual")) {
            isVirtual.local(CodeWriter.ALOAD, 1);
            isVirtual.call(CodeWriter.INVOKEVIRTUAL, THREAD, "isVirtual", "()Z");
        } else {
            isVirtual.op(CodeWriter.ICONST_0);
        }
        made.method(0, "isVirtual", "(L" + THREAD + ";)Z", isVirtual.op(CodeWriter.IRETURN), 1, 2);
        try {
            Class<?> type =
                    MethodHandles.lookup().defineHiddenClass(made.file(), true).lookupClass();
            return (JvmThreads) type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
