// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.statedump;

import static dev.contrail.tracer.ring.FieldType.S32;
import static dev.contrail.tracer.ring.FieldType.S64;
import static dev.contrail.tracer.ring.FieldType.STRING;
import static dev.contrail.tracer.ring.FieldType.U32;
import static dev.contrail.tracer.ring.FieldType.U64;
import static dev.contrail.tracer.ring.FieldType.U8;

import dev.contrail.tracer.ring.EventField;

/// The event classes of state dumps, in the order in which they are recorded.
final class DumpEvents {
    static final String LAST = "end";

    final DumpEvent start = new DumpEvent("start");

    /// As LTTng-UST has it.
    final DumpEvent procname = new DumpEvent("procname", new EventField("procname", STRING));

    final DumpEvent process =
            new DumpEvent(
                    "process",
                    new EventField("vpid", S32),
                    new EventField("command_line", STRING),
                    new EventField("working_directory", STRING),
                    new EventField("user", STRING),
                    new EventField("processors", S32),
                    new EventField("memory_limit", U64));
    final DumpEvent jvm =
            new DumpEvent(
                    "jvm",
                    new EventField("java_version", STRING),
                    new EventField("vm_name", STRING),
                    new EventField("vm_version", STRING),
                    new EventField("java_home", STRING),
                    new EventField("max_heap", U64));

    /// A flag of the JVM, and who has set it: `DEFAULT`, `VM_CREATION` (the command line),
    /// `ENVIRON_VAR`, `ERGONOMIC`, `MANAGEMENT`, …
    final DumpEvent flag =
            new DumpEvent(
                    "flag",
                    new EventField("flag", STRING),
                    new EventField("value", STRING),
                    new EventField("origin", STRING));

    /// An entry of the class path or the module path.
    final DumpEvent path =
            new DumpEvent(
                    "path",
                    new EventField("kind", STRING),
                    new EventField("position", U32),
                    new EventField("path", STRING));

    /// An agent that the command line or `JAVA_TOOL_OPTIONS` has asked for, with its options behind
    /// a `=`.
    final DumpEvent agent =
            new DumpEvent("agent", new EventField("kind", STRING), new EventField("agent", STRING));

    /// A thread; `tid` is 0 as long as it has recorded nothing.
    final DumpEvent thread =
            new DumpEvent(
                    "thread",
                    new EventField("tid", S32),
                    new EventField("java_thread_id", S64),
                    new EventField("thread_name", STRING),
                    new EventField("daemon", U8));

    final DumpEvent end = new DumpEvent(LAST);
}
