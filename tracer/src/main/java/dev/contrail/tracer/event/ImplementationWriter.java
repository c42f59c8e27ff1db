// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import static dev.contrail.tracer.code.CodeWriter.ALOAD;
import static dev.contrail.tracer.code.CodeWriter.ASTORE;
import static dev.contrail.tracer.code.CodeWriter.DUP;
import static dev.contrail.tracer.code.CodeWriter.GETFIELD;
import static dev.contrail.tracer.code.CodeWriter.GETSTATIC;
import static dev.contrail.tracer.code.CodeWriter.GOTO;
import static dev.contrail.tracer.code.CodeWriter.IFEQ;
import static dev.contrail.tracer.code.CodeWriter.IFNULL;
import static dev.contrail.tracer.code.CodeWriter.INVOKESTATIC;
import static dev.contrail.tracer.code.CodeWriter.LADD;
import static dev.contrail.tracer.code.CodeWriter.LCONST_1;
import static dev.contrail.tracer.code.CodeWriter.POP;
import static dev.contrail.tracer.code.CodeWriter.PUTFIELD;
import static dev.contrail.tracer.code.CodeWriter.PUTSTATIC;
import static dev.contrail.tracer.code.CodeWriter.RETURN;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.CodeWriter.Label;
import dev.contrail.tracer.code.CodeWriter.Type;
import dev.contrail.tracer.code.GeneratedClass;
import dev.contrail.tracer.event.RecordWriter.Event;
import dev.contrail.tracer.ring.write.WriterPool;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the class file that implements an event interface. For each event it holds
///
/// ```java
/// private static final EventPoint POINT0 = EventClasses.point(17);
///
/// public void paid(long id, String currency) {
///     Target target = POINT0.target;
///     try {
///         for (; target != null; target = target.next)
///             if (target.filter == null || accepts0(target, id, currency))
///                 record0(target, id, currency);
///     } catch (Throwable e) { // also before the loop
///         for (; target != null; target = target.next) target.pool.unheldLost++; // no call
///     }
/// }
/// ```
///
/// ```java
/// private static boolean accepts0(Target target, long id, String currency) {
///     return ((TargetFilter$$JT) target.filter).accepts(id, currency); // see FilterCompiler
/// }
/// ```
///
/// and what [RecordWriter] writes. A method whose first parameter is a [Target] has no point: it
/// records in the targets that it is given ([Bridge]).
final class ImplementationWriter {
    /// What calls, and the count of an event that has failed, have on the operand stack beside the
    /// fields.
    private static final int EXTRA_STACK = 10;

    private static final String THROWABLE = "java/lang/Throwable";
    private static final String POINT = CodeWriter.internalName(EventPoint.class);
    private static final String TARGET = CodeWriter.internalName(Target.class);
    private static final String FILTER = CodeWriter.internalName(TargetFilter.class);
    private static final String POOL = CodeWriter.internalName(WriterPool.class);

    private final GeneratedClass made;
    private final String className;
    private final List<Event> events;

    /// @param interfaceName null for a class that has the methods only
    ImplementationWriter(String className, @Nullable String interfaceName, List<Event> events) {
        this.made =
                new GeneratedClass(GeneratedClass.FINAL_SUPER_SYNTHETIC, className, interfaceName);
        this.className = className;
        this.events = events;
    }

