// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.contrail.ctf.FieldLayout.Kind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The code of one generated method: decodes some scopes from a byte offset on.
///
/// While it is put together, the place in the packet is followed as far as it is known beforehand:
/// `at * 8 + offset` bits, `offset` a constant, and that sum modulo a power of two. A *run* is what
/// is read at constant distances from one value of `at`; one check against the content's end serves
/// all of it. The same holds for slots. Whatever the code cannot vouch for, it leaves to the
/// interpreter: at run time by [RecordDecoder#DOUBT], beforehand by not being possible.
final class LayoutCode {
    /// Locals of every generated method; [RecordCompiler] declares the first five as parameters.
    static final int ID = 9;

    private static final int STATE = 0;
    private static final int PACKET = 1;
    private static final int AT = 2;
    private static final int END = 3;
    private static final int SLOT = 4;
    private static final int SLOTS = 5;
    private static final int REGISTERS = 6;
    private static final int CLOCK = 7;
    private static final int VALUE = 11;
    private static final int COUNT = 13;
    private static final int FIRST_FREE = 14;

    /// Most bytes of code that a method may have, by a generous estimate: HotSpot never compiles a
    /// method of more than 8,000.
    private static final int MAX_CODE = 7000;

    /// Most elements that are written out one after the other instead of in a loop.
    private static final int MAX_UNROLLED = 4;

    private static final int MAX_RANGES = 64;
    private static final int MAX_ALIGNMENT = 1 << 12;
    private static final int MAX_STATIC_BYTES = 1 << 20;

    private static final ClassDesc LOADS = ClassDesc.of(Loads.class.getName());
    private static final ClassDesc LONG = ClassDesc.of(Long.class.getName());
    private static final MethodTypeDesc LOAD =
            MethodTypeDesc.of(CD_long, RecordCompiler.SEGMENT, CD_int);

    /// What is known of the place in the packet where a method begins.
    ///
    /// @param offset bits behind `at`, below 8
    /// @param order byte order of the field before, 0 for none
    record Place(int modulus, int residue, int offset, int order) {
        /// At a whole byte.
        static final Place START = new Place(8, 0, 0, 0);
    }

    /// How much is read, or how many slots are filled, from one base on.
    private static final class Run {
        int need;
        boolean isForced;
    }

    /// A label that is made when the code is written.
    private static final class Mark {
        private Label label;

        Label in(CodeBuilder code) {
            if (label == null) {
                label = code.newLabel();
            }
            return label;
        }
    }

    private final List<Consumer<CodeBuilder>> code = new ArrayList<>();
    private final Mark doubt = new Mark();
    private boolean isPossible = true;
    private boolean usesClock;
    private boolean isHead;
    private int weight;
    private int nextFree = FIRST_FREE;

    private int modulus;
    private int residue;
    private int offset;
    private int order;
    private int slotOffset;
    private Run bytes = new Run();
    private Run slots = new Run();

    LayoutCode(Place place) {
        enter(place);
        beginRun();
        bytes.isForced = true;
        beginSlotRun();
    }

    /// Whether the layout is one that generated code can decode.
    boolean isPossible() {
        return isPossible && weight < MAX_CODE;
    }

    /// Pushes what every method takes.
    static void loadPart(CodeBuilder code) {
        code.aload(STATE).aload(PACKET).iload(AT).iload(END).iload(SLOT);
    }

    /// Writes the code collected, as a method's beginning.
    void write(CodeBuilder out) {
        out.aload(STATE).getfield(RecordCompiler.STATE, "slots", CD_long.arrayType());
        out.astore(SLOTS);
        out.aload(STATE).getfield(RecordCompiler.STATE, "registers", CD_long.arrayType());
        out.astore(REGISTERS);
        if (usesClock) {
            out.aload(STATE).getfield(RecordCompiler.STATE, "clock", CD_long).lstore(CLOCK);
        }
        out.lconst_0().lstore(ID);
        code.forEach(part -> part.accept(out));
        if (isHead && doubt.label != null) {
            Label behind = out.newLabel();
            out.goto_(behind);
            writeDoubt(out);
            out.labelBinding(behind);
        } else {
            writeDoubt(out);
        }
    }

    private void writeDoubt(CodeBuilder out) {
        if (doubt.label == null) {
            return;
        }
        out.labelBinding(doubt.in(out)).loadConstant(RecordDecoder.DOUBT).lreturn();
    }

    void scope(Scope scope, FieldLayout layout) {
        int before = slotOffset;
        emit(
                16,
                out -> {
                    out.aload(STATE)
                            .getfield(RecordCompiler.STATE, "scopeSlots", CD_int.arrayType());
                    out.loadConstant(scope.ordinal());
                    out.iload(SLOT).loadConstant(before).iadd().iastore();
                });
        decode(layout);
    }

