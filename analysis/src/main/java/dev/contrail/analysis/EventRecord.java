// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.packet.FieldLayout;
import dev.contrail.ctf.packet.PacketDecoder;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// One event record: a cursor over its packet's bytes, valid until the next message is pulled.
///
/// Values come as `Long` (unsigned ones of 64 bits too: see [Long#toUnsignedString(long)]),
/// `Double`, `Boolean`, `String`, `byte[]` (BLOBs), `List` (arrays), `Map` (structures), that of
/// the chosen option (variants), or null (optional fields that are not there). Enumerations give
/// their integer, bit arrays and bit maps their bits. What these methods return may be kept.
public final class EventRecord implements Message {
    private final TraceStream stream;
    private final PacketDecoder decoder;
    private final Optional<ClockTime> clock;
    private long nanos = Long.MIN_VALUE;

    EventRecord(TraceStream stream, PacketDecoder decoder, Optional<ClockTime> clock) {
        this.stream = stream;
        this.decoder = decoder;
        this.clock = clock;
    }

    /// Takes over the event record that the decoder has moved to.
    void moved() {
        nanos = clock.isPresent() ? clock.get().nanos(decoder.ticks()) : Long.MIN_VALUE;
    }

    public TraceStream stream() {
        return stream;
    }

    public EventClass eventClass() {
        return decoder.event().eventClass();
    }

    public String name() {
        return eventClass().name();
    }

    /// Whether the stream has a clock.
    public boolean hasTime() {
        return clock.isPresent();
    }

    /// Nanoseconds since the clock's origin, for our own traces since the Unix epoch;
    /// [Long#MIN_VALUE] without a clock.
    public long nanos() {
        return nanos;
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

    Optional<FieldLayout> layout(Scope scope) {
        return decoder.layout(scope);
    }

    PacketDecoder decoder() {
        return decoder;
    }
}
