// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import dev.contrail.analysis.ClockTime;
import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.PacketContext;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.TraceStream;
import dev.contrail.analysis.details.DetailsText.Color;
import dev.contrail.analysis.source.StreamSource;
import dev.contrail.analysis.text.TextBuffer;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.layout.TracePlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// Writes every message with all that is known of it, and before a trace's first message what the
/// trace declares; as babeltrace2's `sink.text.details` does, of version 2.0.4 for CTF 1.8 and of
/// 2.2 for CTF 2 (`ctf.md` section 17).
public final class DetailsSink implements Sink {

    private final DetailsOptions options;
    private final List<StreamSource> sources;
    private final OutputStream out;
    private final TextBuffer buffer = new TextBuffer();
    private final DetailsText text;
    private final DetailsFields fields;
    private final long addedNanos;

    /// Traces that a message has come of, by their numbers.
    private final Map<Trace, Integer> traces = new IdentityHashMap<>();

    private final Map<Trace, DetailsMetadata> metadata = new IdentityHashMap<>();

    /// What tells streams apart, and what stands first of an event, the same for all of a class.
    private final Map<TraceStream, byte[]> tags = new IdentityHashMap<>();

    private final Map<EventClass, byte[]> titles = new IdentityHashMap<>();
    private boolean isBegun;

    /// @param addedNanos what was added to every clock's offset
    /// @param sources the streams whose messages will come
    public DetailsSink(
            DetailsOptions options, long addedNanos, List<StreamSource> sources, OutputStream out) {
        this.options = options;
        this.addedNanos = addedNanos;
        this.sources = sources;
        this.out = out;
        text = new DetailsText(buffer, options.withColor());
        fields = new DetailsFields(text);
    }

    @Override
    public void accept(Message message) throws IOException {
        switch (message) {
            case Message.StreamBegin begin -> write(begin);
            case Message.Damage _, Message.Remark _ -> {}
            case Message other when options.withData() -> {
                if (options.withTime()) {
                    check(other);
                }
                separate();
                write(other);
            }
            case Message _ -> {}
        }
        buffer.flushBlock(out);
    }

    @Override
    public void flush() throws IOException {
        buffer.flush(out);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        flush();
    }

    private static void check(Message message) throws IOException {
        switch (message) {
            case EventRecord event when event.hasTime() -> ClockTime.check(event.nanos());
            case Message.PacketBegin begin when begin.nanos().isPresent() ->
                    ClockTime.check(begin.nanos().getAsLong());
            case Message.PacketEnd end when end.nanos().isPresent() ->
                    ClockTime.check(end.nanos().getAsLong());
            case Message _ -> {}
        }
    }

    private void separate() {
        if (isBegun && !options.isCompact()) {
            text.line();
        }
        isBegun = true;
    }

    private void write(Message message) {
        switch (message) {
            case EventRecord event -> write(event);
            case Message.StreamEnd end -> {
                streamTime(end.stream(), end.nanos(), end.ticks());
                tag(end.stream());
                text.object("Stream end\n"); // coloured to the line's end, as there
            }
            case Message.PacketBegin begin -> write(begin);
            case Message.PacketEnd end -> {
                time(end.nanos(), end.ticks());
                tag(end.stream());
                text.object("Packet end").line();
            }
            case Message.DiscardedEvents lost -> lost(lost, "events");
            case Message.DiscardedPackets lost -> lost(lost, "packets");
            case Message.Inactivity quiet -> {
                time(OptionalLong.of(quiet.untilNanos()), quiet.ticks());
                text.object("Message iterator inactivity");
                if (options.isCompact()) {
                    text.line();
                } else {
                    text.add(":\n");
                    text.in();
                    metadata(quiet.stream().trace()).writeClock(quiet.stream().streamClass());
                    text.back(1);
                }
            }
            case Message.StreamBegin _, Message.Damage _, Message.Remark _ -> {}
        }
    }

