// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.EventPlan;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.StreamPlan;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Makes [RecordDecoder]s: a hidden class for the layout of a stream class.
///
/// The class has a method `record` for event header and common context, a method for each event
/// class, and dispatchers between them, all small: HotSpot never compiles a method of more than
/// 8,000 bytes of code. What the methods do is in [LayoutCode].
final class RecordCompiler {
    private static final ClassDesc DECODER = PlacedCode.DECODER;
    private static final ClassDesc BYTES = PlacedCode.BYTES;
    private static final ClassDesc SELF =
            ClassDesc.of(RecordDecoder.class.getName() + "$Generated");
    private static final ClassDesc SUPER = ClassDesc.of(RecordDecoder.class.getName());

    /// State, packet, byte offset, content's end, first free slot; gives the bit position after.
    private static final MethodTypeDesc PART =
            MethodTypeDesc.of(CD_long, DECODER, BYTES, CD_int, CD_int, CD_int);

    /// As [#PART], with the event class id.
    private static final MethodTypeDesc DISPATCH =
            MethodTypeDesc.of(CD_long, DECODER, BYTES, CD_int, CD_int, CD_int, CD_int);

    /// Event classes in one dispatcher: some 20 bytes of code each.
    private static final int GROUP = 256;

    /// Most event classes in one generated class; the rest is interpreted.
    private static final int MAX_EVENTS = 2048;

    private final StreamPlan stream;
    private final List<EventPlan> events = new ArrayList<>();
    private final List<LayoutCode> eventCodes = new ArrayList<>();
    private final LayoutCode head;

    private RecordCompiler(StreamPlan stream, Collection<EventPlan> seen) {
        this.stream = stream;
        this.head = new LayoutCode(LayoutCode.Place.START);
        head.scope(Scope.EVENT_HEADER, stream.eventHeader());
        head.endHeader();
        head.scope(Scope.COMMON_CONTEXT, stream.commonContext());
        LayoutCode.Place place = head.end();
        seen.stream()
                .filter(event -> event.eventClass().id() >>> 31 == 0)
                .sorted(Comparator.comparingLong(event -> event.eventClass().id()))
                .limit(MAX_EVENTS)
                .forEach(event -> add(event, place));
    }

    private void add(EventPlan event, LayoutCode.Place place) {
        var code = new LayoutCode(place);
        code.scope(Scope.SPECIFIC_CONTEXT, event.specificContext());
        code.scope(Scope.PAYLOAD, event.payload());
        code.endRecord(event.number());
        if (code.isPossible()) {
            events.add(event);
            eventCodes.add(code);
        }
    }

    /// Makes a decoder that knows some event classes of a stream class.
    ///
    /// @return nothing when the layout is one that only the interpreter can decode
    static Optional<RecordDecoder> compile(StreamPlan stream, Collection<EventPlan> seen) {
        var compiler = new RecordCompiler(stream, seen);
        if (!compiler.head.isPossible() || compiler.events.isEmpty()) {
            return Optional.empty();
        }
        byte[] code;
        try {
            code = compiler.code();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // more constants than a class can have
        }
        try {
            MethodHandles.Lookup made = MethodHandles.lookup().defineHiddenClass(code, true);
            MethodHandle constructor =
                    made.findConstructor(made.lookupClass(), MethodType.methodType(void.class));
            return Optional.of((RecordDecoder) constructor.invoke());
        } catch (Throwable e) {
            throw new IllegalStateException("the generated decoder cannot be loaded", e);
        }
    }

    /// The class, for tests to look into.
    static byte[] code(StreamPlan stream, Collection<EventPlan> seen) {
        return new RecordCompiler(stream, seen).code();
    }

    private byte[] code() {
        return ClassFile.of().build(SELF, this::build);
    }

