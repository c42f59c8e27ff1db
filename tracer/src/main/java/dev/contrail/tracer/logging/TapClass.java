// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.event.CodeWriter.Label;
import dev.contrail.tracer.event.CodeWriter.Type;
import dev.contrail.tracer.event.CodeWriter;
import dev.contrail.tracer.event.GeneratedClass;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.function.Consumer;

/// The class that instrumented loggers call. It lies in the package `java.util.logging`, because
/// that is the one place which every class that logs can see, whatever its loader and module:
///
/// ```java
/// public final class ContrailTap {
///     public static volatile Consumer target;
///
///     public static void record(Object record) {
///         Consumer to = target;
///         if (to != null) to.accept(record);
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
    private static final String CONSUMER = "java/util/function/Consumer";

    private TapClass() {}

    /// Where the records go; null: nowhere. Makes the class the first time. Initialises nothing of
    /// `java.util.logging`.
    static void send(Instrumentation agent, Consumer<Object> target)
            throws ReflectiveOperationException, IOException {
        find(agent).getField("target").set(null, target);
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
        CodeWriter code = made.code();
        Label end = new Label();
        code.field(CodeWriter.GETSTATIC, NAME, "target", "L" + CONSUMER + ";");
        code.local(CodeWriter.ASTORE, 1).local(CodeWriter.ALOAD, 1).jump(CodeWriter.IFNULL, end);
        code.local(CodeWriter.ALOAD, 1).local(CodeWriter.ALOAD, 0);
        code.callInterface(CONSUMER, "accept", DESCRIPTOR, 2);
        List<Type> locals = List.of(Type.object("java/lang/Object"), Type.object(CONSUMER));
        code.place(end, locals, List.of()).op(CodeWriter.RETURN);
        made.method(PUBLIC_STATIC, METHOD, DESCRIPTOR, code, 2, 2);
        return made.file();
    }
}
