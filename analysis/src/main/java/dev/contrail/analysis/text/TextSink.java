// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import static dev.contrail.analysis.text.TextBuffer.utf8;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.contrail.analysis.ClockTime;
import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.text.TextOptions.NameGroup;
import dev.contrail.ctf.layout.EventPlan;
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
    private final byte[] afterTime;
    private final byte[] beforeDelta;
    private final byte[] afterDelta;

    /// By the event class in its trace: traces share event classes, but not what they say of
    /// themselves.
    private final Map<EventPlan, EventTemplate> templates = new IdentityHashMap<>();

    private final DeltaText deltas;
    private final LossText losses;
    private final Consumer<String> warnings;

    /// @param warnings is told each loss
    public TextSink(TextOptions options, OutputStream out, Consumer<String> warnings) {
        this.options = options;
        this.warnings = warnings;
        this.losses = new LossText(options);
        this.out = out;
        this.time = new TimeText(options);
        this.deltas = new DeltaText(options.clockCycles());
        Colours colours = options.colours();
        String begin = new String(colours.beginTime(), US_ASCII);
        String end = new String(colours.end(), US_ASCII);
        if (options.names().contains(NameGroup.HEADER)) {
            beforeTime = utf8(colours.headerName("timestamp") + " = " + begin);
            afterTime = utf8(end);
            beforeDelta = utf8(", " + colours.headerName("delta") + " = +");
            afterDelta = utf8("");
        } else {
            beforeTime = utf8("[" + begin);
            afterTime = utf8(end + "] ");
            beforeDelta = utf8("(+");
            afterDelta = utf8(") ");
        }
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
                    Message.Damage _ -> {}
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
        EventPlan plan = event.decoder().event();
        EventTemplate template = templates.get(plan);
        if (template == null) {
            template = EventTemplate.of(event, options);
            templates.put(plan, template);
        }
        template.print(text, event.decoder());
        text.add('\n');
        text.flushBlock(out);
    }

    @Override
    public void close() throws IOException {
        text.flush(out);
        out.flush();
    }

    private void time(EventRecord event) throws IOException {
        if (!options.clockCycles()) {
            ClockTime.check(event.nanos());
        }
        text.add(beforeTime);
        if (options.clockCycles()) {
            text.addPadded(event.ticks(), 20);
        } else {
            time.write(text, event.nanos());
        }
        text.add(afterTime);
        if (options.withDelta()) {
            text.add(beforeDelta);
            deltas.write(text, event.nanos(), event.ticks());
            text.add(afterDelta);
        }
    }

    /// The times between the events that were written.
    public DeltaText deltas() {
        return deltas;
    }
}
