// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import static dev.contrail.tracer.event.CodeWriter.AASTORE;
import static dev.contrail.tracer.event.CodeWriter.ALOAD;
import static dev.contrail.tracer.event.CodeWriter.ASTORE;
import static dev.contrail.tracer.event.CodeWriter.DUP;
import static dev.contrail.tracer.event.CodeWriter.GETFIELD;
import static dev.contrail.tracer.event.CodeWriter.GETSTATIC;
import static dev.contrail.tracer.event.CodeWriter.GOTO;
import static dev.contrail.tracer.event.CodeWriter.IADD;
import static dev.contrail.tracer.event.CodeWriter.ICONST_0;
import static dev.contrail.tracer.event.CodeWriter.IFLT;
import static dev.contrail.tracer.event.CodeWriter.IFNULL;
import static dev.contrail.tracer.event.CodeWriter.IF_ICMPGT;
import static dev.contrail.tracer.event.CodeWriter.ILOAD;
import static dev.contrail.tracer.event.CodeWriter.INVOKESTATIC;
import static dev.contrail.tracer.event.CodeWriter.INVOKEVIRTUAL;
import static dev.contrail.tracer.event.CodeWriter.ISTORE;
import static dev.contrail.tracer.event.CodeWriter.LADD;
import static dev.contrail.tracer.event.CodeWriter.LCONST_1;
import static dev.contrail.tracer.event.CodeWriter.POP;
import static dev.contrail.tracer.event.CodeWriter.PUTFIELD;
import static dev.contrail.tracer.event.CodeWriter.PUTSTATIC;
import static dev.contrail.tracer.event.CodeWriter.RETURN;

import dev.contrail.tracer.event.CodeWriter.Label;
import dev.contrail.tracer.event.CodeWriter.Type;
import dev.contrail.tracer.ring.Cell;
import dev.contrail.tracer.ring.Memory;
import dev.contrail.tracer.ring.Text;
import dev.contrail.tracer.ring.WriterPool;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

/// Writes the class file that implements an event interface. For each event it holds
///
/// ```java
/// private static final EventPoint POINT0 = EventClasses.point(17);
///
/// public void paid(long id, String currency) {
///     Target target = POINT0.target;
///     try {
///         for (; target != null; target = target.next) record0(target, id, currency);
///     } catch (Throwable e) { // also before the loop
///         for (; target != null; target = target.next) target.pool.unheldLost++; // no call
///     }
/// }
///
/// private static void record0(Target target, long id, String currency) {
///     int at = 20 + Text.room(currency);
///     if (at > Text.ROOM_LIMIT) goto encode;
///     Cell cell = target.begin(at);
///     if (cell == null) return;
///     try {
///         at = target.header(cell);
///         Memory.putLong(at + 12, id);
///         at = Text.put(at + 20, currency);
///         if (at < 0) { // not plain ASCII
///             cell.abandon();
///             encode: try {
///                 POINT0.recordEncoded(target, new Object[] {id, currency});
///             } catch (Throwable e) {
///                 target.countLost();
///             }
///             return;
///         }
///         cell.end(at);
///     } catch (Throwable e) {
///         cell.failed++; // no call: there may be no stack for one
///         cell.limit = 0;
///         cell.inside = false;
///         cell.lock = 0;
///     }
/// }
/// ```
final class ImplementationWriter {
    private static final int RECORD_HEADER = 12;

    /// Locals behind the parameters: position, cell. The operand stack is deepest while arguments
    /// are boxed, or where all are passed on.
    private static final int EXTRA_LOCALS = 2;

    private static final int EXTRA_STACK = 10;

    private static final String OBJECT = "java/lang/Object";
    private static final String THROWABLE = "java/lang/Throwable";
    private static final String POINT = internalName(EventPoint.class);
    private static final String TARGET = internalName(Target.class);
    private static final String POOL = internalName(WriterPool.class);
    private static final String CELL = internalName(Cell.class);
    private static final String MEMORY = internalName(Memory.class);
    private static final String TEXT = internalName(Text.class);

    /// One method of the interface and its event class; without one it does nothing.
    record Event(
            String methodName, List<Class<?>> parameters, Class<?> returns, EventPoint point) {}

    private final GeneratedClass made;
    private final String className;
    private final List<Event> events;

    /// @param interfaceName null for a class that has the methods only
    ImplementationWriter(String className, String interfaceName, List<Event> events) {
        this.made =
                new GeneratedClass(GeneratedClass.FINAL_SUPER_SYNTHETIC, className, interfaceName);
        this.className = className;
        this.events = events;
    }

