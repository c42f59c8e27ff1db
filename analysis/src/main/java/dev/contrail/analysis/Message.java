// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.util.OptionalLong;

/// What flows through the graph from a source to a sink.
public sealed interface Message
        permits EventRecord,
                Message.StreamBegin,
                Message.StreamEnd,
                Message.PacketBegin,
                Message.PacketEnd,
                Message.DiscardedEvents,
                Message.DiscardedPackets,
                Message.Damage {

    /// A stream's first message.
    record StreamBegin(TraceStream stream) implements Message {}

    /// A stream's last message.
    record StreamEnd(TraceStream stream) implements Message {}

    /// A packet begins.
    record PacketBegin(TraceStream stream, OptionalLong nanos) implements Message {}

    /// A packet ends.
    record PacketEnd(TraceStream stream, OptionalLong nanos) implements Message {}

    /// The tracer found no space for events.
    ///
    /// @param count how many; 0 when the tracer tells no number, only that there may be some
    /// @param beginNanos since the origin, as `endNanos`; empty when packets have no times
    record DiscardedEvents(
            TraceStream stream, long count, OptionalLong beginNanos, OptionalLong endNanos)
            implements Message {}

    /// Packets of a stream are missing.
    record DiscardedPackets(
            TraceStream stream, long count, OptionalLong beginNanos, OptionalLong endNanos)
            implements Message {}

    /// Something could not be read; what follows can.
    record Damage(String what) implements Message {}
}
