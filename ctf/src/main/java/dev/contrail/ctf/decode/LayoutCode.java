// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.FieldLayout.Kind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;

/// The code of one generated method: decodes some scopes from a byte offset on.
///
/// Whatever the code cannot vouch for, it leaves to the interpreter: at run time by
/// [RecordDecoder#DOUBT], beforehand by not being possible.
final class LayoutCode extends ValueCode {
    /// Most elements that are written out one after the other instead of in a loop.
    private static final int MAX_UNROLLED = 4;

    private static final int MAX_RANGES = 64;

    private int nextFree = FIRST_FREE;

    LayoutCode(Place place) {
        super(place);
    }

    /// Decodes a scope, if it is declared; scopes come in their order.
    void scope(Scope scope, FieldLayout layout) {
        if (layout.isAbsent()) {
            return;
        }
        int before = slotOffset;
        emit(
                24,
                out -> {
                    row(out, "scopeSlots", CD_int);
                    out.loadConstant(FieldDecoder.RECORD_SCOPES).imul();
                    out.loadConstant(scope.ordinal()).iadd();
                    out.iload(SLOT).loadConstant(before).iadd().iastore();
                });
        decode(layout);
    }

    /// Pushes a column of the records that are decoded at once, and which of them this one is.
    private static void row(CodeBuilder out, String column, ClassDesc type) {
        out.aload(STATE).getfield(DECODER, column, type.arrayType());
        out.aload(STATE).getfield(DECODER, "record", CD_int);
    }

    /// The header is done: the clock's value is the record's time.
    void endHeader() {
        usesClock = true;
        emit(
                10,
                out -> {
                    row(out, "eventTicks", CD_long);
                    out.lload(CLOCK).lastore();
                });
    }

    /// Ends the method that decodes header and common context: the event's method goes on.
    Place end() {
        isHead = true;
        materialize();
        materializeSlot();
        storeClock();
        return place();
    }

    /// Ends an event's method.
    ///
    /// @param number `EventPlan.number`
    void endRecord(int number) {
        materialize();
        storeClock();
        int used = slotOffset;
        int bits = offset;
        boolean isBigEndian = order == 2;
        emit(
                46,
                out -> {
                    row(out, "eventNumbers", CD_int);
                    out.loadConstant(number).iastore();
                    out.aload(STATE).iload(SLOT).loadConstant(used).iadd();
                    out.putfield(DECODER, "freeSlot", CD_int);
                    if (bits != 0) {
                        out.aload(STATE).loadConstant(isBigEndian ? 1 : 0);
                        out.putfield(DECODER, "wasBigEndian", CD_boolean);
                    }
                    out.iload(AT)
                            .i2l()
                            .iconst_3()
                            .lshl()
                            .loadConstant((long) bits)
                            .ladd()
                            .lreturn();
                });
    }

    private void storeClock() {
        if (usesClock) {
            emit(6, out -> out.aload(STATE).lload(CLOCK).putfield(DECODER, "clock", CD_long));
        }
    }

    private void decode(FieldLayout field) {
        if (!isPossible()) {
            return;
        }
        if (field.isKeyOptional()) {
            giveUp();
            return;
        }
        switch (field.kind()) {
            case INTEGER, FLOAT -> number(field);
            case TEXT, BLOB -> text(field);
            case STRUCTURE -> {
                align(field.alignmentBits());
                for (FieldLayout part : field.parts()) {
                    decode(part);
                }
            }
            case ARRAY -> array(field);
            case SEQUENCE -> sequence(field);
            case VARIANT, OPTIONAL -> variant(field);
        }
    }

    /// Whether elements are plain integers, one after the other, and nothing besides.
    private static boolean isPlain(FieldLayout element) {
        return ReadCode.isPlain(element)
                && element.alignmentBits() <= element.sizeBits()
                && !element.movesClock()
                && element.roles().length == 0
                && element.registers().length == 0;
    }

    private void array(FieldLayout field) {
        FieldLayout element = field.parts()[0];
        align(field.alignmentBits());
        boolean isShort = field.length() <= MAX_UNROLLED;
        if (isShort) {
            for (int i = 0; i < field.length(); i++) {
                decode(element);
            }
            return;
        }
        if (field.length() > MAX_STATIC_BYTES) {
            giveUp();
            return;
        }
        emit(8, out -> out.loadConstant(field.length()).lstore(VALUE));
        elements(element);
    }

    private void sequence(FieldLayout field) {
        emit(10, out -> ReadCode.key(out, field));
        store(out -> out.lload(VALUE));
        align(field.alignmentBits());
        elements(field.parts()[0]);
    }