    private void write(EventRecord event) {
        if (event.hasTime()) {
            time(event.nanos(), event.ticks());
        }
        tag(event.stream());
        byte[] title = titles.get(event.eventClass());
        if (title == null) {
            EventClass of = event.eventClass();
            title = bytes(apart -> title(apart, of));
            titles.put(of, title);
        }
        text.add(title);
        if (options.isCompact()) {
            return;
        }
        text.in();
        var decoder = event.decoder();
        fields.scope(
                "Common context",
                event.layout(Scope.COMMON_CONTEXT),
                decoder,
                Scope.COMMON_CONTEXT);
        fields.scope(
                "Specific context",
                event.layout(Scope.SPECIFIC_CONTEXT),
                decoder,
                Scope.SPECIFIC_CONTEXT);
        fields.scope("Payload", event.layout(Scope.PAYLOAD), decoder, Scope.PAYLOAD);
        text.back(1);
    }

    private void title(DetailsText apart, EventClass event) {
        apart.object("Event");
        DetailsMetadata.name(event)
                .ifPresent(name -> {
                    apart.add(" `").color(Color.GREEN).add(name);
                    apart.color(Color.RESET).add('`');
                });
        apart.add(options.isCompact() ? " (" : " (Class ID ").unsigned(event.id());
        apart.add(options.isCompact() ? ")\n" : "):\n");
    }

    private void write(Message.PacketBegin begin) {
        time(begin.nanos(), begin.ticks());
        tag(begin.stream());
        text.object("Packet beginning");
        PacketContext context = begin.context();
        boolean isShown =
                !options.isCompact()
                        && context.layout().isPresent()
                        && !context.layout().get().isHidden();
        if (!isShown) {
            text.line();
            return;
        }
        text.add(":\n");
        text.in();
        fields.scope("Context", context.layout(), context.decoder(), Scope.PACKET_CONTEXT);
        text.back(1);
    }

    private void lost(Message.Loss loss, String what) {
        if (loss.beginNanos().isPresent() && loss.endNanos().isPresent()) {
            time(loss.beginNanos(), loss.beginTicks());
            time(loss.endNanos(), loss.endTicks());
        }
        tag(loss.stream());
        text.object("Discarded ").object(what);
        if (loss.count() != 0) {
            text.add(" (").unsigned(loss.count()).add(' ').add(what).add(')');
        }
        text.line();
    }

    private void write(Message.StreamBegin begin) {
        TraceStream stream = begin.stream();
        Trace trace = stream.trace();
        boolean isNew = !traces.containsKey(trace);
        if (isNew) {
            traces.put(trace, traces.size());
            metadata.put(trace, new DetailsMetadata(text, options, plan(trace), addedNanos));
        }
        boolean withMetadata = isNew && options.withMetadata();
        if (withMetadata) {
            if (isBegun) {
                text.line();
            }
            isBegun = true;
            metadata(trace).write();
        }
        if (!options.withData()) {
            return;
        }
        if (withMetadata) {
            text.line();
        } else {
            separate();
        }
        streamTime(stream, begin.nanos(), begin.ticks());
        tag(stream);
        text.object("Stream beginning");
        if (options.isCompact()) {
            text.line();
            return;
        }
        text.add(":\n");
        text.in();
        if (options.withStreamName()) {
            text.line("Name", stream.name());
        }
        if (options.withStreamClassName()) {
            stream.streamClass().identity().name().ifPresent(name -> text.line("Class name", name));
        }
        write(trace);
        text.back(1);
    }

    private DetailsMetadata metadata(Trace trace) {
        return Objects.requireNonNull(metadata.get(trace));
    }

    private void write(Trace trace) {
        text.indent().object("Trace");
        if (options.withTraceName()) {
            text.add(' ').quoted(trace.name());
        }
        TraceClass traceClass = trace.metadata().trace();
        boolean isCtf2 = traceClass.version() == CtfVersion.CTF_2;
        if (isCtf2) {
            metadata(trace).identity();
        }
        text.add(":\n");
        text.in();
        if (!isCtf2 && options.withUuid()) {
            trace.uid().ifPresent(uuid -> text.line("UUID", uuid));
        }
        environment(trace.environment(), isCtf2);
        sources.stream()
                .map(StreamSource::stream)
                .filter(stream -> stream.trace() == trace)
                .sorted(
                        Comparator.comparing(TraceStream::id, Long::compareUnsigned)
                                .thenComparing(
                                        stream -> stream.streamClass().id(), Long::compareUnsigned))
                .forEach(stream -> {
                    text.indent().object("Stream").add(" (ID ").unsigned(stream.id());
                    text.add(", Class ID ").unsigned(stream.streamClass().id()).add(")\n");
                });
        text.back(1);
    }