    /// The header is done: the clock's value is the record's time.
    void endHeader() {
        usesClock = true;
        emit(
                6,
                out ->
                        out.aload(STATE)
                                .lload(CLOCK)
                                .putfield(RecordCompiler.STATE, "eventTicks", CD_long));
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
    /// @param number what [RecordDecoder#event] shall know the event class by
    void endRecord(int number) {
        materialize();
        storeClock();
        int bits = offset;
        boolean isBigEndian = order == 2;
        emit(
                30,
                out -> {
                    out.aload(STATE).loadConstant(number);
                    out.putfield(RecordCompiler.STATE, "eventNumberInPlan", CD_int);
                    if (bits != 0) {
                        out.aload(STATE).loadConstant(isBigEndian ? 1 : 0);
                        out.putfield(RecordCompiler.STATE, "wasBigEndian", CD_boolean);
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
            emit(
                    6,
                    out ->
                            out.aload(STATE)
                                    .lload(CLOCK)
                                    .putfield(RecordCompiler.STATE, "clock", CD_long));
        }
    }

    private void emit(int bytesOfCode, Consumer<CodeBuilder> part) {
        weight += bytesOfCode;
        code.add(part);
    }

    private void giveUp() {
        isPossible = false;
    }

    // Places.

    private Place place() {
        return new Place(modulus, residue, offset, order);
    }

    private void enter(Place place) {
        modulus = place.modulus();
        residue = place.residue();
        offset = place.offset();
        order = place.order();
    }

    private void advance(int bits) {
        offset += bits;
        residue = residue + bits & modulus - 1;
        bytes.need = Math.max(bytes.need, offset);
    }

    /// Begins a run at the present value of `at`; its check is written with what it will need.
    private void beginRun() {
        Run run = new Run();
        run.need = offset;
        int before = offset;
        bytes = run;
        emit(
                12,
                out -> {
                    if (run.need > before || run.isForced) {
                        out.iload(END).iload(AT).isub().loadConstant(run.need + 7 >> 3);
                        out.if_icmplt(doubt.in(out));
                    }
                });
    }

    private void beginSlotRun() {
        Run run = new Run();
        slots = run;
        slotOffset = 0;
        emit(
                12,
                out -> {
                    if (run.need > 0) {
                        out.aload(SLOTS).arraylength().iload(SLOT).isub().loadConstant(run.need);
                        out.if_icmplt(doubt.in(out));
                    }
                });
    }

    /// Moves `at` to the byte of the present place.
    private void materialize() {
        int whole = offset >> 3;
        if (whole > 0) {
            emit(8, out -> out.iload(AT).loadConstant(whole).iadd().istore(AT));
            offset &= 7;
        }
        beginRun();
    }

    private void materializeSlot() {
        int count = slotOffset;
        if (count > 0) {
            emit(8, out -> out.iload(SLOT).loadConstant(count).iadd().istore(SLOT));
        }
        beginSlotRun();
    }

    private void align(int bits) {
        if (bits <= modulus) {
            advance(-residue & bits - 1);
            return;
        }
        if (bits > MAX_ALIGNMENT) {
            giveUp();
            return;
        }
        advance(-residue & 7);
        materialize();
        int mask = -(bits >> 3);
        emit(
                12,
                out ->
                        out.iload(AT)
                                .loadConstant(~mask)
                                .iadd()
                                .loadConstant(mask)
                                .iand()
                                .istore(AT));
        modulus = bits;
        residue = 0;
        beginRun();
        bytes.isForced = true;
    }

    /// The place behind something of unknown length that ends at a whole byte.
    private void behindBytes() {
        enter(Place.START);
        beginRun();
    }

    // Fields.

    private void decode(FieldLayout field) {
        if (!isPossible()) {
            return;
        }
        if (field.isKeyOptional) {
            giveUp();
            return;
        }
        switch (field.kind) {
            case INTEGER, FLOAT -> number(field);
            case TEXT, BLOB -> text(field);
            case STRUCTURE -> {
                align(field.alignmentBits);
                for (FieldLayout part : field.parts) {
                    decode(part);
                }
            }
            case ARRAY -> array(field);
            case SEQUENCE -> sequence(field);
            case VARIANT, OPTIONAL -> variant(field);
        }
    }

    private void number(FieldLayout field) {
        if (field.isVariable) {
            variable(field);
            return;
        }
        if (field.sizeBits > 64) {
            giveUp();
            return;
        }
        align(field.alignmentBits);
        int fieldOrder = field.isBigEndian ? 2 : 1;
        if ((residue & 7) != 0 && order != fieldOrder) {
            giveUp();
            return;
        }
        order = fieldOrder;
        load(field);
        advance(field.sizeBits);
        keep(field, field.sizeBits);
    }

    /// Reads a fixed-length value into the local VALUE.
    private void load(FieldLayout field) {
        int at = offset >> 3;
        int shift = offset & 7;
        int size = field.sizeBits;
        int used = shift + size + 7 >> 3;
        boolean isBig = field.isBigEndian;
        boolean isWhole = shift == 0 && (size == 8 || size == 16 || size == 32 || size == 64);
        String order = isBig && size > 8 ? "be" : "";
        if (isWhole && !field.isReversed) {
            boolean isSigned = field.isSigned || size == 64;
            emit(
                    14,
                    out -> {
                        loadAt(out, at);
                        out.invokestatic(LOADS, (isSigned ? "s" : "u") + size + order, LOAD);
                        out.lstore(VALUE);
                    });
            return;
        }
        emit(
                40,
                out -> {
                    loadAt(out, at);
                    if (used <= 2) {
                        out.invokestatic(LOADS, used == 1 ? "u8" : isBig ? "u16be" : "u16", LOAD);
                        int right = isBig ? used * 8 - shift - size : shift;
                        out.loadConstant(right).lushr().loadConstant(PacketBits.mask(size)).land();
                    } else if (!isBig && used <= 8) {
                        out.loadConstant(used).loadConstant(shift).loadConstant(size);
                        out.invokestatic(
                                LOADS,
                                "little",
                                MethodTypeDesc.of(
                                        CD_long,
                                        RecordCompiler.SEGMENT,
                                        CD_int,
                                        CD_int,
                                        CD_int,
                                        CD_int));
                    } else {
                        out.loadConstant(shift).loadConstant(size).loadConstant(isBig ? 1 : 0);
                        out.invokestatic(
                                LOADS,
                                "bits",
                                MethodTypeDesc.of(
                                        CD_long,
                                        RecordCompiler.SEGMENT,
                                        CD_int,
                                        CD_int,
                                        CD_int,
                                        CD_boolean));
                    }
                    if (field.isReversed) {
                        out.invokestatic(LONG, "reverse", MethodTypeDesc.of(CD_long, CD_long));
                        out.loadConstant(64 - size).lushr();
                    }
                    if (field.isSigned && size < 64) {
                        out.loadConstant(64 - size).lshl().loadConstant(64 - size).lshr();
                    }
                    out.lstore(VALUE);
                });
    }

    private static void loadAt(CodeBuilder out, int constant) {
        out.aload(PACKET).iload(AT);
        if (constant != 0) {
            out.loadConstant(constant).iadd();
        }
    }

    private void variable(FieldLayout field) {
        align(8);
        materialize();
        int isSigned = field.isSigned ? 1 : 0;
        emit(
                40,
                out -> {
                    out.aload(PACKET).iload(AT).iload(END).loadConstant(isSigned);
                    out.invokestatic(
                            LOADS,
                            "lebBytes",
                            MethodTypeDesc.of(
                                    CD_int, RecordCompiler.SEGMENT, CD_int, CD_int, CD_boolean));
                    out.istore(COUNT).iload(COUNT).iflt(doubt.in(out));
                    out.aload(PACKET).iload(AT).iload(COUNT).loadConstant(isSigned);
                    out.invokestatic(
                            LOADS,
                            "leb",
                            MethodTypeDesc.of(
                                    CD_long, RecordCompiler.SEGMENT, CD_int, CD_int, CD_boolean));
                    out.lstore(VALUE);
                    out.iload(AT).iload(COUNT).iadd().istore(AT);
                });
        keep(field, 0);
        behindBytes();
    }

    /// Puts the local VALUE where it is needed.
    ///
    /// @param size the bits that move the clock; 0 when they are 7 times COUNT
    private void keep(FieldLayout field, int size) {
        if (field.movesClock) {
            usesClock = true;
            emit(
                    16,
                    out -> {
                        out.lload(CLOCK).lload(VALUE);
                        if (size > 0) {
                            out.loadConstant(size);
                        } else {
                            out.iload(COUNT).bipush(7).imul().bipush(64);
                            out.invokestatic(
                                    ClassDesc.of(Math.class.getName()),
                                    "min",
                                    MethodTypeDesc.of(CD_int, CD_int, CD_int));
                        }
                        out.invokestatic(
                                RecordCompiler.STATE,
                                "advanced",
                                MethodTypeDesc.of(CD_long, CD_long, CD_long, CD_int));
                        out.lstore(CLOCK);
                    });
        }
        for (int role : field.roles) {
            if (role == Role.EVENT_CLASS_ID.ordinal()) {
                emit(4, out -> out.lload(VALUE).lstore(ID));
            }
        }
        for (int register : field.registers) {
            emit(9, out -> out.aload(REGISTERS).loadConstant(register).lload(VALUE).lastore());
        }
        store(out -> out.lload(VALUE));
    }

    /// Stores into the next slot.
    private void store(Consumer<CodeBuilder> value) {
        int slot = slotOffset++;
        slots.need = slotOffset;
        emit(
                14,
                out -> {
                    out.aload(SLOTS).iload(SLOT);
                    if (slot != 0) {
                        out.loadConstant(slot).iadd();
                    }
                    value.accept(out);
                    out.lastore();
                });
    }

    private void text(FieldLayout field) {
        align(8);
        boolean isText = field.kind == Kind.TEXT;
        int unit = field.unitBytes;
        if (field.lengthRegister < 0 && field.length >= 0) {
            if (field.length > MAX_STATIC_BYTES || field.length % unit != 0) {
                giveUp();
                return;
            }
            int at = offset >> 3;
            int length = (int) field.length;
            advance(8 * length);
            store(out -> out.iload(AT).loadConstant(at).iadd().i2l());
            store(out -> {
                if (isText) {
                    loadAt(out, at);
                    out.loadConstant(length);
                    textBytes(out, unit);
                } else {
                    out.loadConstant((long) length);
                }
            });
            return;
        }
        materialize();
        if (field.lengthRegister < 0) {
            emit(20, out -> zero(out, unit));
            store(out -> out.iload(AT).i2l());
            store(out -> out.iload(COUNT).iload(AT).isub().i2l());
            emit(8, out -> out.iload(COUNT).loadConstant(unit).iadd().istore(AT));
        } else {
            emit(
                    36,
                    out -> {
                        loadKey(out, field);
                        out.lload(VALUE).iload(END).iload(AT).isub().i2l();
                        compareUnsigned(out);
                        out.ifgt(doubt.in(out));
                        out.lload(VALUE).l2i().istore(COUNT);
                        if (unit > 1) {
                            out.iload(COUNT).loadConstant(unit - 1).iand().ifne(doubt.in(out));
                        }
                    });
            store(out -> out.iload(AT).i2l());
            store(out -> {
                if (isText) {
                    loadAt(out, 0);
                    out.iload(COUNT);
                    textBytes(out, unit);
                } else {
                    out.iload(COUNT).i2l();
                }
            });
            emit(8, out -> out.iload(AT).iload(COUNT).iadd().istore(AT));
        }
        behindBytes();
    }

    private void zero(CodeBuilder out, int unit) {
        out.aload(PACKET).iload(AT).iload(END);
        if (unit == 1) {
            out.invokestatic(
                    LOADS,
                    "zero",
                    MethodTypeDesc.of(CD_int, RecordCompiler.SEGMENT, CD_int, CD_int));
        } else {
            out.loadConstant(unit);
            out.invokestatic(
                    LOADS,
                    "zero",
                    MethodTypeDesc.of(CD_int, RecordCompiler.SEGMENT, CD_int, CD_int, CD_int));
        }
        out.istore(COUNT).iload(COUNT).iflt(doubt.in(out));
    }

    private static void textBytes(CodeBuilder out, int unit) {
        out.loadConstant(unit);
        out.invokestatic(
                LOADS,
                "textBytes",
                MethodTypeDesc.of(CD_int, RecordCompiler.SEGMENT, CD_int, CD_int, CD_int));
        out.i2l();
    }

    private static void loadKey(CodeBuilder out, FieldLayout user) {
        out.aload(REGISTERS).loadConstant(user.lengthRegister).laload().lstore(VALUE);
    }

    private static void compareUnsigned(CodeBuilder out) {
        out.invokestatic(LONG, "compareUnsigned", MethodTypeDesc.of(CD_int, CD_long, CD_long));
    }

    // Several fields.

    /// Whether elements are integers of whole bytes, one behind the other, and nothing besides.
    private static boolean isPlain(FieldLayout element) {
        int size = element.sizeBits;
        return (element.kind == Kind.INTEGER || element.kind == Kind.FLOAT)
                && (size == 8 || size == 16 || size == 32 || size == 64)
                && element.alignmentBits <= size
                && !element.isVariable
                && !element.isReversed
                && !element.movesClock
                && element.roles.length == 0
                && element.registers.length == 0;
    }

    private void array(FieldLayout field) {
        FieldLayout element = field.parts[0];
        align(field.alignmentBits);
        boolean isShort = field.length <= MAX_UNROLLED;
        if (isShort) {
            for (int i = 0; i < field.length; i++) {
                decode(element);
            }
            return;
        }
        if (field.length > MAX_STATIC_BYTES) {
            giveUp();
            return;
        }
        emit(8, out -> out.loadConstant(field.length).lstore(VALUE));
        elements(element);
    }

    private void sequence(FieldLayout field) {
        emit(10, out -> loadKey(out, field));
        store(out -> out.lload(VALUE));
        align(field.alignmentBits);
        elements(field.parts[0]);
    }

    /// Decodes as many elements as the local VALUE says.
    private void elements(FieldLayout element) {
        materialize();
        materializeSlot();
        if (offset != 0 || element.leastBits == 0 || element.leastBits > Integer.MAX_VALUE) {
            giveUp();
            return;
        }
        emit(
                24,
                out -> {
                    out.lload(VALUE);
                    out.iload(END).iload(AT).isub().i2l().loadConstant(8L).lmul();
                    out.loadConstant(element.leastBits).ldiv();
                    compareUnsigned(out);
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
        int size = element.sizeBits / 8;
        emit(
                46,
                out -> {
                    out.aload(SLOTS).arraylength().iload(SLOT).isub().iload(COUNT);
                    out.if_icmplt(doubt.in(out));
                    out.aload(PACKET).iload(AT).aload(SLOTS).iload(SLOT).iload(COUNT);
                    out.loadConstant(size);
                    out.loadConstant(element.isSigned ? 1 : 0)
                            .loadConstant(element.isBigEndian ? 1 : 0);
                    out.invokestatic(
                            LOADS,
                            "elements",
                            MethodTypeDesc.of(
                                    CD_void,
                                    RecordCompiler.SEGMENT,
                                    CD_int,
                                    CD_long.arrayType(),
                                    CD_int,
                                    CD_int,
                                    CD_int,
                                    CD_boolean,
                                    CD_boolean));
                    out.iload(AT).iload(COUNT).loadConstant(size).imul().iadd().istore(AT);
                    out.iload(SLOT).iload(COUNT).iadd().istore(SLOT);
                });
        modulus = Math.min(modulus, element.sizeBits);
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
        if (field.tagLower.length > MAX_RANGES) {
            giveUp();
            return;
        }
        materialize();
        materializeSlot();
        boolean isOptional = field.kind == Kind.OPTIONAL;
        emit(10, out -> loadKey(out, field));
        Mark[] options = new Mark[field.parts.length];
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
            decode(field.parts[i]);
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
        if (field.isTagBoolean) {
            return true;
        }
        for (int selected : field.tagOption) {
            if (selected == option) {
                return true;
            }
        }
        return false;
    }

    /// Jumps to the option that the local VALUE selects.
    private void select(FieldLayout field, Mark[] options) {
        if (field.isTagBoolean) {
            emit(8, out -> out.lload(VALUE).lconst_0().lcmp().ifne(options[0].in(out)));
            return;
        }
        for (int i = 0; i < field.tagOption.length; i++) {
            long lower = field.tagLower[i];
            long upper = field.tagUpper[i];
            Mark option = options[field.tagOption[i]];
            emit(
                    28,
                    out -> {
                        if (lower == upper) {
                            out.lload(VALUE).loadConstant(lower).lcmp().ifeq(option.in(out));
                            return;
                        }
                        Label next = out.newLabel();
                        out.lload(VALUE).loadConstant(lower);
                        compare(out, field.isTagSigned);
                        out.iflt(next);
                        out.lload(VALUE).loadConstant(upper);
                        compare(out, field.isTagSigned);
                        out.ifle(option.in(out));
                        out.labelBinding(next);
                    });
        }
    }

    private static void compare(CodeBuilder out, boolean isSigned) {
        if (isSigned) {
            out.lcmp();
        } else {
            compareUnsigned(out);
        }
    }

    /// What two branches have in common.
    private Place joined(Place one, Place other) {
        int common = Math.min(one.modulus(), other.modulus());
        while (common >= 8 && (one.residue() - other.residue() & common - 1) != 0) {
            common >>= 1;
        }
        boolean isSame = one.offset() == other.offset() && common >= 8;
        if (!isSame || one.offset() != 0 && one.order() != other.order()) {
            giveUp();
            return one;
        }
        return new Place(
                common,
                one.residue() & common - 1,
                one.offset(),
                one.order() == other.order() ? one.order() : 0);
    }
}
