// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import static dev.contrail.tracer.code.CodeWriter.AASTORE;
import static dev.contrail.tracer.code.CodeWriter.ALOAD;
import static dev.contrail.tracer.code.CodeWriter.ASTORE;
import static dev.contrail.tracer.code.CodeWriter.DUP;
import static dev.contrail.tracer.code.CodeWriter.GETFIELD;
import static dev.contrail.tracer.code.CodeWriter.IADD;
import static dev.contrail.tracer.code.CodeWriter.ICONST_0;
import static dev.contrail.tracer.code.CodeWriter.IFLT;
import static dev.contrail.tracer.code.CodeWriter.IFNULL;
import static dev.contrail.tracer.code.CodeWriter.IF_ICMPGT;
import static dev.contrail.tracer.code.CodeWriter.ILOAD;
import static dev.contrail.tracer.code.CodeWriter.INVOKESTATIC;
import static dev.contrail.tracer.code.CodeWriter.INVOKEVIRTUAL;
import static dev.contrail.tracer.code.CodeWriter.ISTORE;
import static dev.contrail.tracer.code.CodeWriter.LADD;
import static dev.contrail.tracer.code.CodeWriter.LCONST_0;
import static dev.contrail.tracer.code.CodeWriter.LCONST_1;
import static dev.contrail.tracer.code.CodeWriter.LLOAD;
import static dev.contrail.tracer.code.CodeWriter.LRETURN;
import static dev.contrail.tracer.code.CodeWriter.LSTORE;
import static dev.contrail.tracer.code.CodeWriter.LSUB;
import static dev.contrail.tracer.code.CodeWriter.POP;
import static dev.contrail.tracer.code.CodeWriter.PUTFIELD;
import static dev.contrail.tracer.code.CodeWriter.RETURN;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.CodeWriter.Label;
import dev.contrail.tracer.code.CodeWriter.Type;
import dev.contrail.tracer.code.GeneratedClass;
import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.ring.write.Cell;
import dev.contrail.tracer.ring.write.Memory;
import dev.contrail.tracer.ring.write.OwnCode;
import dev.contrail.tracer.ring.write.Text;
import dev.contrail.tracer.ring.write.ThreadSlot;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the methods of generated classes that write records, in the steps that [Cell] tells: the
/// only code that does. For each event
///
/// ```java
/// private static void record0(Target target, long id, String currency) {
///     Object[] values;
///     int at = 0;
///     Cell cell = target.take(); // the guard, before anything else
///     if (cell == null) return;
///     try {
///         at = 8 + Text.room(currency);
///         if (at > Text.ROOM_LIMIT) goto encode;
///         at = target.open(cell, at);
///         if (at < 0) return;
///         Memory.putLong(at, id);
///         at = Text.put(at + 8, currency);
///         if (at < 0) goto encode; // not plain ASCII
///         cell.end(at);
///         return;
///         encode:
///         values = new Object[] {id, currency};
///         cell.abandon();
///     } catch (Throwable e) {
///         cell.failed++; // no call: there may be no stack for one
///         cell.limit = 0;
///         cell.inside = false;
///         cell.slot.isInside = cell.wasInside;
///         cell.lock = 0;
///         return;
///     }
///     recordEncoded(target, values);
/// }
/// ```
///
/// (a probe's begins with `target.take(slot)`, the slot being its last parameter)
///
/// and, once, for events with strings, the same with fields that are encoded:
///
/// ```java
/// private static void recordEncoded(Target target, Object[] values) {
///     EncodedFields fields = EncodedFields.of(target, values);
///     if (fields == null) return;
///     target = fields.target;
///     int at = 0;
///     Cell cell = target.take();
///     if (cell == null) return;
///     try {
///         at = target.open(cell, fields.need());
///         if (at < 0) return;
///         cell.end(fields.put(cell, at));
///     } catch (Throwable e) {
///         … // as above
///     }
/// }
/// ```
final class RecordWriter {
    private static final String OBJECT = "java/lang/Object";
    private static final String TARGET = CodeWriter.internalName(Target.class);
    private static final String CELL = CodeWriter.internalName(Cell.class);
    private static final String OWN = CodeWriter.internalName(OwnCode.class);
    private static final String SLOT = CodeWriter.internalName(ThreadSlot.class);
    private static final String MEMORY = CodeWriter.internalName(Memory.class);
    private static final String TEXT = CodeWriter.internalName(Text.class);
    private static final String ENCODED = CodeWriter.internalName(EncodedFields.class);
    private static final String CLOCK = CodeWriter.internalName(TracerClock.class);
    private static final String RECORD_ENCODED = "recordEncoded";
    private static final String VALUES = "(L" + TARGET + ";[L" + OBJECT + ";)";

