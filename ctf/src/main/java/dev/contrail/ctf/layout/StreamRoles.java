// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.FieldLayout.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// Finds what the fields of a stream class mean: sizes, times, counts, and of which clock the times
/// are (`ctf.md` sections 7 and 8; 13.5 for CTF 2).
final class StreamRoles {
    /// The clock of time stamps in metadata without clocks.
    private static final ClockClass IMPLICIT_CLOCK =
            new ClockClass("default", "", "", 1_000_000_000L, 0, 0, 0, false);

    private final String file;
    private final List<ClockClass> clocks;

    /// @param file how messages call the metadata
    StreamRoles(String file, List<ClockClass> clocks) {
        this.file = file;
        this.clocks = clocks;
    }

    /// CTF 2: the metadata says what fields mean, and of which clock time stamps are.
    void giveRoles(StreamPlan plan) {
        Roles.giveAsDeclared(plan.packetContext, Scope.PACKET_CONTEXT, plan.roles);
        plan.isBeginOfClock = plan.hasBegin();
        // As in babeltrace2 2.1.1, a packet context without members is as good as none.
        plan.packetContext.isHidden =
                plan.packetContext.parts.length == 0 || isAllHidden(plan.packetContext);
        var ofHeader = new HashMap<Role, FieldLayout>();
        Roles.giveAsDeclared(plan.eventHeader, Scope.EVENT_HEADER, ofHeader);
        if (ofHeader.containsKey(Role.EVENT_CLASS_ID)) {
            plan.roles.put(Role.EVENT_CLASS_ID, ofHeader.get(Role.EVENT_CLASS_ID));
        }
        for (ClockClass clock : clocks) {
            if (clock.id().equals(plan.streamClass().clock())) {
                plan.clock = clock;
            }
        }
    }

    /// CTF 1.8: names say what fields mean.
    void giveByNames(StreamPlan plan, String where) throws CtfException {
        FieldLayout context = plan.packetContext;
        Roles.give(context, "packet_size", Role.PACKET_SIZE, plan.roles);
        Roles.give(context, "content_size", Role.CONTENT_SIZE, plan.roles);
        Roles.give(context, "timestamp_begin", Role.BEGIN, plan.roles);
        Roles.give(context, "timestamp_end", Role.END, plan.roles);
        Roles.give(context, "events_discarded", Role.DISCARDED, plan.roles);
        Roles.give(context, "packet_seq_num", Role.SEQUENCE, plan.roles);
        Roles.giveAll(plan.eventHeader, "id", Role.EVENT_CLASS_ID, plan.roles);
        mapTime(plan, where);
        FieldLayout begin = plan.roles.get(Role.BEGIN);
        // a whole time is the begin, whatever moves the clock after it
        plan.isBeginOfClock = begin != null && begin.movesClock && begin.sizeBits() < Long.SIZE;
        FieldLayout end = plan.roles.get(Role.END);
        if (end != null) {
            end.movesClock = false;
        }
        hide(context);
    }

    /// Hides structures that have lost all their members to meanings.
    private static void hide(FieldLayout layout) {
        for (FieldLayout part : layout.parts) {
            hide(part);
        }
        if (layout.kind == Kind.STRUCTURE) {
            layout.isHidden = isAllHidden(layout);
        }
    }

    private static boolean isAllHidden(FieldLayout structure) {
        boolean isAllHidden = structure.parts.length > 0;
        for (FieldLayout part : structure.parts) {
            isAllHidden &= part.isHidden;
        }
        return isAllHidden;
    }

    /// Finds the clock, after mapping the well-known fields that no `map` was given.
    private void mapTime(StreamPlan plan, String where) throws CtfException {
        FieldLayout context = plan.packetContext;
        for (String name : List.of("timestamp_begin", "timestamp_end")) {
            Optional<FieldLayout> field = Roles.member(context, name);
            if (field.isPresent()) {
                mapTime(plan, field.get(), where);
            }
        }
        mapAll(plan, plan.eventHeader, where);
        collectClock(plan, context, where);
        collectClock(plan, plan.eventHeader, where);
        collectClock(plan, plan.commonContext, where);
    }

    private void mapAll(StreamPlan plan, FieldLayout layout, String where) throws CtfException {
        for (int i = 0; i < layout.parts.length; i++) {
            if (layout.kind == Kind.STRUCTURE && layout.fullName(i).equals("timestamp")) {
                mapTime(plan, layout.parts[i], where);
            }
            mapAll(plan, layout.parts[i], where);
        }
    }

    private void mapTime(StreamPlan plan, FieldLayout field, String where) throws CtfException {
        if (field.kind != Kind.INTEGER || field.isSigned || !clockOf(field).isEmpty()) {
            return;
        }
        if (clocks.size() > 1) {
            throw new CtfException(
                    file, where + ": a time stamp without `map`, though there are several clocks");
        }
        ClockClass clock = clocks.isEmpty() ? IMPLICIT_CLOCK : clocks.getFirst();
        field.movesClock = true;
        field.isHidden = true;
        use(plan, clock, where);
    }

    private static String clockOf(FieldLayout field) {
        return switch (field.fieldClass) {
            case IntegerClass integer -> integer.clock();
            case EnumerationClass(IntegerClass integer, var _) -> integer.clock();
            case FieldClass _ -> "";
        };
    }

    void collectClock(StreamPlan plan, FieldLayout layout, String where) throws CtfException {
        String name = layout.kind == Kind.INTEGER ? clockOf(layout) : "";
        if (!name.isEmpty()) {
            for (ClockClass clock : clocks) {
                if (clock.id().equals(name)) {
                    use(plan, clock, where);
                }
            }
        }
        for (FieldLayout part : layout.parts) {
            collectClock(plan, part, where);
        }
    }

    private void use(StreamPlan plan, ClockClass clock, String where) throws CtfException {
        if (plan.clock != null && plan.clock != clock) {
            throw new CtfException(
                    file,
                    "%s: time stamps of two clocks, `%s` and `%s`"
                            .formatted(where, plan.clock.id(), clock.id()));
        }
        plan.clock = clock;
    }
}
