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
                Message.Loss,
                Message.Inactivity,
                Message.Damage {

    /// A stream's first message.
    ///
    /// @param nanos since the origin; empty unless a range of time cuts the stream there
    /// @param ticks the same of the stream's clock, unsigned; of no worth when `nanos` is empty
    record StreamBegin(TraceStream stream, OptionalLong nanos, long ticks) implements Message {
        StreamBegin(TraceStream stream) {
            this(stream, OptionalLong.empty(), 0);
        }
    }

    /// A stream's last message.
    ///
    /// @param nanos since the origin; empty unless a range of time cuts the stream there
    /// @param ticks the same of the stream's clock, unsigned; of no worth when `nanos` is empty
    record StreamEnd(TraceStream stream, OptionalLong nanos, long ticks) implements Message {
        StreamEnd(TraceStream stream) {
            this(stream, OptionalLong.empty(), 0);
        }
    }

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

    /// Something was lost at a time that may not be known.
    sealed interface Loss extends Message permits DiscardedEvents, DiscardedPackets {
        TraceStream stream();

        /// How many; 0 when that is not known, only that there may be some.
        long count();

        /// Since the origin; empty when packets have no times.
        OptionalLong beginNanos();

        /// Since the origin; empty when packets have no times.
        OptionalLong endNanos();

        /// Of the stream's clock, unsigned; of no worth when `beginNanos` is empty.
        long beginTicks();

        /// Of the stream's clock, unsigned; of no worth when `endNanos` is empty.
        long endTicks();

        /// A part of the loss: how much was lost in it is not known.
        Loss from(OptionalLong beginNanos, long beginTicks);

        /// A part of the loss: how much was lost in it is not known.
        Loss until(OptionalLong endNanos, long endTicks);
    }

    /// The tracer found no space for events.
    record DiscardedEvents(
            TraceStream stream,
            long count,
            OptionalLong beginNanos,
            OptionalLong endNanos,
            long beginTicks,
            long endTicks)
            implements Loss {
        @Override
        public DiscardedEvents from(OptionalLong nanos, long ticks) {
            return new DiscardedEvents(stream, 0, nanos, endNanos, ticks, endTicks);
        }

        @Override
        public DiscardedEvents until(OptionalLong nanos, long ticks) {
            return new DiscardedEvents(stream, 0, beginNanos, nanos, beginTicks, ticks);
        }
    }

    /// Packets of a stream are missing.
    record DiscardedPackets(
            TraceStream stream,
            long count,
            OptionalLong beginNanos,
            OptionalLong endNanos,
            long beginTicks,
            long endTicks)
            implements Loss {
        @Override
        public DiscardedPackets from(OptionalLong nanos, long ticks) {
            return new DiscardedPackets(stream, 0, nanos, endNanos, ticks, endTicks);
        }

        @Override
        public DiscardedPackets until(OptionalLong nanos, long ticks) {
            return new DiscardedPackets(stream, 0, beginNanos, nanos, beginTicks, ticks);
        }
    }

    /// Nothing of the stream will come before a time: of streams that are still being recorded.
    ///
    /// @param untilNanos since the origin
    /// @param ticks the same of the stream's clock, unsigned
    record Inactivity(TraceStream stream, long untilNanos, long ticks) implements Message {}

    /// Something could not be read; what follows can.
    record Damage(String what) implements Message {}
}
