// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.layout.FieldLayout;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What flows through the graph from a source to a sink.
public sealed interface Message
        permits Message.EventRecord,
                Message.StreamBegin,
                Message.StreamEnd,
                Message.PacketBegin,
                Message.PacketEnd,
                Message.Loss,
                Message.Inactivity,
                Message.Damage,
                Message.Remark {

    /// One event record: a cursor over its packet's bytes, valid until the next message is pulled.
    ///
    /// Values come as `Long` (unsigned ones of 64 bits too: see [Long#toUnsignedString(long)]),
    /// `Double`, `Boolean`, `String`, `byte[]` (BLOBs), `List` (arrays), `Map` (structures), that
    /// of the chosen option (variants), or null (optional fields that are not there). Enumerations
    /// give their integer, bit arrays and bit maps their bits. What these methods return may be
    /// kept.
    final class EventRecord implements Message {
        private final TraceStream stream;
        private final PacketDecoder decoder;

        /// Null when the stream has none.
        private final @Nullable ClockTime clock;

        /// For the source of a stream, which moves the decoder.
        ///
        /// @param clock empty when the stream has none
        public EventRecord(TraceStream stream, PacketDecoder decoder, Optional<ClockTime> clock) {
            this.stream = stream;
            this.decoder = decoder;
            this.clock = clock.orElse(null);
        }

        /// The stream that it is of.
        public TraceStream stream() {
            return stream;
        }

        /// What the trace declares of it and of all of its class.
        public EventClass eventClass() {
            return decoder.event().eventClass();
        }

        /// Its class's name.
        public String name() {
            return eventClass().name();
        }

        /// Whether the stream has a clock.
        public boolean hasTime() {
            return clock != null;
        }

        /// Nanoseconds since the clock's origin, for our own traces since the Unix epoch;
        /// [Long#MIN_VALUE] without a clock.
        public long nanos() {
            return clock != null ? clock.nanos(decoder.ticks()) : Long.MIN_VALUE;
        }

        /// Ticks of the stream's clock, unsigned.
        public long ticks() {
            return decoder.ticks();
        }

        /// The value of a payload field, named as it is shown, without the underscore before it.
        public Optional<Object> field(String name) {
            return Optional.ofNullable(fields(Scope.PAYLOAD).get(name));
        }

        /// The fields of a scope in their order; empty when the scope is not declared.
        public SequencedMap<String, Object> fields(Scope scope) {
            Optional<FieldLayout> layout = layout(scope);
            if (layout.isEmpty()) {
                return Collections.emptyNavigableMap();
            }
            return new FieldValues(decoder.slots(), decoder.bytes())
                    .structure(layout.get(), decoder.firstSlot(scope));
        }

        /// What the trace says about where it comes from.
        public Map<String, Object> environment() {
            return stream.trace().environment();
        }

        /// How the fields of a scope lie in its slots; empty when the scope is not declared.
        public Optional<FieldLayout> layout(Scope scope) {
            return decoder.layout(scope);
        }

        /// The decoder that is at it, for sinks that print fields without making objects of them.
        public PacketDecoder decoder() {
            return decoder;
        }
    }

    /// A stream's first message.
    ///
    /// @param nanos since the origin; empty unless a range of time cuts the stream there
    /// @param ticks the same of the stream's clock, unsigned; undefined if `nanos` is empty
    record StreamBegin(TraceStream stream, OptionalLong nanos, long ticks) implements Message {
        /// Of a stream that no range of time cuts.
        public StreamBegin(TraceStream stream) {
            this(stream, OptionalLong.empty(), 0);
        }
    }

    /// A stream's last message.
    ///
    /// @param nanos since the origin; empty unless a range of time cuts the stream there
    /// @param ticks the same of the stream's clock, unsigned; undefined if `nanos` is empty
    record StreamEnd(TraceStream stream, OptionalLong nanos, long ticks) implements Message {
        /// Of a stream that no range of time cuts.
        public StreamEnd(TraceStream stream) {
            this(stream, OptionalLong.empty(), 0);
        }
    }

    /// A packet begins.
    ///
    /// @param nanos since the origin; empty when packets have no begin time
    /// @param ticks the same of the stream's clock, unsigned; undefined if `nanos` is empty
    record PacketBegin(TraceStream stream, OptionalLong nanos, long ticks, PacketContext context)
            implements Message {}

    /// A packet ends.
    ///
    /// @param nanos since the origin; empty when packets have no end time
    /// @param ticks the same of the stream's clock, unsigned; undefined if `nanos` is empty
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

        /// Of the stream's clock, unsigned; undefined if `beginNanos` is empty.
        long beginTicks();

        /// Of the stream's clock, unsigned; undefined if `endNanos` is empty.
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

    /// Something is odd that costs nothing, such as a time that goes back.
    record Remark(String what) implements Message {}
}
