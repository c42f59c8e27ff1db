// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.convert;

import static dev.contrail.ctf.FieldClass.signed;
import static dev.contrail.ctf.FieldClass.unsigned;

import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.kernel.tracefs.EventFormat;
import dev.contrail.kernel.tracefs.EventFormat.Field;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Puts the fields of an event class together with the operations that fill them.
public final class PlanBuilder {
    private static final Pattern INTEGER = Pattern.compile("(?:enum:)?([iuxo])(8|16|32|64)(be)?");
    private static final int MOST_VIRTUAL_IDS_BYTES = 1 + 4 * 32;
    private static final int POINTER_TEXT_BYTES = 2 + 16 + 1;

    private final List<Member> members = new ArrayList<>();
    private int[] operations = new int[16 * RecordPlan.STRIDE];
    private int used;
    private int leastPayload = EventFormat.COMMON_BYTES;
    private int fixedBytes;
    private int variableFields;

    /// The integer that a type of the data files names; enumerations become their integers, because
    /// their labels change from kernel to kernel.
    public static IntegerClass integer(String type) {
        Matcher form = INTEGER.matcher(type);
        if (!form.matches()) {
            throw new IllegalArgumentException(type + " is not an integer type");
        }
        int bits = Integer.parseInt(form.group(2));
        IntegerClass integer = form.group(1).equals("i") ? signed(bits) : unsigned(bits);
        if (form.group(1).equals("x")) {
            integer = integer.inBase(16);
        } else if (form.group(1).equals("o")) {
            integer = integer.inBase(8);
        }
        return form.group(3) == null ? integer : integer.in(ByteOrder.BIG_ENDIAN);
    }

    static boolean isInteger(String type) {
        return INTEGER.matcher(type).matches();
    }

    /// Declares a field; what fills it follows. The name gets LTTng's underscore.
    public PlanBuilder member(String name, FieldClass fieldClass) {
        members.add(new Member("_" + name, fieldClass));
        return this;
    }

    /// Declares a sequence and its length.
    PlanBuilder sequence(String name, IntegerClass length, FieldClass element) {
        String lengthName = "_" + name + "_length";
        member(lengthName, length);
        return member(name, new SequenceClass(element, "_" + lengthName));
    }

    /// Copies bytes of the record; copies that follow each other become one.
    public PlanBuilder copy(int offset, int bytes) {
        needs(offset + bytes);
        fixedBytes += bytes;
        return copied(RecordPlan.COPY, offset, bytes);
    }

    /// Copies bytes of the arguments at entry.
    public PlanBuilder copySaved(int offset, int bytes) {
        fixedBytes += bytes;
        return copied(RecordPlan.COPY_SAVED, offset, bytes);
    }

    public PlanBuilder zero(int bytes) {
        fixedBytes += bytes;
        if (used > 0 && operations[used - RecordPlan.STRIDE] == RecordPlan.ZERO) {
            operations[used - 1] += bytes;
            return this;
        }
        return add(RecordPlan.ZERO, 0, bytes);
    }

    public PlanBuilder constant(int value, int bytes) {
        fixedBytes += bytes;
        return add(RecordPlan.CONSTANT, value, bytes);
    }

    public PlanBuilder priority(int offset) {
        needs(offset + 4);
        fixedBytes += 4;
        return add(RecordPlan.PRIORITY, offset, 0);
    }

    public PlanBuilder swap16(int offset) {
        needs(offset + 2);
        fixedBytes += 2;
        return add(RecordPlan.SWAP16, offset, 0);
    }

    /// Copies an integer into one of `bytes` bytes.
    public PlanBuilder integer(Field source, int bytes) {
        if (bytes <= source.bytes()) {
            return copy(source.offset(), bytes);
        }
        needs(source.offset() + source.bytes());
        fixedBytes += bytes;
        int argument = source.bytes() | (source.isSigned() ? 16 : 0) | bytes << 8;
        return add(RecordPlan.WIDEN, source.offset(), argument);
    }

