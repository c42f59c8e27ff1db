// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import static dev.contrail.tracer.code.CodeWriter.ALOAD;
import static dev.contrail.tracer.code.CodeWriter.ASTORE;
import static dev.contrail.tracer.code.CodeWriter.DUP;
import static dev.contrail.tracer.code.CodeWriter.GETFIELD;
import static dev.contrail.tracer.code.CodeWriter.GOTO;
import static dev.contrail.tracer.code.CodeWriter.ICONST_0;
import static dev.contrail.tracer.code.CodeWriter.IFNULL;
import static dev.contrail.tracer.code.CodeWriter.INVOKESTATIC;
import static dev.contrail.tracer.code.CodeWriter.INVOKEVIRTUAL;
import static dev.contrail.tracer.code.CodeWriter.LADD;
import static dev.contrail.tracer.code.CodeWriter.LCONST_0;
import static dev.contrail.tracer.code.CodeWriter.LCONST_1;
import static dev.contrail.tracer.code.CodeWriter.LLOAD;
import static dev.contrail.tracer.code.CodeWriter.LRETURN;
import static dev.contrail.tracer.code.CodeWriter.LSTORE;
import static dev.contrail.tracer.code.CodeWriter.LSUB;
import static dev.contrail.tracer.code.CodeWriter.POP;
import static dev.contrail.tracer.code.CodeWriter.PUTFIELD;
import static dev.contrail.tracer.code.CodeWriter.PUTSTATIC;
import static dev.contrail.tracer.code.CodeWriter.RETURN;

import dev.contrail.tracer.code.CodeWriter;
import dev.contrail.tracer.code.CodeWriter.Label;
import dev.contrail.tracer.code.CodeWriter.Type;
import dev.contrail.tracer.code.GeneratedClass;
import dev.contrail.tracer.event.ProbeShape.Value;
import dev.contrail.tracer.event.RecordWriter.Event;
import dev.contrail.tracer.event.RecordWriter.Timing;
import dev.contrail.tracer.process.TracerClock;
import dev.contrail.tracer.ring.write.ThreadSlot;
import dev.contrail.tracer.ring.write.WriterPool;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Writes the class of the probes of one [ProbeShape]:
///
/// ```java
/// private ValueReader reader0;
///
/// public long enter(long n0, …, long n3, Object o0, …, Object o3) {
///     Target target = entry.target;
///     if (target == null) return 0;
///     ThreadSlot slot = ThreadSlot.enter();
///     if (slot == null) return 0; // the tracer's own doing
///     long time = 0;
///     int count = (int) n0;
///     String id = reader0.text(o0);
///     for (; target != null; target = target.next) time = record0(target, count, id);
///     if (time == 0) time = TracerClock.nanos();
///     slot.isInside = false;
///     return time;
/// }
///
/// public void exit(long start) {
///     if (start == 0) return; // nobody wanted it when it was entered; 1: lost
///     Target target = exit.target;
///     if (target == null) return;
///     ThreadSlot slot = …
///     for (…) record1(target, start);
///     slot.isInside = false;
/// }
///
/// public void thrown(long start, Throwable thrown) {
///     if (start == 0) return;
///     … record2(target, start, thrown.getClass().getName(), message.text(thrown));
/// }
/// ```
///
/// Around all that the slot is held for is what [ImplementationWriter] has around its loops: who
/// fails counts for the targets that are left. Targets with a filter are asked as there. What fails
/// before is counted by the method that calls.
final class ProbeWriter {
    private static final int IFNE = 154;
    private static final int LCMP = 148;
    private static final int L2I = 136;
    private static final int D2F = 144;
    private static final int AALOAD = 50;
    private static final int ARETURN = 176;

    /// Beside the fields.
    private static final int MAX_STACK = 24;

    /// The start time of a call whose entry could not be recorded: its exit is lost too.
    private static final long FAILED = 1;

    private static final String OBJECT = "java/lang/Object";
    private static final String STRING = "java/lang/String";
    private static final String THROWABLE = "java/lang/Throwable";
    private static final String POINT = CodeWriter.internalName(EventPoint.class);
    private static final String TARGET = CodeWriter.internalName(Target.class);
    private static final String FILTER = CodeWriter.internalName(TargetFilter.class);
    private static final String POOL = CodeWriter.internalName(WriterPool.class);
    private static final String READER = CodeWriter.internalName(ValueReader.class);
    private static final String SLOT = CodeWriter.internalName(ThreadSlot.class);
    private static final String CLOCK = CodeWriter.internalName(TracerClock.class);

