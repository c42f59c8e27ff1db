// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Code of a generated method together with what is known beforehand of the place in the packet:
/// `at * 8 + offset` bits, `offset` a constant, and that sum modulo a power of two.
///
/// A *run* is what is read at constant distances from one value of `at`; one check against the
/// content's end serves all of it. The same holds for slots. A run's check stands before the run,
/// so code is collected first and written when all runs are known.
abstract class PlacedCode {
    static final ClassDesc DECODER = ClassDesc.of(FieldDecoder.class.getName());
    static final ClassDesc BYTES = ClassDesc.of(ByteBuffer.class.getName());

    // Locals of every generated method; the first five are its parameters.

    static final int STATE = 0;
    static final int PACKET = 1;
    static final int AT = 2;
    static final int END = 3;
    static final int SLOT = 4;
    static final int SLOTS = 5;
    static final int REGISTERS = 6;
    static final int CLOCK = 7;
    static final int ID = 9;
    static final int VALUE = 11;
    static final int COUNT = 13;
    static final int FIRST_FREE = 14;

    /// Most bytes of code that a method may have, by a generous estimate: HotSpot never compiles a
    /// method of more than 8,000.
    private static final int MAX_CODE = 7000;

    private static final int MAX_ALIGNMENT = 1 << 12;

    /// What is known of the place in the packet where a method begins.
    ///
    /// @param offset bits after `at`, below 8
    /// @param order byte order of the field before, 0 for none
    record Place(int modulus, int residue, int offset, int order) {
        /// At a whole byte.
        static final Place START = new Place(8, 0, 0, 0);
    }

    /// How much is read, or how many slots are filled, from one base on.
    static final class Run {
        int need;
        boolean isForced;
    }

    /// A label that is made when the code is written.
    static final class Mark {
        private @Nullable Label label;

        boolean isUsed() {
            return label != null;
        }

        Label in(CodeBuilder code) {
            Label known = label;
            if (known == null) {
                known = code.newLabel();
                label = known;
            }
            return known;
        }
    }

    private final List<Consumer<CodeBuilder>> code = new ArrayList<>();
    final Mark doubt = new Mark();
    boolean isPossible = true;
    boolean usesClock;

    /// Whether the method goes on after this code.
    boolean isHead;

    private int weight;
    int modulus;
    int residue;
    int offset;
    int order;
    int slotOffset;
    private Run bytes = new Run();
    private Run slots = new Run();

    PlacedCode(Place place) {
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
        out.aload(STATE).getfield(DECODER, "slots", CD_long.arrayType());
        out.astore(SLOTS);
        out.aload(STATE).getfield(DECODER, "registers", CD_long.arrayType());
        out.astore(REGISTERS);
        if (usesClock) {
            out.aload(STATE).getfield(DECODER, "clock", CD_long).lstore(CLOCK);
        }
        out.lconst_0().lstore(ID);
        code.forEach(part -> part.accept(out));
        if (isHead && doubt.isUsed()) {
            Label behind = out.newLabel();
            out.goto_(behind);
            writeDoubt(out);
            out.labelBinding(behind);
        } else {
            writeDoubt(out);
        }
    }

    void writeDoubt(CodeBuilder out) {
        if (!doubt.isUsed()) {
            return;
        }
        out.labelBinding(doubt.in(out)).loadConstant(RecordDecoder.DOUBT).lreturn();
    }

    void emit(int bytesOfCode, Consumer<CodeBuilder> part) {
        weight += bytesOfCode;
        code.add(part);
    }

    void giveUp() {
        isPossible = false;
    }

    Place place() {
        return new Place(modulus, residue, offset, order);
    }

    void enter(Place place) {
        modulus = place.modulus();
        residue = place.residue();
        offset = place.offset();
        order = place.order();
    }

    void advance(int bits) {
        offset += bits;
        residue = residue + bits & modulus - 1;
        bytes.need = Math.max(bytes.need, offset);
    }

    /// Begins a run at the present value of `at`; its check is written with what it will need.
    void beginRun() {
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

    void beginSlotRun() {
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
    void materialize() {
        int whole = offset >> 3;
        if (whole > 0) {
            emit(8, out -> out.iload(AT).loadConstant(whole).iadd().istore(AT));
            offset &= 7;
        }
        beginRun();
    }

    void materializeSlot() {
        int count = slotOffset;
        if (count > 0) {
            emit(8, out -> out.iload(SLOT).loadConstant(count).iadd().istore(SLOT));
        }
        beginSlotRun();
    }

    void align(int bits) {
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

    /// The place after something of unknown length that ends at a whole byte.
    void behindBytes() {
        enter(Place.START);
        beginRun();
    }

    /// Stores into the next slot.
    void store(Consumer<CodeBuilder> value) {
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

    /// What two branches have in common.
    Place joined(Place one, Place other) {
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