    byte[] write() {
        writeInitializer();
        made.constructor();
        RecordWriter records = new RecordWriter(made);
        boolean hasText = false;
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            if (event.point() == null && !event.isBridge()) {
                writeNothing(event);
                continue;
            }
            if (event.point() != null) {
                made.field(GeneratedClass.PRIVATE_STATIC_FINAL, "POINT" + i, "L" + POINT + ";");
            }
            writeEvent(i);
            FilterWriter.writeCall(made, acceptsName(i), event.fields());
            records.write(event, i);
            hasText |= event.parameters().contains(String.class);
        }
        if (hasText) {
            records.writeEncoded();
        }
        return made.file();
    }

    @SuppressWarnings("NullAway") // what has no point is left out
    private void writeInitializer() {
        CodeWriter code = made.code();
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).point() == null) {
                continue;
            }
            code.push(events.get(i).point().classId());
            code.call(
                    INVOKESTATIC,
                    CodeWriter.internalName(EventClasses.class),
                    "point",
                    "(I)L" + POINT + ";");
            code.field(PUTSTATIC, className, "POINT" + i, "L" + POINT + ";");
        }
        made.initializer(code, 1);
    }

    private void writeNothing(Event event) {
        int locals = 1;
        for (Class<?> type : event.parameters()) {
            locals += CodeWriter.slots(type);
        }
        CodeWriter code = made.code().returnZero(event.returns());
        String type =
                MethodType.methodType(event.returns(), event.parameters())
                        .toMethodDescriptorString();
        made.method(GeneratedClass.PUBLIC, event.methodName(), type, code, 2, locals);
    }

    private CodeWriter pushPoint(CodeWriter code, int index) {
        return code.field(GETSTATIC, className, "POINT" + index, "L" + POINT + ";");
    }

    private CodeWriter pushTarget(CodeWriter code, int index) {
        return pushPoint(code, index).field(GETFIELD, POINT, "target", "L" + TARGET + ";");
    }

    private static CodeWriter next(CodeWriter code, int target) {
        code.local(ALOAD, target).field(GETFIELD, TARGET, "next", "L" + TARGET + ";");
        return code.local(ASTORE, target);
    }

    /// The target and the fields.
    private static void pushArguments(CodeWriter code, Event event, int target) {
        code.local(ALOAD, target);
        int field = event.isBridge() ? 2 : 1;
        for (Class<?> type : event.fields()) {
            code.local(CodeWriter.load(type), field);
            field += CodeWriter.slots(type);
        }
    }

    private static String acceptsName(int index) {
        return "accepts" + index;
    }

    private void writeEvent(int index) {
        Event event = events.get(index);
        CodeWriter code = made.code();
        Label loop = new Label();
        Label end = new Label();
        Label atEntry = new Label();
        Label failed = new Label();
        Label count = new Label();
        List<Type> locals = new ArrayList<>();
        locals.add(Type.object(className));
        int next = 1;
        for (Class<?> type : event.parameters()) {
            locals.add(Type.of(type));
            next += CodeWriter.slots(type);
        }
        int target = event.isBridge() ? 1 : next;
        List<Type> inLoop = new ArrayList<>(locals);
        if (!event.isBridge()) {
            inLoop.add(Type.object(TARGET));
            pushTarget(code, index).local(ASTORE, target).handle(0, atEntry);
        }
        int loopFrom = code.position();
        code.place(loop, inLoop, List.of()).local(ALOAD, target).jump(IFNULL, end);
        Label rejected = new Label();
        Label accepted = new Label();
        code.local(ALOAD, target).field(GETFIELD, TARGET, "filter", "L" + FILTER + ";");
        code.jump(IFNULL, accepted);
        pushArguments(code, event, target);
        code.call(
                INVOKESTATIC, className, acceptsName(index), FilterWriter.callType(event.fields()));
        code.jump(IFEQ, rejected).place(accepted, inLoop, List.of());
        pushArguments(code, event, target);
        String record = RecordWriter.descriptor(event);
        code.call(INVOKESTATIC, className, RecordWriter.name(index), record);
        code.place(rejected, inLoop, List.of());
        next(code, target).jump(GOTO, loop);
        // A fault in the ring's memory may show at the return, or while it is counted.
        code.place(end, inLoop, List.of()).op(RETURN).handle(loopFrom, failed);
        if (!event.isBridge()) {
            code.place(atEntry, locals, List.of(Type.object(THROWABLE))).op(POP);
            pushTarget(code, index).local(ASTORE, target).jump(GOTO, count);
        }
        code.place(failed, inLoop, List.of(Type.object(THROWABLE))).op(POP);
        int countFrom = code.position();
        code.place(count, inLoop, List.of()).local(ALOAD, target).jump(IFNULL, end);
        code.local(ALOAD, target).field(GETFIELD, TARGET, "pool", "L" + POOL + ";").op(DUP);
        code.field(GETFIELD, POOL, "unheldLost", "J").op(LCONST_1).op(LADD);
        code.field(PUTFIELD, POOL, "unheldLost", "J");
        next(code, target).jump(GOTO, count).handle(countFrom, failed);
        made.method(
                GeneratedClass.PUBLIC,
                event.methodName(),
                MethodType.methodType(void.class, event.parameters()).toMethodDescriptorString(),
                code,
                next + EXTRA_STACK,
                next + 1);
    }
}