    /// Zero-terminated text from wherever the kernel put it.
    public PlanBuilder string(Field source) {
        needs(source.offset() + (source.isDynamic() ? 4 : source.bytes()));
        if (source.isDynamic()) {
            variableFields++;
            return add(located(RecordPlan.STRING_AT, source), source.offset(), 0);
        }
        if (source.isArray() && source.bytes() == 0) {
            variableFields++;
            return add(RecordPlan.STRING_REST, source.offset(), 0);
        }
        if (source.isArray()) {
            fixedBytes += source.bytes() + 1;
            return add(RecordPlan.STRING_IN, source.offset(), source.bytes());
        }
        return pointerText(source.offset());
    }

    public PlanBuilder pointerText(int offset) {
        needs(offset + 8);
        fixedBytes += POINTER_TEXT_BYTES;
        return add(RecordPlan.POINTER_TEXT, offset, 0);
    }

    public PlanBuilder pointerTextSaved(int offset) {
        fixedBytes += POINTER_TEXT_BYTES;
        return add(RecordPlan.POINTER_TEXT_SAVED, offset, 0);
    }

    /// Text of exactly `bytes` bytes.
    public PlanBuilder text(Field source, int bytes) {
        if (source.isDynamic()) {
            needs(source.offset() + 4);
            fixedBytes += bytes + 1;
            return add(located(RecordPlan.TEXT_AT, source), source.offset(), bytes);
        }
        int copied = Math.min(bytes, source.bytes());
        copy(source.offset(), copied);
        return copied < bytes ? zero(bytes - copied) : this;
    }

    /// A sequence's length of `lengthBytes` bytes and its elements.
    public PlanBuilder elements(Field source, int lengthBytes, int elementBytes) {
        if (source.isDynamic()) {
            needs(source.offset() + 4);
            variableFields++;
            int argument = lengthBytes | elementBytes << 8;
            return add(located(RecordPlan.SEQUENCE_AT, source), source.offset(), argument);
        }
        constant(source.bytes() / elementBytes, lengthBytes);
        return copy(source.offset(), source.bytes() / elementBytes * elementBytes);
    }

    PlanBuilder bytesToTheEnd(Field source) {
        needs(source.offset());
        variableFields++;
        return add(RecordPlan.BYTES_REST, source.offset(), 0);
    }

    public PlanBuilder blockFlags(Field source) {
        needs(source.offset() + source.bytes());
        fixedBytes += 4;
        return add(RecordPlan.BLOCK_FLAGS, source.offset(), source.bytes());
    }

    /// An operation on thread ids, see [RecordPlan].
    PlanBuilder ofThread(int operation, int offset, int argument) {
        needs(Math.max(offset, argument) + 4);
        fixedBytes += MOST_VIRTUAL_IDS_BYTES;
        return add(operation, offset, argument);
    }

    boolean has(String memberName) {
        return members.stream().anyMatch(member -> member.name().equals(memberName));
    }

    /// The fields as the metadata declares them.
    public StructureClass fields() {
        return new StructureClass(members, 1);
    }

    /// The plan that writes them, under that event id.
    public RecordPlan plan(int eventId) {
        return new RecordPlan(
                eventId, leastPayload, fixedBytes, variableFields, Arrays.copyOf(operations, used));
    }

    /// Declares a field of the rule's own making: a fixed array.
    PlanBuilder array(String name, FieldClass element, int count) {
        return member(name, new ArrayClass(element, count));
    }

    PlanBuilder stringMember(String name) {
        return member(name, new TextClass());
    }

    private static int located(int operation, Field source) {
        return source.isRelativeLocation() ? operation | RecordPlan.RELATIVE : operation;
    }

    private PlanBuilder copied(int operation, int offset, int bytes) {
        int last = used - RecordPlan.STRIDE;
        if (last >= 0
                && operations[last] == operation
                && operations[last + 1] + operations[last + 2] == offset) {
            operations[last + 2] += bytes;
            return this;
        }
        return add(operation, offset, bytes);
    }

    private void needs(int payloadBytes) {
        leastPayload = Math.max(leastPayload, payloadBytes);
    }

    private PlanBuilder add(int operation, int source, int argument) {
        if (used == operations.length) {
            operations = Arrays.copyOf(operations, 2 * used);
        }
        operations[used] = operation;
        operations[used + 1] = source;
        operations[used + 2] = argument;
        used += RecordPlan.STRIDE;
        return this;
    }
}