    private void environment(Map<String, Object> entries, boolean isCtf2) {
        if (entries.isEmpty()) {
            return;
        }
        text.indent().color(Color.MAGENTA).add("Environment").color(Color.RESET).add(" (");
        text.unsigned(entries.size()).add(entries.size() == 1 ? " entry):\n" : " entries):\n");
        text.in();
        entries.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(DetailsAttributes.BY_BYTES))
                .forEach(entry -> {
                    text.member(entry.getKey());
                    if (entry.getValue() instanceof Long number) {
                        text.add(' ').signed(number);
                    } else if (!isCtf2 || !entry.getValue().equals("")) {
                        text.add(' ').value(entry.getValue().toString());
                    }
                    text.line();
                });
        text.back(1);
    }

    private TracePlan plan(Trace trace) {
        return sources.stream()
                .filter(source -> source.stream().trace() == trace)
                .findFirst()
                .orElseThrow()
                .tracePlan();
    }

    private void time(OptionalLong nanos, long ticks) {
        if (nanos.isPresent()) {
            time(nanos.getAsLong(), ticks);
        }
    }

    private void time(long nanos, long ticks) {
        if (!options.withTime()) {
            return;
        }
        moment(text.add('['));
        text.decimal(ticks, false).color(Color.RESET);
        text.add(options.isCompact() ? " " : " cycles, ");
        moment(text);
        text.decimal(nanos, true).color(Color.RESET);
        text.add(options.isCompact() ? "] " : " ns from origin]\n");
    }

    private static DetailsText moment(DetailsText text) {
        return text.color(Color.BOLD).color(Color.BRIGHT_BLUE);
    }

    /// Streams that have a clock begin and end at no known time, unless a range cuts them there.
    private void streamTime(TraceStream stream, OptionalLong nanos, long ticks) {
        time(nanos, ticks);
        if (options.withTime() && nanos.isEmpty() && hasClock(stream)) {
            moment(text.add('[')).add("Unknown").color(Color.RESET);
            text.add(options.isCompact() ? "] " : "]\n");
        }
    }

    private boolean hasClock(TraceStream stream) {
        return plan(stream.trace()).stream(stream.streamClass().id())
                .orElseThrow()
                .clock()
                .isPresent();
    }

    private void tag(TraceStream stream) {
        byte[] tag = tags.get(stream);
        if (tag == null) {
            tag = bytes(apart -> tag(apart, stream));
            tags.put(stream, tag);
        }
        text.add(tag);
    }

    private void tag(DetailsText apart, TraceStream stream) {
        String trace = Integer.toString(Objects.requireNonNull(traces.get(stream.trace())));
        String streamClass = Long.toUnsignedString(stream.streamClass().id());
        String id = Long.toUnsignedString(stream.id());
        apart.color(Color.CYAN).add('{');
        if (options.isCompact()) {
            number(apart, trace + " " + streamClass + " " + id);
        } else {
            number(apart.add("Trace "), trace);
            number(apart.add(", Stream class ID "), streamClass);
            number(apart.add(", Stream ID "), id);
        }
        apart.add('}').color(Color.RESET).add(options.isCompact() ? ' ' : '\n');
    }

    private static void number(DetailsText apart, String number) {
        apart.color(Color.BOLD).color(Color.BRIGHT_CYAN).add(number);
        apart.color(Color.RESET).color(Color.CYAN);
    }

    /// Makes text that is written often.
    private byte[] bytes(Consumer<DetailsText> writer) {
        var apart = new TextBuffer();
        writer.accept(new DetailsText(apart, options.withColor()));
        var bytes = new ByteArrayOutputStream();
        try {
            apart.flush(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
