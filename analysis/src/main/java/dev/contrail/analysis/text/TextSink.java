// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import static dev.contrail.analysis.text.TextBuffer.utf8;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.text.TextOptions.NameGroup;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.layout.StreamPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Writes events as text, one line each, byte for byte as babeltrace2 2.0.4's `sink.text.pretty`;
/// but an empty string is empty, where that version prints an older one.
public final class TextSink implements Sink {
    private static final byte[] SEPARATOR = utf8("--\n");

    private final TextOptions options;
    private final OutputStream out;
    private final TextBuffer text = new TextBuffer();
    private final TimeText time;
    private final byte[] beforeTime;

    /// Between the time, with or without a delta, and the header.
    private final byte[] afterTime;

    /// By the stream class in its trace, and the event class's number: traces share both, but not
    /// what they say of themselves.
    private final Map<StreamPlan, EventTemplate[]> templates = new IdentityHashMap<>();

    /// The stream class of the last event, and its templates.
    private StreamPlan lastStream = StreamPlan.NONE;

    private EventTemplate[] lastTemplates = {};

    private final DeltaText deltas;
    private final LossText losses;
    private final Consumer<String> warnings;

    /// @param isSigned see [DeltaText]
    /// @param warnings is told each loss
    public TextSink(
            TextOptions options, boolean isSigned, OutputStream out, Consumer<String> warnings) {
        this.options = options;
        this.warnings = warnings;
        this.losses = new LossText(options);
        this.out = out;
        this.deltas = new DeltaText(options.clockCycles(), isSigned);
        Colours colours = options.colours();
        String begin = new String(colours.beginTime(), US_ASCII);
        String end = new String(colours.end(), US_ASCII);
        boolean withNames = options.names().contains(NameGroup.HEADER);
        String afterTimestamp = withNames ? end : end + "] ";
        String afterDelta = withNames ? "" : ") ";
        String delta = withNames ? ", " + colours.headerName("delta") + " = " : "(";
        beforeTime =
                utf8(withNames ? colours.headerName("timestamp") + " = " + begin : "[" + begin);
        deltas.setBefore(afterTimestamp + delta);
        afterTime = utf8(options.withDelta() ? afterDelta : afterTimestamp);
        time = new TimeText(options, beforeTime);
    }

    @Override
    public void accept(Message message) throws IOException {
        switch (message) {
            case EventRecord event -> write(event);
            case Message.DiscardedEvents lost -> warnings.accept(losses.of(lost));
            case Message.DiscardedPackets lost -> warnings.accept(losses.of(lost));
            case Message.StreamBegin _,
                    Message.StreamEnd _,
                    Message.PacketBegin _,
                    Message.PacketEnd _,
                    Message.Inactivity _,
                    Message.Damage _,
                    Message.Remark _ -> {}
        }
    }

    /// Marks that the next event does not follow the one before it: a line as `grep` writes it
    /// between contexts.
    public void separate() {
        text.add(SEPARATOR);
    }

    private void write(EventRecord event) throws IOException {
        if (event.hasTime()) {
            time(event);
        }
        PacketDecoder decoder = event.decoder();
        if (decoder.stream() != lastStream) {
            lastStream = decoder.stream();
            lastTemplates =
                    templates.computeIfAbsent(
                            lastStream, stream -> new EventTemplate[stream.events().size()]);
        }
        EventTemplate template = lastTemplates[decoder.eventNumber()];
        if (template == null) {
            template = newTemplate(event);
            lastTemplates[decoder.eventNumber()] = template;
        }
        template.print(text, decoder);
        text.flushBlock(out);
    }

    private EventTemplate newTemplate(EventRecord event) {
        byte[] before = event.hasTime() ? afterTime : new byte[0];
        return EventTemplate.of(event, options, before);
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

    private void time(EventRecord event) throws IOException {
        long nanos = event.nanos();
        if (options.clockCycles()) {
            text.add(beforeTime).addPadded(event.ticks(), 20);
        } else {
            time.write(text, nanos);
        }
        if (options.withDelta()) {
            deltas.write(text, nanos, event.ticks());
        }
    }

    /// The times between the events that were written.
    public DeltaText deltas() {
        return deltas;
    }
}
