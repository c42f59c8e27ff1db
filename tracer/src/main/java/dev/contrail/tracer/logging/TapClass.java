// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.CodeWriter;
import dev.contrail.tracer.event.CodeWriter.Label;
import dev.contrail.tracer.event.CodeWriter.Type;
import dev.contrail.tracer.event.GeneratedClass;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The class that instrumented loggers call. It lies in the package `java.util.logging`, because
/// that is the one place which every class that logs can see, whatever its loader and module:
///
/// ```java
/// public final class ContrailTap {
///     public static volatile Consumer target;
///     public static long failed;
///
///     public static void record(Object record) {
///         try {
///             Consumer to = target;
///             if (to != null) to.accept(record);
///         } catch (Throwable e) {
///             failed++; // no stack was left for the call
///         }
///     }
/// }
/// ```
///
/// It is all that stays in the JVM when nobody wants log records any more.
final class TapClass {
    static final String NAME = "java/util/logging/ContrailTap";
    static final String METHOD = "record";
    static final String DESCRIPTOR = "(Ljava/lang/Object;)V";
    private static final int PUBLIC_FINAL_SUPER = 0x31;
    private static final int PUBLIC_STATIC_VOLATILE = 0x49;
    private static final int PUBLIC_STATIC = 9;
    private static final String FAILED = "failed";
    private static final String CONSUMER = "java/util/function/Consumer";

    /// Null while there is no such class, and where it is an older tracer's.
    private static volatile @Nullable VarHandle failed;

    private TapClass() {}

    /// Where the records go; null: nowhere. Makes the class the first time. Initialises nothing of
    /// `java.util.logging`.
    static void send(Instrumentation agent, @Nullable Consumer<Object> target)
            throws ReflectiveOperationException, IOException {
        Class<?> tap = find(agent);
        tap.getField("target").set(null, target);
        try {
            failed = MethodHandles.publicLookup().findStaticVarHandle(tap, FAILED, long.class);
        } catch (NoSuchFieldException e) {
            failed = null;
        }
    }

    /// Records that could not be given to the target, so far. Racy, as `unheldLost` of a pool.
    static long failed() {
        VarHandle count = failed;
        return count == null ? 0 : (long) count.getOpaque();
    }

    private static Class<?> find(Instrumentation agent)
            throws ReflectiveOperationException, IOException {
        String name = NAME.replace('/', '.');
        try {
            return Class.forName(name, true, null);
        } catch (ClassNotFoundException e) {
            Class<?> neighbour = Class.forName("java.util.logging.Filter", false, null);
            PrivateLookup.into(agent, neighbour).defineClass(file());
            return Class.forName(name, true, null);
        }
    }

    private static byte[] file() {
        GeneratedClass made = new GeneratedClass(PUBLIC_FINAL_SUPER, NAME, null);
        made.field(PUBLIC_STATIC_VOLATILE, "target", "L" + CONSUMER + ";");
        made.field(PUBLIC_STATIC, FAILED, "J");
        CodeWriter code = made.code();
        Label end = new Label();
        Label caught = new Label();
        code.field(CodeWriter.GETSTATIC, NAME, "target", "L" + CONSUMER + ";");
        code.local(CodeWriter.ASTORE, 1).local(CodeWriter.ALOAD, 1).jump(CodeWriter.IFNULL, end);
        code.local(CodeWriter.ALOAD, 1).local(CodeWriter.ALOAD, 0);
        code.callInterface(CONSUMER, "accept", DESCRIPTOR, 2).handle(0, caught);
        Type record = Type.object("java/lang/Object");
        List<Type> locals = List.of(record, Type.object(CONSUMER));
        code.place(end, locals, List.of()).op(CodeWriter.RETURN);
        List<Type> stack = List.of(Type.object("java/lang/Throwable"));
        code.place(caught, List.of(record), stack).op(CodeWriter.POP);
        code.field(CodeWriter.GETSTATIC, NAME, FAILED, "J");
        code.op(CodeWriter.LCONST_1).op(CodeWriter.LADD);
        code.field(CodeWriter.PUTSTATIC, NAME, FAILED, "J").op(CodeWriter.RETURN);
        made.method(PUBLIC_STATIC, METHOD, DESCRIPTOR, code, 4, 2);
        return made.file();
    }
}