    private final ProbeShape shape;
    private final String probe;
    private final GeneratedClass made;

    /// @param probe the name of the class above
    ProbeWriter(ProbeShape shape, String probe, String interfaceName) {
        this.shape = shape;
        this.probe = probe;
        this.made =
                new GeneratedClass(
                        GeneratedClass.FINAL_SUPER_SYNTHETIC,
                        GeneratedClass.nameBeside(ProbeShape.class),
                        probe,
                        interfaceName);
    }

    byte[] write() {
        made.constructor();
        writeFactory();
        Event entry = event(shape.entryTypes(), Timing.RETURNED, 0);
        Event exit = event(shape.exitTypes(), Timing.ELAPSED, 2);
        List<Class<?>> withException = new ArrayList<>(shape.exitTypes());
        withException.add(String.class);
        withException.add(String.class);
        Event thrown = event(withException, Timing.ELAPSED, 0);
        writeEnter(entry);
        writeExit(exit);
        writeThrown(thrown);
        RecordWriter records = new RecordWriter(made);
        records.write(entry, 0);
        records.write(exit, 1);
        records.write(thrown, 2);
        records.writeEncoded();
        FilterWriter.writeCall(made, acceptsName(0), fields(entry));
        FilterWriter.writeCall(made, acceptsName(1), fields(exit));
        return made.file();
    }

    /// The class makes the first probe as it is initialised, and each the next: nobody has to find
    /// a constructor.
    private void writeFactory() {
        CodeWriter first = writeNew(made.code());
        made.initializer(first.field(PUTSTATIC, probe, "first", "L" + probe + ";"), 2);
        CodeWriter next = writeNew(made.code()).op(ARETURN);
        made.method(0, "next", "()L" + probe + ";", next, 2, 1);
        CodeWriter code = made.code();
        for (int i = 0; i < shape.readers(); i++) {
            made.field(0, "reader" + i, "L" + READER + ";");
            code.local(ALOAD, 0).local(ALOAD, 1).push(i).op(AALOAD);
            code.field(PUTFIELD, made.name(), "reader" + i, "L" + READER + ";");
        }
        made.method(0, "read", "([L" + READER + ";)V", code.op(RETURN), 3, 2);
    }

    private CodeWriter writeNew(CodeWriter code) {
        code.newObject(made.name()).op(DUP);
        return code.call(CodeWriter.INVOKESPECIAL, made.name(), "<init>", "()V");
    }

    private static Event event(List<Class<?>> types, Timing timing, int emptyTexts) {
        return new Event("", types, void.class, null, false, timing, emptyTexts);
    }

    /// Of the event class: those that are always empty are among them.
    private static List<Class<?>> fields(Event event) {
        List<Class<?>> fields = new ArrayList<>(event.fields());
        fields.addAll(Collections.nCopies(event.emptyTexts(), String.class));
        return fields;
    }

    private static String acceptsName(int point) {
        return "accepts" + point;
    }

    private static List<Type> types(MethodType type) {
        List<Type> types = new ArrayList<>();
        for (Class<?> each : type.parameterArray()) {
            types.add(Type.of(each));
        }
        return types;
    }

    private static int slots(MethodType type) {
        int slots = 0;
        for (Class<?> each : type.parameterArray()) {
            slots += CodeWriter.slots(each);
        }
        return slots;
    }

    private void writeEnter(Event event) {
        MethodType type = shape.enterType();
        Passage passage = new Passage(type, event, 0, "entry");
        passage.begin();
        for (Value value : shape.values()) {
            int local =
                    value.isNumber()
                            ? 1 + 2 * value.slot()
                            : 1 + 2 * ProbeShape.MOST + value.slot();
            passage.push(value, local);
            passage.store(value.type());
        }
        passage.loop();
        passage.write("enter");
    }

    private void writeExit(Event event) {
        MethodType type = shape.exitType();
        Passage passage = new Passage(type, event, 1, "exit");
        passage.begin();
        passage.code.local(LLOAD, 1);
        passage.store(long.class);
        if (shape.result() != null) {
            passage.push(shape.result(), 3);
            passage.store(shape.result().type());
        }
        passage.loop();
        passage.write("exit");
    }

