// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.statedump;

import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.kernel.convert.PlanBuilder;
import dev.contrail.kernel.schema.LttngField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The event classes of a state dump, without the prefix `lttng_statedump_`, and that of
/// [Interruptions], which go into the same stream (`lttng-kernel-schema.md` section 4). `o32` is an
/// unsigned integer shown in base 8.
public final class StateDumpClasses {
    private static final String PREFIX = "lttng_statedump_";
    static final List<String> NAMESPACES = List.of("cgroup", "ipc", "mnt", "net", "uts", "time");

    private StateDumpClasses() {}

    /// Their fields by name, in the order in which LTTng writes them.
    public static SequencedMap<String, StructureClass> all() {
        var classes = new LinkedHashMap<String, StructureClass>();
        classes.put("start", fields("-"));
        classes.put(
                "process_state",
                fields(
                        "i32 tid; i32 pid; i32 ppid; text16 name; i32 type; i32 mode; i32 submode;"
                                + " i32 status; u32 cpu; x64 file_table_address"));
        classes.put(
                "process_pid_ns",
                fields("i32 tid; i32 vtid; i32 vpid; i32 vppid; i32 ns_level; u32 ns_inum"));
        classes.put(
                "process_user_ns",
                fields("i32 tid; u32 vuid; u32 vgid; i32 ns_level; u32 ns_inum"));
        for (String namespace : NAMESPACES) {
            classes.put("process_" + namespace + "_ns", fields("i32 tid; u32 ns_inum"));
        }
        classes.put(
                "file_descriptor",
                fields(
                        "x64 file_table_address; i32 fd; o32 flags; x32 fmode; string filename;"
                                + " i32 pid"));
        classes.put("interrupt", fields("u32 irq; string name; string action; i32 tid"));
        classes.put("network_interface", fields("string name; x32be address_ipv4"));
        classes.put("block_device", fields("u32 dev; string diskname"));
        classes.put(
                "cpu_topology",
                fields(
                        "string architecture; u16 cpu_id; string vendor; u8 family; u8 model;"
                                + " string model_name; u16 physical_id; u16 core_id; u16 cores"));
        classes.put("end", fields("-"));
        classes.put(Interruptions.EVENT, fields("string what; u64 at_most_ns"));
        return classes;
    }

    /// The name in the trace: LTTng's prefix, but for the class that is ours.
    public static String eventName(String name) {
        return name.equals(Interruptions.EVENT) ? name : PREFIX + name;
    }

    private static StructureClass fields(String list) {
        var plan = new PlanBuilder();
        for (LttngField field : LttngField.list(list)) {
            plan.member(field.name(), fieldClass(field.type()));
        }
        return plan.fields();
    }

    private static FieldClass fieldClass(String type) {
        return switch (type) {
            case "text16" -> FieldClass.text(16);
            case "string" -> new TextClass();
            default -> PlanBuilder.integer(type);
        };
    }
}