    private void build(ClassBuilder made) {
        made.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(SUPER);
        made.withMethodBody(
                ConstantDescs.INIT_NAME,
                ConstantDescs.MTD_void,
                0,
                code ->
                        code.aload(0)
                                .invokespecial(
                                        SUPER, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                .return_());
        made.withMethodBody(
                "decode", MethodTypeDesc.of(CD_long, DECODER, BYTES, CD_long), 0, this::entry);
        made.withMethodBody("record", PART, ClassFile.ACC_STATIC, this::record);
        for (int i = 0; i < events.size(); i++) {
            made.withMethodBody("event" + i, PART, ClassFile.ACC_STATIC, eventCodes.get(i)::write);
        }
        for (int from = 0; from < events.size() && !isOneEvent(); from += GROUP) {
            int first = from;
            made.withMethodBody(
                    "dispatch" + from,
                    DISPATCH,
                    ClassFile.ACC_STATIC,
                    code -> dispatch(code, first, Math.min(events.size(), first + GROUP)));
        }
    }

    private boolean isOneEvent() {
        return !stream.has(Role.EVENT_CLASS_ID);
    }

    /// Turns the bit position into a byte offset. A record that begins inside a byte, with nothing
    /// to align it, is for the interpreter.
    private void entry(CodeBuilder code) {
        FieldLayout first =
                stream.eventHeader().isAbsent() ? stream.commonContext() : stream.eventHeader();
        if (first.alignmentBits() < 8) {
            Label isWhole = code.newLabel();
            code.lload(3).loadConstant(7L).land().lconst_0().lcmp().ifeq(isWhole);
            code.loadConstant(RecordDecoder.DOUBT).lreturn();
            code.labelBinding(isWhole);
        }
        code.aload(1).aload(2);
        code.lload(3).loadConstant(7L).ladd().iconst_3().lushr().l2i();
        code.aload(1).getfield(DECODER, "limit", CD_long).iconst_3().lushr().l2i();
        code.aload(1).getfield(DECODER, "freeSlot", CD_int);
        code.invokestatic(SELF, "record", PART).lreturn();
    }

    /// Decodes header and common context, then goes to the event.
    private void record(CodeBuilder code) {
        head.write(code);
        if (isOneEvent()) {
            LayoutCode.loadPart(code);
            code.invokestatic(SELF, "event0", PART).lreturn();
            return;
        }
        Label isKnown = code.newLabel();
        code.lload(LayoutCode.ID).bipush(31).lushr().lconst_0().lcmp().ifeq(isKnown);
        code.loadConstant(RecordDecoder.DOUBT).lreturn();
        code.labelBinding(isKnown);
        for (int from = 0; from < events.size(); from += GROUP) {
            Label next = code.newLabel();
            boolean isLast = from + GROUP >= events.size();
            if (!isLast) {
                long most = events.get(from + GROUP - 1).eventClass().id();
                code.lload(LayoutCode.ID).loadConstant(most).lcmp().ifgt(next);
            }
            LayoutCode.loadPart(code);
            code.lload(LayoutCode.ID).l2i();
            code.invokestatic(SELF, "dispatch" + from, DISPATCH).lreturn();
            code.labelBinding(next);
            if (isLast) {
                return;
            }
        }
    }

    private void dispatch(CodeBuilder code, int from, int end) {
        Label unknown = code.newLabel();
        var cases = new ArrayList<SwitchCase>();
        for (int i = from; i < end; i++) {
            cases.add(SwitchCase.of((int) events.get(i).eventClass().id(), code.newLabel()));
        }
        int least = cases.getFirst().caseValue();
        int most = cases.getLast().caseValue();
        code.iload(5);
        if (most - least < 2 * cases.size() + 8) {
            code.tableswitch(least, most, unknown, cases);
        } else {
            code.lookupswitch(unknown, cases);
        }
        for (int i = from; i < end; i++) {
            code.labelBinding(cases.get(i - from).target());
            LayoutCode.loadPart(code);
            code.invokestatic(SELF, "event" + i, PART).lreturn();
        }
        code.labelBinding(unknown);
        code.loadConstant(RecordDecoder.DOUBT).lreturn();
    }
}
