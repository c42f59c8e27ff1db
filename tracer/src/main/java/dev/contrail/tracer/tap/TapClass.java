// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.CodeWriter.Label;
import dev.contrail.tracer.code.CodeWriter.Type;
import dev.contrail.tracer.code.GeneratedClass;
import dev.contrail.tracer.code.PrivateLookup;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A class that instrumented loggers call. It lies in a package of the JDK, because those are what
/// every class that logs can see, whatever its loader and module:
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
/// With two arguments the target is a `BiConsumer`, with a number an `IntConsumer`. Such a class is
/// all that stays in the JVM when nobody wants log records any more.
public final class TapClass {
    /// Of `java.util.logging`: takes the record.
    public static final TapClass JUL =
            new TapClass("java/util/logging/ContrailTap", "java.util.logging.Filter", 1);

    /// Takes the event.
    public static final TapClass LOGBACK = beside("ContrailLogbackTap", 1);

    /// Takes the logger's configuration and the event that it is given.
    public static final TapClass LOG4J_OFFERED = beside("ContrailLog4jOfferTap", 2);

    /// Takes an event that has passed a configuration's filter, and the configuration.
    public static final TapClass LOG4J_PASSED = beside("ContrailLog4jPassTap", 2);

    /// Takes an exception that nobody has caught.
    static final TapClass UNCAUGHT = beside("ContrailUncaughtTap", 1);

    /// Takes an error of the JVM's that has just been made.
    static final TapClass ERROR = beside("ContrailErrorTap", 1);

    /// Takes a virtual thread that is put into its scheduler's queue.
    static final TapClass SUBMIT = beside("ContrailSubmitTap", 1);

    /// Takes a virtual thread that the calling carrier is about to run.
    static final TapClass MOUNT = beside("ContrailMountTap", 1);

    /// Takes a virtual thread that the calling carrier has run.
    static final TapClass UNMOUNT = beside("ContrailUnmountTap", 1);

    /// Takes the status that the program exits with.
    static final TapClass EXIT = withNumber("ContrailExitTap");

    /// Takes the status that the program halts with.
    static final TapClass HALT = withNumber("ContrailHaltTap");

    static final String METHOD = "record";
    private static final int PUBLIC_FINAL_SUPER = 0x31;
    private static final int PUBLIC_STATIC_VOLATILE = 0x49;
    private static final int PUBLIC_STATIC = 9;
    private static final String FAILED = "failed";
    private static final String OBJECT = "java/lang/Object";
    private static final String ANY_OBJECT = "L" + OBJECT + ";";
    private static final String NUMBER = "I";

    private final String name;
    private final String neighbour;
    private final int arguments;

    /// The type of each argument.
    private final String type;

    /// Null while there is no such class, and where it is an older tracer's.
    private volatile @Nullable VarHandle failed;

    private TapClass(String name, String neighbour, int arguments) {
        this(name, neighbour, arguments, ANY_OBJECT);
    }

    private TapClass(String name, String neighbour, int arguments, String type) {
        this.name = name;
        this.neighbour = neighbour;
        this.arguments = arguments;
        this.type = type;
    }

    /// In the one package that no run-time image lacks.
    ///
    /// @param arguments one or two
    public static TapClass beside(String simpleName, int arguments) {
        return new TapClass("java/lang/" + simpleName, "java.lang.Object", arguments);
    }

    private static TapClass withNumber(String simpleName) {
        return new TapClass("java/lang/" + simpleName, "java.lang.Object", 1, NUMBER);
    }

    String name() {
        return name;
    }

    String descriptor() {
        return "(" + type.repeat(arguments) + ")V";
    }

    private String consumer() {
        String one = type.equals(NUMBER) ? "IntConsumer" : "Consumer";
        return "java/util/function/" + (arguments == 1 ? one : "BiConsumer");
    }

    /// Where the records go; null: nowhere. Makes the class the first time. Initialises nothing of
    /// `java.util.logging`.
    public void send(Instrumentation agent, @Nullable Object target)
            throws ReflectiveOperationException, IOException {
        Class<?> tap = PrivateLookup.findOrDefine(agent, neighbour, name, this::file);
        tap.getField("target").set(null, target);
        try {
            failed = MethodHandles.publicLookup().findStaticVarHandle(tap, FAILED, long.class);
        } catch (NoSuchFieldException e) {
            failed = null;
        }
    }

    /// Records that could not be given to the target, so far. Racy, as `unheldLost` of a pool.
    long failed() {
        VarHandle count = failed;
        return count == null ? 0 : (long) count.getOpaque();
    }

    private byte[] file() {
        GeneratedClass made = new GeneratedClass(PUBLIC_FINAL_SUPER, name, null);
        String target = "L" + consumer() + ";";
        made.field(PUBLIC_STATIC_VOLATILE, "target", target);
        made.field(PUBLIC_STATIC, FAILED, "J");
        CodeWriter code = made.code();
        Label end = new Label();
        Label caught = new Label();
        code.field(CodeWriter.GETSTATIC, name, "target", target);
        code.local(CodeWriter.ASTORE, arguments).local(CodeWriter.ALOAD, arguments);
        code.jump(CodeWriter.IFNULL, end).local(CodeWriter.ALOAD, arguments);
        for (int i = 0; i < arguments; i++) {
            code.local(type.equals(NUMBER) ? CodeWriter.ILOAD : CodeWriter.ALOAD, i);
        }
        code.callInterface(consumer(), "accept", descriptor(), 1 + arguments).handle(0, caught);
        Type each = type.equals(NUMBER) ? Type.INTEGER : Type.object(OBJECT);
        List<Type> given = arguments == 1 ? List.of(each) : List.of(each, each);
        List<Type> locals = new ArrayList<>(given);
        locals.add(Type.object(consumer()));
        code.place(end, locals, List.of()).op(CodeWriter.RETURN);
        List<Type> stack = List.of(Type.object("java/lang/Throwable"));
        code.place(caught, given, stack).op(CodeWriter.POP);
        code.field(CodeWriter.GETSTATIC, name, FAILED, "J");
        code.op(CodeWriter.LCONST_1).op(CodeWriter.LADD);
        code.field(CodeWriter.PUTSTATIC, name, FAILED, "J").op(CodeWriter.RETURN);
        made.method(PUBLIC_STATIC, METHOD, descriptor(), code, 4, arguments + 1);
        return made.file();
    }
}
