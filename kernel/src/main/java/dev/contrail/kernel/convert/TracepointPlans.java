// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.convert;

import static dev.contrail.ctf.FieldClass.signed;
import static dev.contrail.ctf.FieldClass.text;
import static dev.contrail.ctf.FieldClass.unsigned;

import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.VariantClass;
import dev.contrail.kernel.schema.LttngEvents;
import dev.contrail.kernel.schema.LttngField;
import dev.contrail.kernel.tracefs.EventFormat;
import dev.contrail.kernel.tracefs.EventFormat.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Plans for tracepoints: from LTTng's fields where it has a class, by rule elsewhere
/// (`lttng-kernel-schema.md` sections 6 and 7).
public final class TracepointPlans {
    private static final Pattern ARRAY = Pattern.compile("([iux]\\d+)\\[(\\w+)]");
    private static final Pattern SEQUENCE = Pattern.compile("(\\w+)\\[] \\(len (u\\d+)\\)");
    private static final int COMM_BYTES = 16;
    private static final int SEQUENCE_LENGTH_BYTES = 2;
    private static final List<String> SOFT_INTERRUPTS =
            List.of(
                    "HI",
                    "TIMER",
                    "NET_TX",
                    "NET_RX",
                    "BLOCK",
                    "IRQ_POLL",
                    "TASKLET",
                    "SCHED",
                    "HRTIMER",
                    "RCU");
    private static final Map<String, String> SCHED_NAMES =
            Map.of(
                    "pid", "tid",
                    "prev_pid", "prev_tid",
                    "next_pid", "next_tid",
                    "old_pid", "old_tid",
                    "parent_pid", "parent_tid",
                    "child_pid", "child_tid");
    private static final Set<String> SCHED_PRIORITIES =
            Set.of("prio", "prev_prio", "next_prio", "oldprio", "newprio");

    private TracepointPlans() {}

    /// The plan for an event that LTTng knows. Fields that this kernel does not have are zero.
    public static PlanBuilder known(LttngEvents.Row row, EventFormat format) {
        var plan = new PlanBuilder();
        boolean isFork = row.name().equals("sched_process_fork");
        if (isFork && format.field("child_pid").isPresent()) {
            int parent = format.field("parent_pid").orElseThrow().offset();
            int child = format.field("child_pid").orElseThrow().offset();
            plan.ofThread(RecordPlan.BORN, parent, child);
        }
        for (LttngField field : row.fields()) {
            if (isFork && forked(plan, field, format)) {
                continue;
            }
            String sourceName = row.sources().getOrDefault(field.name(), field.name());
            @Nullable Field source = format.field(sourceName).orElse(null);
            if (row.priorities().contains(field.name()) && source != null) {
                plan.member(field.name(), signed(32)).priority(source.offset());
            } else if (!special(plan, row, field, source, format)) {
                plain(plan, field, source);
            }
        }
        return plan;
    }

    /// The plan for an event by rule: fields in format order.
    public static PlanBuilder byRule(EventFormat format) {
        var plan = new PlanBuilder();
        boolean isSched = format.system().equals("sched");
        var names = format.fields().stream().map(Field::name).toList();
        for (Field field : format.fields()) {
            String name =
                    isSched ? SCHED_NAMES.getOrDefault(field.name(), field.name()) : field.name();
            if (!name.equals(field.name()) && names.contains(name)) {
                name = field.name();
            }
            if (plan.has("_" + name)) {
                continue;
            }
            if (isSched && SCHED_PRIORITIES.contains(name) && field.bytes() == 4) {
                plan.member(name, signed(32)).priority(field.offset());
            } else {
                byRule(plan, name, field, format);
            }
        }
        return plan;
    }

    private static void byRule(PlanBuilder plan, String name, Field field, EventFormat format) {
        if (field.isArray() && field.bytes() == 0) {
            if (format.name().equals("raw_data")) {
                plan.sequence(name, unsigned(32), unsigned(8)).bytesToTheEnd(field);
            } else {
                plan.stringMember(name).string(field);
            }
        } else if (field.isDynamic() && field.isText()) {
            plan.stringMember(name).string(field);
        } else if (field.isDynamic()) {
            plan.sequence(name, unsigned(8 * SEQUENCE_LENGTH_BYTES), element(field))
                    .elements(field, SEQUENCE_LENGTH_BYTES, field.elementBytes());
        } else if (field.isArray() && field.isText()) {
            plan.member(name, text(field.bytes())).copy(field.offset(), field.bytes());
        } else if (field.isArray() || !isScalar(field.bytes())) {
            boolean isWhole = field.isArray() && field.bytes() % field.elementBytes() == 0;
            int elementBytes = isWhole ? field.elementBytes() : 1;
            FieldClass element = isWhole ? element(field) : unsigned(8);
            plan.array(name, element, field.bytes() / elementBytes)
                    .copy(field.offset(), field.bytes());
        } else {
            IntegerClass integer =
                    field.isSigned() ? signed(8 * field.bytes()) : unsigned(8 * field.bytes());
            plan.member(name, field.isPointer() ? integer.inBase(16) : integer)
                    .copy(field.offset(), field.bytes());
        }
    }