    private void writeThrown(Event event) {
        MethodType type = MethodType.methodType(void.class, long.class, Throwable.class);
        Passage passage = new Passage(type, event, 2, "exit");
        passage.begin();
        CodeWriter code = passage.code;
        code.local(LLOAD, 1);
        passage.store(long.class);
        if (shape.result() != null) {
            passage.pushNothing(shape.result().type());
            passage.store(shape.result().type());
        }
        code.local(ALOAD, 3).call(INVOKEVIRTUAL, OBJECT, "getClass", "()Ljava/lang/Class;");
        code.call(INVOKEVIRTUAL, "java/lang/Class", "getName", "()L" + STRING + ";");
        passage.store(String.class);
        passage.pushReader("message").local(ALOAD, 3);
        code.call(INVOKEVIRTUAL, READER, "text", "(L" + OBJECT + ";)L" + STRING + ";");
        passage.store(String.class);
        passage.loop();
        passage.write("thrown");
    }

    /// One of the methods. Locals: its arguments, the target, the slot, the time, the fields.
    private final class Passage {
        final CodeWriter code = made.code();
        private final MethodType type;
        private final Event event;
        private final int record;
        private final String point;
        private final int target;
        private final int slot;
        private final int time;
        private final List<Type> locals = new ArrayList<>();
        private int next;

        /// Where the slot is held from.
        private int from;

        /// The locals there.
        private final List<Type> held = new ArrayList<>();

        private final Label count = new Label();

        Passage(MethodType type, Event event, int record, String point) {
            this.type = type;
            this.event = event;
            this.record = record;
            this.point = point;
            locals.add(Type.object(made.name()));
            locals.addAll(types(type));
            target = 1 + slots(type);
            slot = target + 1;
            time = target + 2;
            next = time + 2;
        }

        private boolean isEntry() {
            return record == 0;
        }

        /// Returns when nobody wants it.
        void begin() {
            Label wanted = new Label();
            Label unwanted = new Label();
            if (!isEntry()) {
                code.local(LLOAD, 1).op(LCONST_0).op(LCMP).jump(IFNE, wanted);
                code.op(RETURN).place(wanted, locals, List.of());
            }
            code.local(ALOAD, 0).field(GETFIELD, made.name(), point, "L" + POINT + ";");
            code.field(GETFIELD, POINT, "target", "L" + TARGET + ";").local(ASTORE, target);
            Label nothing = new Label();
            Label some = new Label();
            List<Type> arguments = List.copyOf(locals);
            code.local(ALOAD, target).jump(IFNULL, nothing);
            code.call(INVOKESTATIC, SLOT, "enter", "()L" + SLOT + ";").local(ASTORE, slot);
            locals.add(Type.object(TARGET));
            locals.add(Type.object(SLOT));
            code.local(ALOAD, slot).jump(CodeWriter.IFNONNULL, some);
            code.place(nothing, arguments, List.of());
            writeReturn(() -> code.op(LCONST_0));
            code.place(some, locals, List.of());
            code.op(LCONST_0).local(LSTORE, time);
            locals.add(Type.LONG);
            held.addAll(locals);
            from = code.position();
            if (!isEntry()) {
                code.local(LLOAD, 1).pushLong(FAILED).op(LCMP).jump(CodeWriter.IFEQ, count);
            }
        }

        CodeWriter pushReader(String name) {
            return code.local(ALOAD, 0).field(GETFIELD, made.name(), name, "L" + READER + ";");
        }

        void push(Value value, int local) {
            if (value.reader() >= 0) {
                pushReader("reader" + value.reader()).local(ALOAD, local);
                boolean isText = value.type() == String.class;
                String result = isText ? "L" + STRING + ";" : "J";
                code.call(
                        INVOKEVIRTUAL,
                        READER,
                        isText ? "text" : "number",
                        "(L" + OBJECT + ";)" + result);
            } else if (value.isNumber()) {
                code.local(LLOAD, local);
            } else {
                code.local(ALOAD, local).cast(STRING);
            }
            if (value.type() == double.class || value.type() == float.class) {
                code.call(INVOKESTATIC, "java/lang/Double", "longBitsToDouble", "(J)D");
            }
            if (value.type() == float.class) {
                code.op(D2F);
            } else if (value.type().isPrimitive()
                    && value.type() != long.class
                    && value.type() != double.class) {
                code.op(L2I);
            }
        }

