// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A stream class with the layouts of its scopes, its clock and its event classes.
public final class StreamPlan {
    private final StreamClass streamClass;
    final FieldLayout packetContext;
    final FieldLayout eventHeader;
    final FieldLayout commonContext;
    final Map<Long, EventPlan> events = new HashMap<>();
    final Set<Role> roles = EnumSet.noneOf(Role.class);

    /// Null when no field counts a clock's ticks.
    ClockClass clock;

    /// The event class of records without an id, null when there is none.
    EventPlan onlyEvent;

    /// Sizes of the counters, for their wrapping.
    int discardedBits = 64;

    int sequenceBits = 64;

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

    public StreamClass streamClass() {
        return streamClass;
    }

    /// The clock of all time stamps of the stream class, if they have one.
    public Optional<ClockClass> clock() {
        return Optional.ofNullable(clock);
    }

    public boolean hasBegin() {
        return roles.contains(Role.BEGIN);
    }

    public boolean hasEnd() {
        return roles.contains(Role.END);
    }

    public boolean hasDiscarded() {
        return roles.contains(Role.DISCARDED);
    }

    public boolean hasSequence() {
        return roles.contains(Role.SEQUENCE);
    }

    /// Bits of the counter of discarded events, which wraps.
    public int discardedBits() {
        return discardedBits;
    }

    /// Bits of the packet counter, which wraps.
    public int sequenceBits() {
        return sequenceBits;
    }
}