    /// A field whose value has the same meaning on both sides, whatever its width.
    private static void plain(PlanBuilder plan, LttngField field, @Nullable Field source) {
        String type = field.type();
        Matcher array = ARRAY.matcher(type);
        Matcher sequence = SEQUENCE.matcher(type);
        if (PlanBuilder.isInteger(type)) {
            IntegerClass integer = PlanBuilder.integer(type);
            plan.member(field.name(), integer);
            int bytes = integer.sizeBits() / 8;
            if (source == null || source.isDynamic() || source.isArray()) {
                plan.zero(bytes);
            } else if (type.equals("u16be")) {
                plan.swap16(source.offset());
            } else {
                plan.integer(source, bytes);
            }
        } else if (type.equals("text16")) {
            plan.member(field.name(), text(COMM_BYTES));
            if (source == null || !source.isText()) {
                plan.zero(COMM_BYTES);
            } else {
                plan.text(source, COMM_BYTES);
            }
        } else if (type.equals("string")) {
            plan.stringMember(field.name());
            if (source == null) {
                plan.zero(1);
            } else {
                plan.string(source);
            }
        } else if (array.matches()) {
            array(plan, field.name(), PlanBuilder.integer(array.group(1)), array.group(2), source);
        } else if (sequence.matches()) {
            sequence(plan, field.name(), sequence.group(1), sequence.group(2), source);
        } else {
            throw new IllegalArgumentException("field " + field.name() + " of type " + type);
        }
    }

    private static void array(
            PlanBuilder plan,
            String name,
            IntegerClass element,
            String count,
            @Nullable Field source) {
        int elementBytes = element.sizeBits() / 8;
        int elements;
        if (Character.isDigit(count.charAt(0))) {
            elements = Integer.parseInt(count);
        } else if (source != null) {
            elements = source.bytes() / elementBytes;
        } else {
            return;
        }
        int bytes = elements * elementBytes;
        plan.array(name, element, elements);
        if (source == null || source.isDynamic()) {
            plan.zero(bytes);
        } else {
            int copied = Math.min(bytes, source.bytes());
            plan.copy(source.offset(), copied);
            if (copied < bytes) {
                plan.zero(bytes - copied);
            }
        }
    }

    private static void sequence(
            PlanBuilder plan, String name, String element, String length, @Nullable Field source) {
        IntegerClass elementClass =
                element.equals("text")
                        ? new IntegerClass(8, 8, true, unsigned(8).byteOrder(), 10, true, "")
                        : PlanBuilder.integer(element);
        IntegerClass lengthClass = PlanBuilder.integer(length);
        plan.sequence(name, lengthClass, elementClass);
        if (source == null) {
            plan.zero(lengthClass.sizeBits() / 8);
        } else {
            plan.elements(source, lengthClass.sizeBits() / 8, elementClass.sizeBits() / 8);
        }
    }

    /// What is not a copy (schema section 7). Says whether the field is such a one.
    private static boolean special(
            PlanBuilder plan,
            LttngEvents.Row row,
            LttngField field,
            @Nullable Field source,
            EventFormat format) {
        if (field.name().equals("rwbs") && source != null && source.isText()) {
            plan.member("rwbs", unsigned(32)).blockFlags(source);
            return true;
        }
        if (field.name().equals("tid") && source == null) {
            plan.member("tid", signed(32)).copy(EventFormat.COMMON_PID, 4);
            return true;
        }
        if (row.name().startsWith("irq_softirq_") && field.name().equals("name")) {
            var labels = new ArrayList<Mapping>();
            for (int i = 0; i < SOFT_INTERRUPTS.size(); i++) {
                labels.add(new Mapping(SOFT_INTERRUPTS.get(i), i, i));
            }
            plan.member("name", new EnumerationClass(unsigned(8), labels))
                    .integer(format.field("vec").orElseThrow(), 1);
            return true;
        }
        return networkHeader(plan, field);
    }

    /// Tracepoints do not carry the packet's headers: always `unknown`, without fields.
    private static boolean networkHeader(PlanBuilder plan, LttngField field) {
        if (field.name().equals("network_header_type")) {
            var kind = new EnumerationClass(unsigned(8), List.of(new Mapping("_unknown", 0, 0)));
            plan.member(field.name(), kind).zero(1);
            return true;
        }
        if (field.name().equals("network_header")) {
            var unknown = new Member("_unknown", new StructureClass(List.of(), 1));
            plan.member(field.name(), new VariantClass("_network_header_type", List.of(unknown)));
            return true;
        }
        return false;
    }

    /// The fields of a fork that no kernel field feeds: the kernel's `pid`s are thread ids.
    private static boolean forked(PlanBuilder plan, LttngField field, EventFormat format) {
        int parent = format.field("parent_pid").orElseThrow().offset();
        int child = format.field("child_pid").orElseThrow().offset();
        switch (field.name()) {
            case "parent_pid" ->
                    plan.member("parent_pid", signed(32))
                            .ofThread(RecordPlan.PROCESS_OF, parent, 0);
            case "child_pid" ->
                    plan.member("child_pid", signed(32)).ofThread(RecordPlan.PROCESS_OF, child, 0);
            case "parent_ns_inum" ->
                    plan.member("parent_ns_inum", unsigned(32))
                            .ofThread(RecordPlan.PID_NAMESPACE_OF, parent, 0);
            case "child_ns_inum" ->
                    plan.member("child_ns_inum", unsigned(32))
                            .ofThread(RecordPlan.PID_NAMESPACE_OF, child, 0);
            case "vtids" ->
                    plan.sequence("vtids", unsigned(8), signed(32))
                            .ofThread(RecordPlan.VIRTUAL_IDS_OF, child, 0);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean isScalar(int bytes) {
        return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
    }

    private static IntegerClass element(Field field) {
        int bits = 8 * field.elementBytes();
        return field.isSigned() && field.elementBytes() > 1 ? signed(bits) : unsigned(bits);
    }
}