    /// The operand stack is deepest while fields are put into boxes.
    private static final int MAX_STACK = 10;

    /// Locals after the fields: position, cell, fields in boxes, time.
    private static final int EXTRA_LOCALS = 5;

    /// A method of an event interface and its event class; without one it does nothing, but for a
    /// bridge's, which begins with a [Target].
    ///
    /// @param emptyTexts strings behind the fields that are always empty
    record Event(
            String methodName,
            List<Class<?>> parameters,
            Class<?> returns,
            @Nullable EventPoint point,
            boolean isBridge,
            Timing timing,
            int emptyTexts) {
        Event(
                String methodName,
                List<Class<?>> parameters,
                Class<?> returns,
                @Nullable EventPoint point,
                boolean isBridge) {
            this(methodName, parameters, returns, point, isBridge, Timing.NONE, 0);
        }

        boolean isOfProbe() {
            return timing != Timing.NONE;
        }

        List<Class<?>> fields() {
            return isBridge() ? parameters.subList(1, parameters.size()) : parameters;
        }
    }

    /// What the time of a record is good for beside its time stamp.
    enum Timing {
        NONE,
        /// The method returns it, or 0 when there was no record.
        RETURNED,
        /// The first field, a long, is an earlier record's: what is written is the difference.
        ELAPSED
    }

    private final GeneratedClass made;

    RecordWriter(GeneratedClass made) {
        this.made = made;
    }

    static String name(int index) {
        return "record" + index;
    }

    static String descriptor(Event event) {
        String fields =
                MethodType.methodType(void.class, event.fields()).toMethodDescriptorString();
        String type = "(L" + TARGET + ";" + fields.substring(1);
        if (event.isOfProbe()) {
            type = type.replace(")", "L" + SLOT + ";)");
        }
        return event.timing() == Timing.RETURNED ? type.replace(")V", ")J") : type;
    }

    void write(Event event, int index) {
        CodeWriter code = made.code();
        List<Type> arguments = new ArrayList<>();
        arguments.add(Type.object(TARGET));
        int at = 1;
        for (Class<?> type : event.fields()) {
            arguments.add(Type.of(type));
            at += CodeWriter.slots(type);
        }
        int slot = 0;
        if (event.isOfProbe()) {
            arguments.add(Type.object(SLOT));
            slot = at++;
        }
        int cell = at + 1;
        int values = at + 2;
        int time = at + 3;
        boolean isReturned = event.timing() == Timing.RETURNED;
        Steps steps = new Steps(code, arguments, at, isReturned);
        Label encode = new Label();
        boolean hasText = event.fields().contains(String.class);

        steps.take(slot);
        writeNeed(code, event);
        code.local(ISTORE, at);
        if (hasText) {
            code.local(ILOAD, at).push(Text.ROOM_LIMIT).jump(IF_ICMPGT, encode);
        }
        code.local(ALOAD, 0).local(ALOAD, cell).local(ILOAD, at);
        steps.open();
        int offset = writeFields(code, event, at, encode);
        if (isReturned) {
            code.local(ALOAD, cell).call(INVOKEVIRTUAL, CELL, "time", "()J");
            code.local(LSTORE, time);
        }
        code.local(ALOAD, cell).local(ILOAD, at).push(offset).op(IADD);
        code.call(INVOKEVIRTUAL, CELL, "end", "(I)V");
        steps.guarded();
        if (isReturned) {
            code.local(LLOAD, time).op(LRETURN);
            steps.from = code.position();
        } else {
            code.op(RETURN);
        }
        if (hasText) {
            code.place(encode, steps.withCell, List.of());
            writeBoxed(code, event);
            code.local(ASTORE, values);
            code.local(ALOAD, cell).call(INVOKEVIRTUAL, CELL, "abandon", "()V");
            steps.guarded();
            code.local(ALOAD, 0).local(ALOAD, values);
            code.call(INVOKESTATIC, made.name(), RECORD_ENCODED, VALUES + "V");
            steps.returnNothing();
        }
        steps.end();
        made.method(
                GeneratedClass.PRIVATE_STATIC,
                name(index),
                descriptor(event),
                code,
                MAX_STACK,
                at + EXTRA_LOCALS);
    }

