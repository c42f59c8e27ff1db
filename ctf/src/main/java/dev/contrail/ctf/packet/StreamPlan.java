// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.packet;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.LttngSchema;
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
    static final StreamPlan NONE = none();

    private final StreamClass streamClass;
    final FieldLayout packetContext;
    final FieldLayout eventHeader;
    final FieldLayout commonContext;

    /// The roles that fields of packet context and event header have, and one of those fields: the
    /// last that is declared.
    final Map<Role, FieldLayout> roles = new EnumMap<>(Role.class);

    /// Null when no field counts a clock's ticks.
    @Nullable ClockClass clock;

    /// Whether the packet's begin is the clock's value behind the packet context.
    boolean isBeginOfClock;

    /// What is shared with stream classes of the same layout.
    final StreamCode code;

    private final Map<Long, EventPlan> events = new HashMap<>();
    private final List<EventPlan> numbered = new ArrayList<>();

    /// The event classes by their numbers: looked at for every event record.
    private EventPlan[] byNumber = {};

    StreamPlan(
            StreamClass streamClass,
            StreamCode code,
            FieldLayout packetContext,
            FieldLayout eventHeader,
            FieldLayout commonContext) {
        this.streamClass = streamClass;
        this.code = code;
        this.packetContext = packetContext;
        this.eventHeader = eventHeader;
        this.commonContext = commonContext;
    }

    private static StreamPlan none() {
        var nothing = new FieldLayout(FieldLayout.Kind.STRUCTURE, LttngSchema.EMPTY);
        var streamClass =
                new StreamClass(0, LttngSchema.EMPTY, LttngSchema.EMPTY, LttngSchema.EMPTY);
        return new StreamPlan(streamClass, new StreamCode(0), nothing, nothing, nothing);
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

    public boolean hasBegin() {
        return roles.containsKey(Role.BEGIN);
    }

    public boolean hasEnd() {
        return roles.containsKey(Role.END);
    }

    public boolean hasDiscarded() {
        return roles.containsKey(Role.DISCARDED);
    }

    public boolean hasSequence() {
        return roles.containsKey(Role.SEQUENCE);
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
    EventPlan numbered(int number) {
        return byNumber[number];
    }

    /// All event classes in the metadata's order.
    List<EventPlan> events() {
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