    /// Decodes as many elements as the local VALUE says.
    private void elements(FieldLayout element) {
        materialize();
        materializeSlot();
        if (offset != 0 || element.leastBits() == 0 || element.leastBits() > Integer.MAX_VALUE) {
            giveUp();
            return;
        }
        emit(
                24,
                out -> {
                    out.lload(VALUE);
                    out.iload(END).iload(AT).isub().i2l().loadConstant(8L).lmul();
                    out.loadConstant(element.leastBits()).ldiv();
                    ReadCode.compare(out, false);
                    out.ifgt(doubt.in(out));
                    out.lload(VALUE).l2i().istore(COUNT);
                });
        if (isPlain(element)) {
            plainElements(element);
        } else {
            loop(element);
        }
    }

    private void plainElements(FieldLayout element) {
        int size = element.sizeBits() / 8;
        emit(
                46,
                out -> {
                    out.aload(SLOTS).arraylength().iload(SLOT).isub().iload(COUNT);
                    out.if_icmplt(doubt.in(out));
                    ReadCode.elements(out, element);
                    out.iload(AT).iload(COUNT).loadConstant(size).imul().iadd().istore(AT);
                    out.iload(SLOT).iload(COUNT).iadd().istore(SLOT);
                });
        modulus = Math.min(modulus, element.sizeBits());
        residue &= modulus - 1;
        order = 0;
        beginRun();
        beginSlotRun();
    }

    private void loop(FieldLayout element) {
        int left = nextFree++;
        Mark head = new Mark();
        Mark done = new Mark();
        emit(
                12,
                out -> {
                    out.iload(COUNT).istore(left);
                    out.labelBinding(head.in(out));
                    out.iload(left).ifle(done.in(out)).iinc(left, -1);
                });
        behindBytes();
        beginSlotRun();
        decode(element);
        materialize();
        materializeSlot();
        if (offset != 0) {
            giveUp();
        }
        emit(3, out -> out.goto_(head.in(out)).labelBinding(done.in(out)));
        nextFree--;
        behindBytes();
        beginSlotRun();
    }

    private void variant(FieldLayout field) {
        if (field.tagLower().length > MAX_RANGES) {
            giveUp();
            return;
        }
        materialize();
        materializeSlot();
        boolean isOptional = field.kind() == Kind.OPTIONAL;
        emit(10, out -> ReadCode.key(out, field));
        Mark[] options = new Mark[field.parts().length];
        for (int i = 0; i < options.length; i++) {
            options[i] = new Mark();
        }
        select(field, options);
        Mark join = new Mark();
        Place before = place();
        Place behind = null;
        if (isOptional) {
            store(out -> out.lconst_0());
            materializeSlot();
            emit(3, out -> out.goto_(join.in(out)));
            behind = before;
        } else {
            emit(3, out -> out.goto_(doubt.in(out)));
        }
        for (int i = 0; i < options.length; i++) {
            if (!isSelectable(field, i)) {
                continue;
            }
            int option = i;
            enter(before);
            emit(0, out -> out.labelBinding(options[option].in(out)));
            beginRun();
            beginSlotRun();
            store(out -> out.loadConstant((long) (isOptional ? 1 : option)));
            decode(field.parts()[i]);
            materialize();
            materializeSlot();
            emit(3, out -> out.goto_(join.in(out)));
            behind = behind == null ? place() : joined(behind, place());
        }
        if (behind == null || !isPossible) {
            giveUp();
            return;
        }
        enter(behind);
        emit(0, out -> out.labelBinding(join.in(out)));
        beginRun();
        beginSlotRun();
    }

    private static boolean isSelectable(FieldLayout field, int option) {
        if (field.isTagBoolean()) {
            return true;
        }
        for (int selected : field.tagOption()) {
            if (selected == option) {
                return true;
            }
        }
        return false;
    }

    /// Jumps to the option that the local VALUE selects.
    private void select(FieldLayout field, Mark[] options) {
        if (field.isTagBoolean()) {
            emit(8, out -> out.lload(VALUE).lconst_0().lcmp().ifne(options[0].in(out)));
            return;
        }
        for (int i = 0; i < field.tagOption().length; i++) {
            long lower = field.tagLower()[i];
            long upper = field.tagUpper()[i];
            Mark option = options[field.tagOption()[i]];
            emit(
                    28,
                    out -> {
                        if (lower == upper) {
                            out.lload(VALUE).loadConstant(lower).lcmp().ifeq(option.in(out));
                            return;
                        }
                        Label next = out.newLabel();
                        out.lload(VALUE).loadConstant(lower);
                        ReadCode.compare(out, field.isTagSigned());
                        out.iflt(next);
                        out.lload(VALUE).loadConstant(upper);
                        ReadCode.compare(out, field.isTagSigned());
                        out.ifle(option.in(out));
                        out.labelBinding(next);
                    });
        }
    }
}
