// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.Role;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.StreamClass;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A stream class with the layouts of its scopes, its clock and its event classes.
public final class StreamPlan {
    /// The stream class of a decoder that has seen no packet: no fields, no events.
    public static final StreamPlan NONE = none();

    private final StreamClass streamClass;
    final FieldLayout packetContext;
    final FieldLayout eventHeader;
    final FieldLayout commonContext;

    /// The roles that fields of packet context and event header have, and one of those fields: the
    /// last that is declared.
    final Map<Role, FieldLayout> roles = new EnumMap<>(Role.class);

    /// Null when no field counts a clock's ticks.
    @Nullable ClockClass clock;

    /// Whether the packet's begin is the clock's value after the packet context.
    boolean isBeginOfClock;

    private final Map<Long, EventPlan> events = new HashMap<>();
    private final List<EventPlan> numbered = new ArrayList<>();

    /// The event classes by their numbers: looked at for every event record.
    private EventPlan[] byNumber = {};

    StreamPlan(
            StreamClass streamClass,
            FieldLayout packetContext,
            FieldLayout eventHeader,
            FieldLayout commonContext) {
        this.streamClass = streamClass;
        this.packetContext = packetContext;
        this.eventHeader = eventHeader;
        this.commonContext = commonContext;
    }

    private static StreamPlan none() {
        var nothing = new FieldLayout(FieldLayout.Kind.STRUCTURE, StructureClass.ABSENT);
        var streamClass =
                new StreamClass(
                        0, StructureClass.ABSENT, StructureClass.ABSENT, StructureClass.ABSENT);
        return new StreamPlan(streamClass, nothing, nothing, nothing);
    }

    public StreamClass streamClass() {
        return streamClass;
    }

    /// The clock of all time stamps of the stream class, if they have one.
    public Optional<ClockClass> clock() {
        return Optional.ofNullable(clock);
    }

    /// The layout of a scope that all event records of the stream class share, if it is declared.
    public Optional<FieldLayout> layout(Scope scope) {
        return switch (scope) {
            case PACKET_CONTEXT -> packetContext.ifDeclared();
            case EVENT_HEADER -> eventHeader.ifDeclared();
            case COMMON_CONTEXT -> commonContext.ifDeclared();
            case PACKET_HEADER, SPECIFIC_CONTEXT, PAYLOAD -> Optional.empty();
        };
    }

    /// The event class with that id, if it is declared.
    public Optional<EventPlan> event(long id) {
        return Optional.ofNullable(events.get(id));
    }

    /// The packet context's layout: without members where none is declared.
    public FieldLayout packetContext() {
        return packetContext;
    }

    /// The event header's layout: without members where none is declared.
    public FieldLayout eventHeader() {
        return eventHeader;
    }

    /// The layout of the context that all event records share: without members where none is
    /// declared.
    public FieldLayout commonContext() {
        return commonContext;
    }

    /// Whether a field of packet context or event header has that role.
    public boolean has(Role role) {
        return roles.containsKey(role);
    }

    /// The field that has a role, the last that is declared.
    public Optional<FieldLayout> field(Role role) {
        return Optional.ofNullable(roles.get(role));
    }

    /// Whether the packet's begin is the clock's value after the packet context.
    public boolean isBeginOfClock() {
        return isBeginOfClock;
    }

    public boolean hasBegin() {
        return has(Role.BEGIN);
    }

    public boolean hasEnd() {
        return has(Role.END);
    }

    public boolean hasDiscarded() {
        return has(Role.DISCARDED);
    }

    public boolean hasSequence() {
        return has(Role.SEQUENCE);
    }

    /// Bits of the counter of discarded events, which wraps.
    public int discardedBits() {
        return bits(Role.DISCARDED);
    }

    /// Bits of the packet counter, which wraps.
    public int sequenceBits() {
        return bits(Role.SEQUENCE);
    }

    /// The event class that [EventPlan#number] names.
    public EventPlan numbered(int number) {
        return byNumber[number];
    }

    /// All event classes in the metadata's order.
    public List<EventPlan> events() {
        return numbered;
    }

    void add(EventPlan event) {
        events.put(event.eventClass().id(), event);
        numbered.add(event);
    }

    /// There are no more event classes.
    void end() {
        byNumber = numbered.toArray(EventPlan[]::new);
    }

    private int bits(Role role) {
        return roles.containsKey(role) ? roles.get(role).sizeBits : 64;
    }
}