    /// Once in a class.
    void writeEncoded() {
        int values = 1;
        int fields = 2;
        int at = 3;
        int cell = 4;
        CodeWriter code = made.code();
        List<Type> before =
                List.of(
                        Type.object(TARGET),
                        Type.object("[L" + OBJECT + ";"),
                        Type.object(ENCODED));
        Steps steps = new Steps(code, before, at, false);
        Label isLost = new Label();
        code.local(ALOAD, 0).local(ALOAD, values);
        code.call(INVOKESTATIC, ENCODED, "of", VALUES + "L" + ENCODED + ";");
        code.local(ASTORE, fields).local(ALOAD, fields).jump(IFNULL, isLost);
        code.local(ALOAD, fields).field(GETFIELD, ENCODED, "target", "L" + TARGET + ";");
        code.local(ASTORE, 0);
        steps.take(0);
        code.local(ALOAD, 0).local(ALOAD, cell).local(ALOAD, fields);
        code.call(INVOKEVIRTUAL, ENCODED, "need", "()I");
        steps.open();
        code.local(ALOAD, cell).local(ALOAD, fields).local(ALOAD, cell).local(ILOAD, at);
        code.call(INVOKEVIRTUAL, ENCODED, "put", "(L" + CELL + ";I)I");
        code.call(INVOKEVIRTUAL, CELL, "end", "(I)V");
        steps.guarded();
        code.place(isLost, before, List.of()).op(RETURN);
        steps.end();
        made.method(
                GeneratedClass.PRIVATE_STATIC,
                RECORD_ENCODED,
                VALUES + "V",
                code,
                MAX_STACK,
                cell + 1);
    }

    /// The steps that all records have in common. Local 0 is the target, `at` the position, the
    /// next one the cell.
    private static final class Steps {
        final List<Type> withCell;
        private final CodeWriter code;
        private final int at;
        private final List<Type> withPosition;
        private final boolean returnsTime;
        private final Label end = new Label();
        private final Label failed = new Label();
        private int from;

        /// @param before the types of the locals before `at`
        Steps(CodeWriter code, List<Type> before, int at, boolean returnsTime) {
            this.code = code;
            this.returnsTime = returnsTime;
            this.at = at;
            withPosition = new ArrayList<>(before);
            withPosition.add(Type.INTEGER);
            withCell = new ArrayList<>(withPosition);
            withCell.add(Type.object(CELL));
        }

        /// @param slot local of a probe's thread; 0: it is no probe's
        void take(int slot) {
            code.op(ICONST_0).local(ISTORE, at).local(ALOAD, 0);
            if (slot == 0) {
                code.call(INVOKEVIRTUAL, TARGET, "take", "()L" + CELL + ";");
            } else {
                String type = "(L" + SLOT + ";)L" + CELL + ";";
                code.local(ALOAD, slot).call(INVOKEVIRTUAL, TARGET, "take", type);
            }
            code.local(ASTORE, at + 1).local(ALOAD, at + 1).jump(IFNULL, end);
            from = code.position();
        }

        /// Target, cell and room are on the stack.
        void open() {
            code.call(INVOKEVIRTUAL, TARGET, "open", "(L" + CELL + ";I)I").local(ISTORE, at);
            code.local(ILOAD, at).jump(IFLT, end);
        }

        /// The cell was held from [#take], or the last call of this, to here; the next instruction,
        /// at which a fault may show that is owed to the thread, is not among them.
        void guarded() {
            code.handle(from, failed);
            from = code.position() + 1;
        }

        /// What becomes of a record that fails, and of one that is lost.
        void end() {
            code.place(failed, withCell, List.of(Type.object("java/lang/Throwable"))).op(POP);
            code.local(ALOAD, at + 1).op(DUP).field(GETFIELD, CELL, "failed", "J");
            code.op(LCONST_1).op(LADD).field(PUTFIELD, CELL, "failed", "J");
            code.local(ALOAD, at + 1).op(ICONST_0).field(PUTFIELD, CELL, "limit", "I");
            code.local(ALOAD, at + 1).op(ICONST_0).field(PUTFIELD, CELL, "inside", "Z");
            code.local(ALOAD, at + 1).field(GETFIELD, CELL, "slot", "L" + OWN + ";");
            code.local(ALOAD, at + 1).field(GETFIELD, CELL, "wasInside", "Z");
            code.field(PUTFIELD, OWN, "isInside", "Z");
            code.local(ALOAD, at + 1).op(ICONST_0).field(PUTFIELD, CELL, "lock", "I");
            returnNothing();
            code.place(end, withPosition, List.of());
            returnNothing();
        }

