// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.FieldLayout.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a class of events means here, and where in a record's slots the fields lie that are needed.
final class EventShape {
    /// Those of the kernel's events that are understood, by LTTng's names and fields. The fields
    /// that come first are required, as many as said.
    enum Meaning {
        SWITCH(
                3,
                "prev_tid",
                "prev_state",
                "next_tid",
                "prev_comm",
                "next_comm",
                "prev_prio",
                "next_prio"),
        WAKEUP(1, "tid", "target_cpu", "comm"),
        MIGRATION(1, "tid", "dest_cpu", "comm", "prio"),
        FORK(2, "parent_tid", "child_tid", "parent_pid", "child_pid", "child_comm"),
        EXEC(1, "tid", "filename"),
        EXIT(1, "tid"),
        PROCESS(3, "tid", "pid", "name"),
        DESCRIPTOR(3, "pid", "fd", "filename"),
        ENTRY(
                0,
                "fd",
                "fildes",
                "oldfd",
                "newfd",
                "filename",
                "cmd",
                "in_fd",
                "out_fd",
                "fd_in",
                "fd_out",
                "flags"),
        RETURN(0, "ret"),
        OTHER(0);

        private final int required;
        private final String[] fields;

        Meaning(int required, String... fields) {
            this.required = required;
            this.fields = fields;
        }

        /// Which of its fields that is.
        int field(String name) {
            for (int i = 0; i < fields.length; i++) {
                if (fields[i].equals(name)) {
                    return i;
                }
            }
            throw new IllegalArgumentException(name);
        }
    }

    /// There is no such field.
    private static final int ABSENT = -1;

    /// It must be looked for: what is before it has no fixed size.
    private static final int MOVING = -2;

    private final Meaning meaning;
    private final String name;
    private final String call;
    private final @Nullable FieldLayout payload;
    private final int[] children;
    private final int[] slots;

    private EventShape(Meaning meaning, String name, String call, FieldLayout payload) {
        this.meaning = meaning;
        this.name = name;
        this.call = call;
        this.payload = payload;
        children = new int[meaning.fields.length];
        slots = new int[meaning.fields.length];
        for (int i = 0; i < children.length; i++) {
            children[i] = child(payload, meaning.fields[i]);
            slots[i] = children[i] < 0 ? ABSENT : slot(payload, children[i]);
        }
    }

    static EventShape of(String name, Optional<FieldLayout> payload) {
        if (payload.isPresent()) {
            var known = new EventShape(meaning(name), name, call(name), payload.get());
            boolean isWhole = true;
            for (int i = 0; i < known.meaning.required; i++) {
                isWhole &= known.has(i);
            }
            return isWhole ? known : new EventShape(Meaning.OTHER, name, "", payload.get());
        }
        return new EventShape(
                call(name).isEmpty() ? Meaning.OTHER : meaning(name), name, call(name));
    }

    /// Of a class without fields.
    private EventShape(Meaning meaning, String name, String call) {
        this.meaning = meaning;
        this.name = name;
        this.call = call;
        payload = null;
        children = new int[meaning.fields.length];
        slots = new int[meaning.fields.length];
        Arrays.fill(children, ABSENT);
        Arrays.fill(slots, ABSENT);
    }

    /// Whether it tells what there was when recording began, not what has happened.
    boolean isState() {
        return name.startsWith("lttng_statedump_");
    }

    private static Meaning meaning(String name) {
        return switch (name) {
            case "sched_switch" -> Meaning.SWITCH;
            case "sched_wakeup", "sched_wakeup_new", "sched_waking" -> Meaning.WAKEUP;
            case "sched_migrate_task" -> Meaning.MIGRATION;
            case "sched_process_fork" -> Meaning.FORK;
            case "sched_process_exec" -> Meaning.EXEC;
            case "sched_process_exit" -> Meaning.EXIT;
            case "lttng_statedump_process_state" -> Meaning.PROCESS;
            case "lttng_statedump_file_descriptor" -> Meaning.DESCRIPTOR;
            default -> {
                if (!call(name).isEmpty()) {
                    yield Meaning.ENTRY;
                }
                boolean isReturn =
                        name.startsWith("syscall_exit_") || name.startsWith("exit_syscall");
                yield isReturn ? Meaning.RETURN : Meaning.OTHER;
            }
        };
    }

    /// The system call that the event is the begin of; empty for others.
    private static String call(String name) {
        if (name.startsWith("syscall_entry_")) {
            return name.substring("syscall_entry_".length());
        }
        return name.startsWith("sys_") ? name.substring("sys_".length()) : "";
    }

    Meaning meaning() {
        return meaning;
    }

    String name() {
        return name;
    }

    /// The system call that it is the begin of.
    String call() {
        return call;
    }

    boolean has(int field) {
        return children[field] != ABSENT;
    }

    /// The number in a field; 0 without it.
    ///
    /// @param decoder is at an event of this class
    /// @param first the payload's first slot
    long number(PacketDecoder decoder, int first, int field) {
        if (!has(field)) {
            return 0;
        }
        return child(field).kind() == Kind.INTEGER ? decoder.slots()[at(decoder, first, field)] : 0;
    }

    /// Whether a text is that of the field, byte by byte, up to its first zero.
    boolean isText(PacketDecoder decoder, int first, int field, byte[] text) {
        if (!has(field) || child(field).kind() != Kind.TEXT) {
            return text.length == 0;
        }
        int slot = at(decoder, first, field);
        int start = (int) decoder.slots()[slot];
        if (decoder.slots()[slot + 1] != text.length) {
            return false;
        }
        ByteBuffer bytes = decoder.bytes();
        for (int i = 0; i < text.length; i++) {
            if (bytes.get(start + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    /// The bytes of a text; none without it.
    byte[] text(PacketDecoder decoder, int first, int field) {
        if (!has(field) || child(field).kind() != Kind.TEXT) {
            return new byte[0];
        }
        int slot = at(decoder, first, field);
        byte[] copy = new byte[(int) decoder.slots()[slot + 1]];
        decoder.bytes().get((int) decoder.slots()[slot], copy);
        return copy;
    }

    private FieldLayout child(int field) {
        return Objects.requireNonNull(payload).child(children[field]);
    }

    private int at(PacketDecoder decoder, int first, int field) {
        if (slots[field] >= 0) {
            return first + slots[field];
        }
        int slot = first;
        for (int i = 0; i < children[field]; i++) {
            slot = Objects.requireNonNull(payload).child(i).skip(decoder.slots(), slot);
        }
        return slot;
    }

    private static int child(FieldLayout structure, String name) {
        for (int i = 0; i < structure.childCount(); i++) {
            if (structure.name(i).equals(name)) {
                return i;
            }
        }
        return ABSENT;
    }

    private static int slot(FieldLayout structure, int child) {
        int slot = 0;
        for (int i = 0; i < child; i++) {
            FieldLayout before = structure.child(i);
            switch (before.kind()) {
                case INTEGER, FLOAT -> slot += before.numberSlots();
                case TEXT, BLOB -> slot += 2;
                default -> {
                    return MOVING;
                }
            }
        }
        return slot;
    }
}
