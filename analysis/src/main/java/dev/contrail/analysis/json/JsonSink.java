// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.json;

import dev.contrail.analysis.ClockTime;
import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.TraceStream;
import dev.contrail.analysis.text.TextBuffer;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.FieldLayout;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/// Writes events and losses as JSON, one object a line.
///
/// ```json
/// {"time":1600000000000000007,"trace":"host/kernel","stream":3,"event":"sched_switch","payload":{}}
/// {"discarded_events":12,"trace":"host/kernel","stream":3,"begin":1600000000,"end":1600000012}
/// ```
///
/// Times are nanoseconds since the clock's origin; `packet`, `common`, `specific` and `payload`
/// hold the fields of the event's scopes, where they are declared. A count of 0 discarded events
/// means that the tracer tells no number.
public final class JsonSink implements Sink {
    private final OutputStream out;
    private final TextBuffer text = new TextBuffer();
    private final JsonText fields = new JsonText(text);

    /// @param out closed by the caller
    public JsonSink(OutputStream out) {
        this.out = out;
    }

    @Override
    public void accept(Message message) throws IOException {
        switch (message) {
            case EventRecord event -> write(event);
            case Message.DiscardedEvents lost ->
                    write(
                            "discarded_events",
                            lost.stream(),
                            lost.count(),
                            lost.beginNanos(),
                            lost.endNanos());
            case Message.DiscardedPackets lost ->
                    write(
                            "discarded_packets",
                            lost.stream(),
                            lost.count(),
                            lost.beginNanos(),
                            lost.endNanos());
            case Message.StreamBegin _,
                    Message.StreamEnd _,
                    Message.PacketBegin _,
                    Message.PacketEnd _,
                    Message.Inactivity _,
                    Message.Damage _,
                    Message.Remark _ -> {}
        }
    }

    @Override
    public void flush() throws IOException {
        text.flush(out);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        flush();
    }

    private void write(EventRecord event) throws IOException {
        text.add('{');
        if (event.hasTime()) {
            ClockTime.check(event.nanos());
            text.add("\"time\":").addSigned(event.nanos()).add(',');
        }
        stream(event.stream());
        text.add(",\"event\":");
        JsonText.string(text, event.name());
        scope(event, Scope.PACKET_CONTEXT, "packet");
        scope(event, Scope.COMMON_CONTEXT, "common");
        scope(event, Scope.SPECIFIC_CONTEXT, "specific");
        scope(event, Scope.PAYLOAD, "payload");
        text.add('}').add('\n');
        text.flushBlock(out);
    }

    private void scope(EventRecord event, Scope scope, String name) {
        Optional<FieldLayout> layout = event.layout(scope);
        if (layout.isPresent() && !layout.get().isHidden()) {
            text.add(",\"").add(name).add("\":");
            fields.scope(layout.get(), event.decoder().firstSlot(scope), event.decoder());
        }
    }

    private void write(
            String what, TraceStream stream, long count, OptionalLong begin, OptionalLong end)
            throws IOException {
        text.add("{\"").add(what).add("\":").addUnsigned(count).add(',');
        stream(stream);
        if (begin.isPresent()) {
            text.add(",\"begin\":").addSigned(begin.getAsLong());
        }
        if (end.isPresent()) {
            text.add(",\"end\":").addSigned(end.getAsLong());
        }
        text.add('}').add('\n');
        text.flushBlock(out);
    }

    private void stream(TraceStream stream) {
        text.add("\"trace\":");
        JsonText.string(text, stream.trace().name());
        text.add(",\"stream\":").addUnsigned(stream.id());
    }
}