        void returnNothing() {
            if (returnsTime) {
                code.op(LCONST_0).op(LRETURN);
            } else {
                code.op(RETURN);
            }
        }
    }

    private static void writeNeed(CodeWriter code, Event event) {
        int fixed = event.emptyTexts();
        for (Class<?> type : event.fields()) {
            fixed += EventSignature.typeOf(type).sizeBytes();
        }
        code.push(fixed);
        int local = 1;
        for (Class<?> type : event.fields()) {
            if (type == String.class) {
                code.local(ALOAD, local).call(INVOKESTATIC, TEXT, "room", "(Ljava/lang/String;)I");
                code.op(IADD);
            }
            local += CodeWriter.slots(type);
        }
    }

    /// Leaves in `at` the position after the last string.
    ///
    /// @return how far after it the record ends
    private static int writeFields(CodeWriter code, Event event, int at, Label encode) {
        int offset = 0;
        int local = 1;
        for (Class<?> type : event.fields()) {
            code.local(ILOAD, at).push(offset).op(IADD);
            if (local == 1 && event.timing() == Timing.ELAPSED) {
                code.local(ALOAD, at + 1).call(INVOKEVIRTUAL, CELL, "time", "()J");
                code.local(LLOAD, local).op(LSUB);
            } else {
                code.local(CodeWriter.load(type), local);
            }
            local += CodeWriter.slots(type);
            if (type == String.class) {
                code.call(INVOKESTATIC, TEXT, "put", "(ILjava/lang/String;)I").local(ISTORE, at);
                code.local(ILOAD, at).jump(IFLT, encode);
                offset = 0;
                continue;
            }
            int size = EventSignature.typeOf(type).sizeBytes();
            if (type == float.class) {
                code.call(INVOKESTATIC, "java/lang/Float", "floatToRawIntBits", "(F)I");
            }
            if (type == double.class) {
                code.call(INVOKESTATIC, "java/lang/Double", "doubleToRawLongBits", "(D)J");
            }
            if (type == char.class) {
                code.op(CodeWriter.I2S);
            }
            if (size == 1) {
                code.call(INVOKESTATIC, MEMORY, "putByte", "(IB)V");
            }
            if (size == 2) {
                code.call(INVOKESTATIC, MEMORY, "putShort", "(IS)V");
            }
            if (size == 4) {
                code.call(INVOKESTATIC, MEMORY, "putInt", "(II)V");
            }
            if (size == 8) {
                code.call(INVOKESTATIC, MEMORY, "putLong", "(IJ)V");
            }
            offset += size;
        }
        for (int i = 0; i < event.emptyTexts(); i++) {
            code.local(ILOAD, at).push(offset++).op(IADD).op(ICONST_0);
            code.call(INVOKESTATIC, MEMORY, "putByte", "(IB)V");
        }
        return offset;
    }

    private static void writeBoxed(CodeWriter code, Event event) {
        List<Class<?>> fields = event.fields();
        code.push(fields.size() + event.emptyTexts()).newArray(OBJECT);
        int local = 1;
        for (int i = 0; i < fields.size(); i++) {
            Class<?> type = fields.get(i);
            code.op(DUP).push(i);
            if (i == 0 && event.timing() == Timing.ELAPSED) {
                code.call(INVOKESTATIC, CLOCK, "nanos", "()J").local(LLOAD, local).op(LSUB);
            } else {
                code.local(CodeWriter.load(type), local);
            }
            if (type.isPrimitive()) {
                Class<?> box = MethodType.methodType(type).wrap().returnType();
                String boxing = MethodType.methodType(box, type).toMethodDescriptorString();
                code.call(INVOKESTATIC, CodeWriter.internalName(box), "valueOf", boxing);
            }
            code.op(AASTORE);
            local += CodeWriter.slots(type);
        }
        for (int i = 0; i < event.emptyTexts(); i++) {
            code.op(DUP).push(fields.size() + i).pushText("").op(AASTORE);
        }
    }
}
