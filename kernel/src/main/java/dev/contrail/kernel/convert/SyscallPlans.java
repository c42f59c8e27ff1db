// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.convert;

import static dev.contrail.ctf.FieldClass.signed;
import static dev.contrail.ctf.FieldClass.unsigned;

import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.kernel.schema.LttngField;
import dev.contrail.kernel.schema.SyscallTable.Syscall;
import dev.contrail.kernel.tracefs.EventFormat;
import dev.contrail.kernel.tracefs.EventFormat.Field;
import java.util.Map;
import java.util.Optional;

/// Plans for entries and exits of system calls (`lttng-kernel-schema.md` section 5).
///
/// The records of `raw_syscalls` and of `syscalls` start alike: number at offset 8, then 8 bytes
/// for each argument, or the result, at offset 16. So one plan serves both.
public final class SyscallPlans {
    private static final int NUMBER = 8;
    private static final int RESULT = 16;
    private static final int ARGUMENT_BYTES = 8;
    private static final int MOST_ARGUMENTS = 6;

    /// Arguments that LTTng names otherwise than the kernel.
    private static final Map<String, Map<String, String>> OTHER_NAMES =
            Map.of(
                    "clone",
                            Map.of(
                                    "flags", "clone_flags",
                                    "parent_tid", "parent_tidptr",
                                    "child_tid", "child_tidptr"),
                    "mmap", Map.of("offset", "off"),
                    "epoll_ctl", Map.of("op_enum", "op"),
                    "getcpu", Map.of("tcache", "unused"));

    private SyscallPlans() {}

    /// @param format of `syscalls:sys_enter_NAME`, where the kernel has it: newer ones record the
    ///   text of user strings there, and it says what LTTng does not
    public static PlanBuilder entry(Syscall call, Optional<EventFormat> format) {
        var plan = new PlanBuilder();
        if (!call.isKnownToLttng()) {
            for (int i = 0; i < Math.min(call.arguments().size(), MOST_ARGUMENTS); i++) {
                byRule(plan, call.arguments().get(i), i, format);
            }
            return plan;
        }
        for (LttngField field : call.entryFields()) {
            int offset = offset(call, field);
            Optional<Field> userText = userText(format, field);
            if (field.type().equals("string") && userText.isPresent()) {
                plan.stringMember(field.name()).string(userText.get());
            } else if (field.type().equals("string") && offset >= 0) {
                plan.stringMember(field.name()).pointerText(offset);
            } else if (isCopied(field, offset)) {
                IntegerClass integer = PlanBuilder.integer(field.type());
                plan.member(field.name(), integer).copy(offset, integer.sizeBits() / 8);
            } else if (field.name().equals("event") && offset >= 0) {
                plan.member("event", unsigned(64).inBase(16)).copy(offset, ARGUMENT_BYTES);
            } else {
                withoutSource(plan, field);
            }
        }
        return plan;
    }

    /// The result, then what the call gave out; that is known as at the entry only.
    public static PlanBuilder exit(Syscall call) {
        var plan = new PlanBuilder();
        for (LttngField field : call.exitFields()) {
            int offset = offset(call, field);
            if (field.name().equals("ret")) {
                plan.member("ret", PlanBuilder.integer(field.type())).copy(RESULT, 8);
            } else if (field.type().equals("string") && offset >= 0) {
                plan.stringMember(field.name()).pointerTextSaved(offset);
            } else if (isCopied(field, offset)) {
                IntegerClass integer = PlanBuilder.integer(field.type());
                plan.member(field.name(), integer).copySaved(offset, integer.sizeBits() / 8);
            } else {
                withoutSource(plan, field);
            }
        }
        return plan;
    }

    /// `syscall_entry_unknown`: a number that the table does not have.
    public static PlanBuilder unknownEntry() {
        return new PlanBuilder()
                .member("id", signed(32))
                .copy(NUMBER, 4)
                .member("args", new ArrayClass(unsigned(64), MOST_ARGUMENTS))
                .copy(SyscallsInFlight.ARGUMENTS, MOST_ARGUMENTS * ARGUMENT_BYTES);
    }

    /// `syscall_exit_unknown`.
    public static PlanBuilder unknownExit() {
        return new PlanBuilder()
                .member("id", signed(32))
                .copy(NUMBER, 4)
                .member("ret", signed(64))
                .copy(RESULT, 8)
                .member("args", new ArrayClass(unsigned(64), MOST_ARGUMENTS))
                .copySaved(SyscallsInFlight.ARGUMENTS, MOST_ARGUMENTS * ARGUMENT_BYTES);
    }

    /// Where the argument lies that feeds a field, or -1.
    private static int offset(Syscall call, LttngField field) {
        String name =
                OTHER_NAMES
                        .getOrDefault(call.name(), Map.of())
                        .getOrDefault(field.name(), field.name());
        int index = call.arguments().indexOf(name);
        return index < 0 || index >= MOST_ARGUMENTS
                ? -1
                : SyscallsInFlight.ARGUMENTS + index * ARGUMENT_BYTES;
    }

    /// Newer kernels add the text of a user string as a field of its own, named after the argument.
    private static Optional<Field> userText(Optional<EventFormat> format, LttngField field) {
        return format.stream()
                .flatMap(known -> known.fields().stream())
                .filter(known -> known.isDynamic() && known.isText())
                .filter(known -> known.name().matches("_*" + field.name() + "(_val)?"))
                .findFirst();
    }

    private static boolean isCopied(LttngField field, int offset) {
        return offset >= 0 && PlanBuilder.isInteger(field.type()) && !field.type().endsWith("be");
    }

    private static void byRule(
            PlanBuilder plan, String name, int index, Optional<EventFormat> format) {
        int offset = SyscallsInFlight.ARGUMENTS + index * ARGUMENT_BYTES;
        Optional<Field> field = format.flatMap(known -> known.field(name));
        String type = field.map(Field::type).orElse("unsigned long");
        IntegerClass integer =
                switch (type) {
                    case "int", "const int", "pid_t" -> signed(32);
                    case "unsigned int", "unsigned", "u32", "uid_t", "gid_t" -> unsigned(32);
                    case "umode_t" -> unsigned(16);
                    default -> unsigned(64);
                };
        plan.member(name, type.endsWith("*") ? integer.inBase(16) : integer)
                .copy(offset, integer.sizeBits() / 8);
    }

    /// What only the memory of the traced process would tell: zeros, and sequences of nothing.
    private static void withoutSource(PlanBuilder plan, LttngField field) {
        String type = field.type();
        String lengthName = field.name() + "_length";
        if (PlanBuilder.isInteger(type)) {
            IntegerClass integer = PlanBuilder.integer(type);
            plan.member(field.name(), integer).zero(integer.sizeBits() / 8);
        } else if (type.contains("[] (len u32)")) {
            IntegerClass element = PlanBuilder.integer(type.substring(0, type.indexOf('[')));
            plan.sequence(field.name(), unsigned(32), element).zero(4);
        } else if (type.equals("i32[2]")) {
            plan.array(field.name(), signed(32), 2).zero(8);
        } else if (type.equals("custom") && field.name().endsWith("_length")) {
            plan.member(field.name(), unsigned(8)).zero(1);
        } else if (type.equals("custom")) {
            String length = plan.has("__" + lengthName) ? "__" + lengthName : "_" + lengthName;
            plan.member(field.name(), new SequenceClass(unsigned(8), length));
        } else {
            plan.stringMember(field.name()).zero(1);
        }
    }
}