    static String internalName(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    byte[] write() {
        writeInitializer();
        made.constructor();
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).point == null) {
                writeNothing(events.get(i));
                continue;
            }
            made.field(GeneratedClass.PRIVATE_STATIC_FINAL, "POINT" + i, "L" + POINT + ";");
            writeEvent(i);
            writeRecord(i);
        }
        return made.file();
    }

    private void writeInitializer() {
        CodeWriter code = made.code();
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).point == null) continue;
            code.push(events.get(i).point.classId());
            code.call(
                    INVOKESTATIC, internalName(EventClasses.class), "point", "(I)L" + POINT + ";");
            code.field(PUTSTATIC, className, "POINT" + i, "L" + POINT + ";");
        }
        made.initializer(code, 1);
    }

    private void writeNothing(Event event) {
        int locals = 1;
        for (Class<?> type : event.parameters) locals += slots(type);
        CodeWriter code = made.code().returnZero(event.returns);
        String type =
                MethodType.methodType(event.returns, event.parameters).toMethodDescriptorString();
        made.method(GeneratedClass.PUBLIC, event.methodName, type, code, 2, locals);
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
        int target = 1;
        for (Class<?> type : event.parameters) {
            locals.add(verificationType(type));
            target += slots(type);
        }
        List<Type> inLoop = new ArrayList<>(locals);
        inLoop.add(Type.object(TARGET));
        pushTarget(code, index).local(ASTORE, target).handle(0, atEntry);
        int loopFrom = code.position();
        code.place(loop, inLoop, List.of()).local(ALOAD, target).jump(IFNULL, end);
        code.local(ALOAD, target);
        int next = 1;
        for (Class<?> type : event.parameters) {
            code.local(load(type), next);
            next += slots(type);
        }
        code.call(INVOKESTATIC, className, "record" + index, recordDescriptor(event));
        next(code, target).jump(GOTO, loop);
        // A fault in the ring's memory may show at the return, or while it is counted.
        code.place(end, inLoop, List.of()).op(RETURN).handle(loopFrom, failed);
        code.place(atEntry, locals, List.of(Type.object(THROWABLE))).op(POP);
        pushTarget(code, index).local(ASTORE, target).jump(GOTO, count);
        code.place(failed, inLoop, List.of(Type.object(THROWABLE))).op(POP);
        int countFrom = code.position();
        code.place(count, inLoop, List.of()).local(ALOAD, target).jump(IFNULL, end);
        code.local(ALOAD, target).field(GETFIELD, TARGET, "pool", "L" + POOL + ";").op(DUP);
        code.field(GETFIELD, POOL, "unheldLost", "J").op(LCONST_1).op(LADD);
        code.field(PUTFIELD, POOL, "unheldLost", "J");
        next(code, target).jump(GOTO, count).handle(countFrom, failed);
        made.method(
                GeneratedClass.PUBLIC,
                event.methodName,
                descriptor(event),
                code,
                next + EXTRA_STACK,
                next + 1);
    }

    private void writeRecord(int index) {
        Event event = events.get(index);
        CodeWriter code = made.code();
        List<Type> arguments = new ArrayList<>();
        arguments.add(Type.object(TARGET));
        int at = 1;
        for (Class<?> type : event.parameters) {
            arguments.add(verificationType(type));
            at += slots(type);
        }
        int cell = at + 1;
        List<Type> withCell = new ArrayList<>(arguments);
        withCell.add(Type.INTEGER);
        withCell.add(Type.object(CELL));
        Label end = new Label();
        Label failed = new Label();
        Label encode = new Label();
        Label encodeFirst = new Label();
        boolean hasText = event.parameters.contains(String.class);

        writeNeed(code, event);
        code.local(ISTORE, at);
        if (hasText) code.local(ILOAD, at).push(Text.ROOM_LIMIT).jump(IF_ICMPGT, encodeFirst);
        code.local(ALOAD, 0).local(ILOAD, at);
        code.call(INVOKEVIRTUAL, TARGET, "begin", "(I)L" + CELL + ";").local(ASTORE, cell);
        code.local(ALOAD, cell).jump(IFNULL, end);
        int tryFrom = code.position();
        code.local(ALOAD, 0).local(ALOAD, cell);
        code.call(INVOKEVIRTUAL, TARGET, "header", "(L" + CELL + ";)I").local(ISTORE, at);
        int offset = writeFields(code, event, at, encode);
        code.local(ALOAD, cell).local(ILOAD, at).push(offset).op(IADD);
        code.call(INVOKEVIRTUAL, CELL, "end", "(I)V");
        code.handle(tryFrom, failed).op(RETURN);
        code.place(failed, withCell, List.of(Type.object(THROWABLE))).op(POP);
        code.local(ALOAD, cell).op(DUP).field(GETFIELD, CELL, "failed", "J");
        code.op(LCONST_1).op(LADD).field(PUTFIELD, CELL, "failed", "J");
        code.local(ALOAD, cell).op(ICONST_0).field(PUTFIELD, CELL, "limit", "I");
        code.local(ALOAD, cell).op(ICONST_0).field(PUTFIELD, CELL, "inside", "Z");
        code.local(ALOAD, cell).op(ICONST_0).field(PUTFIELD, CELL, "lock", "I");
        code.op(RETURN);
        if (hasText) {
            code.place(encode, withCell, List.of());
            int abandonFrom = code.position();
            code.local(ALOAD, cell).call(INVOKEVIRTUAL, CELL, "abandon", "()V");
            code.handle(abandonFrom, failed);
            code.place(encodeFirst, arguments, List.of());
            int encodeFrom = code.position();
            pushPoint(code, index).local(ALOAD, 0);
            writeBoxed(code, event);
            code.call(
                    INVOKEVIRTUAL, POINT, "recordEncoded", "(L" + TARGET + ";[L" + OBJECT + ";)V");
            Label lost = new Label();
            code.handle(encodeFrom, lost).op(RETURN);
            code.place(lost, arguments, List.of(Type.object(THROWABLE))).op(POP);
            code.local(ALOAD, 0).call(INVOKEVIRTUAL, TARGET, "countLost", "()V").op(RETURN);
        }
        code.place(end, arguments, List.of()).op(RETURN);
        made.method(
                GeneratedClass.PRIVATE_STATIC,
                "record" + index,
                recordDescriptor(event),
                code,
                at + EXTRA_STACK,
                at + EXTRA_LOCALS);
    }

    private static void writeNeed(CodeWriter code, Event event) {
        int fixed = RECORD_HEADER;
        for (Class<?> type : event.parameters) fixed += EventSignature.typeOf(type).sizeBytes();
        code.push(fixed);
        int local = 1;
        for (Class<?> type : event.parameters) {
            if (type == String.class) {
                code.local(ALOAD, local).call(INVOKESTATIC, TEXT, "room", "(Ljava/lang/String;)I");
                code.op(IADD);
            }
            local += slots(type);
        }
    }

    /// Leaves in `at` the position behind the last string.
    ///
    /// @return how far behind it the record ends
    private static int writeFields(CodeWriter code, Event event, int at, Label encode) {
        int offset = RECORD_HEADER;
        int local = 1;
        for (Class<?> type : event.parameters) {
            code.local(ILOAD, at).push(offset).op(IADD).local(load(type), local);
            local += slots(type);
            if (type == String.class) {
                code.call(INVOKESTATIC, TEXT, "put", "(ILjava/lang/String;)I").local(ISTORE, at);
                code.local(ILOAD, at).jump(IFLT, encode);
                offset = 0;
                continue;
            }
            int size = EventSignature.typeOf(type).sizeBytes();
            if (type == float.class)
                code.call(INVOKESTATIC, "java/lang/Float", "floatToRawIntBits", "(F)I");
            if (type == double.class)
                code.call(INVOKESTATIC, "java/lang/Double", "doubleToRawLongBits", "(D)J");
            if (type == char.class) code.op(CodeWriter.I2S);
            if (size == 1) code.call(INVOKESTATIC, MEMORY, "putByte", "(IB)V");
            if (size == 2) code.call(INVOKESTATIC, MEMORY, "putShort", "(IS)V");
            if (size == 4) code.call(INVOKESTATIC, MEMORY, "putInt", "(II)V");
            if (size == 8) code.call(INVOKESTATIC, MEMORY, "putLong", "(IJ)V");
            offset += size;
        }
        return offset;
    }

    private static void writeBoxed(CodeWriter code, Event event) {
        code.push(event.parameters.size()).newArray(OBJECT);
        int local = 1;
        for (int i = 0; i < event.parameters.size(); i++) {
            Class<?> type = event.parameters.get(i);
            code.op(DUP).push(i).local(load(type), local);
            if (type.isPrimitive()) {
                Class<?> box = MethodType.methodType(type).wrap().returnType();
                String boxing = MethodType.methodType(box, type).toMethodDescriptorString();
                code.call(INVOKESTATIC, internalName(box), "valueOf", boxing);
            }
            code.op(AASTORE);
            local += slots(type);
        }
    }

    private static String descriptor(Event event) {
        return MethodType.methodType(void.class, event.parameters).toMethodDescriptorString();
    }

    private static String recordDescriptor(Event event) {
        return "(L" + TARGET + ";" + descriptor(event).substring(1);
    }

    static int slots(Class<?> type) {
        return type == long.class || type == double.class ? 2 : 1;
    }

    static int load(Class<?> type) {
        if (type == long.class) return CodeWriter.LLOAD;
        if (type == float.class) return CodeWriter.FLOAD;
        if (type == double.class) return CodeWriter.DLOAD;
        return type == String.class ? ALOAD : ILOAD;
    }

    static Type verificationType(Class<?> type) {
        if (type == long.class) return Type.LONG;
        if (type == float.class) return Type.FLOAT;
        if (type == double.class) return Type.DOUBLE;
        return type == String.class ? Type.object("java/lang/String") : Type.INTEGER;
    }
}
