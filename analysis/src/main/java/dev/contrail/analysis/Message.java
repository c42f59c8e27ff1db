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
    ///
    /// @param nanos since the origin; empty when packets have no begin time
    /// @param ticks the same of the stream's clock, unsigned; of no worth when `nanos` is empty
    record PacketBegin(TraceStream stream, OptionalLong nanos, long ticks, PacketContext context)
            implements Message {}

    /// A packet ends.
    ///
    /// @param nanos since the origin; empty when packets have no end time
    /// @param ticks the same of the stream's clock, unsigned; of no worth when `nanos` is empty
    record PacketEnd(TraceStream stream, OptionalLong nanos, long ticks) implements Message {}

    /// The tracer found no space for events.
    ///
    /// @param count how many; 0 when the tracer tells no number, only that there may be some
    /// @param beginNanos since the origin, as `endNanos`; empty when packets have no times
    /// @param beginTicks the same of the stream's clock, as `endTicks`, unsigned
    record DiscardedEvents(
            TraceStream stream,
            long count,
            OptionalLong beginNanos,
            OptionalLong endNanos,
            long beginTicks,
            long endTicks)
            implements Message {}

    /// Packets of a stream are missing.
    ///
    /// @param beginNanos since the origin, as `endNanos`; empty when packets have no times
    /// @param beginTicks the same of the stream's clock, as `endTicks`, unsigned
    record DiscardedPackets(
            TraceStream stream,
            long count,
            OptionalLong beginNanos,
            OptionalLong endNanos,
            long beginTicks,
            long endTicks)
            implements Message {}

    /// Something could not be read; what follows can.
    record Damage(String what) implements Message {}
}