        void pushNothing(Class<?> fieldType) {
            if (fieldType == String.class) {
                code.pushText("");
            } else {
                code.pushZero(fieldType);
            }
        }

        void store(Class<?> fieldType) {
            code.local(CodeWriter.store(fieldType), next);
            next += CodeWriter.slots(fieldType);
            locals.add(Type.of(fieldType));
        }

        void loop() {
            Label loop = new Label();
            Label end = new Label();
            Label failed = new Label();
            Label counted = new Label();
            code.place(loop, locals, List.of()).local(ALOAD, target).jump(IFNULL, end);
            Label rejected = new Label();
            Label accepted = new Label();
            code.local(ALOAD, target).field(GETFIELD, TARGET, "filter", "L" + FILTER + ";");
            code.jump(IFNULL, accepted);
            pushForFilter();
            code.call(
                    INVOKESTATIC,
                    made.name(),
                    acceptsName(isEntry() ? 0 : 1),
                    FilterWriter.callType(fields(event)));
            code.jump(CodeWriter.IFEQ, rejected).place(accepted, locals, List.of());
            code.local(ALOAD, target);
            pushFields(0);
            code.local(ALOAD, slot);
            String descriptor = RecordWriter.descriptor(event);
            code.call(INVOKESTATIC, made.name(), RecordWriter.name(record), descriptor);
            if (isEntry()) {
                code.local(LSTORE, time);
            }
            code.place(rejected, locals, List.of());
            nextTarget().jump(GOTO, loop);
            code.place(end, locals, List.of());
            if (isEntry()) {
                Label known = new Label();
                code.local(LLOAD, time).op(LCONST_0).op(LCMP).jump(IFNE, known);
                code.call(INVOKESTATIC, CLOCK, "nanos", "()J").local(LSTORE, time);
                code.place(known, locals, List.of());
            }
            code.handle(from, failed).local(ALOAD, slot).op(ICONST_0);
            code.field(PUTFIELD, SLOT, "isInside", "Z");
            writeReturn(() -> code.local(LLOAD, time));
            code.place(failed, held, List.of(Type.object(THROWABLE))).op(POP);
            int countFrom = code.position();
            code.place(count, held, List.of()).local(ALOAD, target).jump(IFNULL, counted);
            code.local(ALOAD, target).field(GETFIELD, TARGET, "pool", "L" + POOL + ";").op(DUP);
            code.field(GETFIELD, POOL, "unheldLost", "J").op(LCONST_1).op(LADD);
            code.field(PUTFIELD, POOL, "unheldLost", "J");
            nextTarget().jump(GOTO, count).handle(countFrom, failed);
            code.place(counted, held, List.of()).local(ALOAD, slot).op(ICONST_0);
            code.field(PUTFIELD, SLOT, "isInside", "Z");
            writeReturn(() -> code.pushLong(FAILED));
        }

        private void pushFields(int first) {
            int field = time + 2;
            for (int i = 0; i < event.fields().size(); i++) {
                Class<?> each = event.fields().get(i);
                if (i >= first) {
                    code.local(CodeWriter.load(each), field);
                }
                field += CodeWriter.slots(each);
            }
        }

        /// The target and the fields of the event class, with the duration as it is by now.
        private void pushForFilter() {
            code.local(ALOAD, target);
            if (!isEntry()) {
                code.call(INVOKESTATIC, CLOCK, "nanos", "()J").local(LLOAD, time + 2).op(LSUB);
            }
            pushFields(isEntry() ? 0 : 1);
            for (int i = 0; i < event.emptyTexts(); i++) {
                code.pushText("");
            }
        }

        private CodeWriter nextTarget() {
            code.local(ALOAD, target).field(GETFIELD, TARGET, "next", "L" + TARGET + ";");
            return code.local(ASTORE, target);
        }

        private void writeReturn(Runnable pushTime) {
            if (isEntry()) {
                pushTime.run();
                code.op(LRETURN);
            } else {
                code.op(RETURN);
            }
        }

        void write(String name) {
            made.method(
                    GeneratedClass.PUBLIC,
                    name,
                    type.toMethodDescriptorString(),
                    code,
                    next + MAX_STACK,
                    next);
        }
    }
}
