// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.copy;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.TraceStream;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.source.StreamSource;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.write.CtfStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/// Writes traces, each to a folder of its own, as babeltrace2's `sink.ctf.fs`: packet by packet as
/// they come, with what was discarded. Every written trace has a new UUID.
public final class CtfSink implements Sink {
    /// Their names.
    public static final List<String> PARAMETERS =
            List.of(
                    "path",
                    "assume-single-trace",
                    "ignore-discarded-events",
                    "ignore-discarded-packets",
                    "quiet",
                    "ctf-version");

    /// A stream that is being written.
    private static final class Output {
        final CtfCopy copy;
        final CtfStream stream;
        final StreamSource source;
        boolean isBegun;

        Output(CtfCopy copy, CtfStream stream, StreamSource source) {
            this.copy = copy;
            this.stream = stream;
            this.source = source;
        }
    }

    private final Path base;
    private final boolean isSingle;
    private final boolean isWithoutEvents;
    private final boolean isWithoutPackets;
    private final boolean isQuiet;
    private final CtfVersion version;
    private final long addedNanos;
    private final OutputStream out;
    private final List<StreamSource> streams;
    private final Map<TraceStream, StreamSource> sources = new IdentityHashMap<>();
    private final Map<Trace, CtfCopy> traces = new IdentityHashMap<>();
    private final Map<TraceStream, Output> outputs = new IdentityHashMap<>();

    /// In the order in which they began.
    private final List<CtfCopy> copies = new ArrayList<>();

    /// @param component the sink with its parameters
    /// @param output the folder, unless a parameter names one
    /// @param addedNanos what was added to every clock's offset
    /// @param streams those whose messages will come; may grow
    /// @param out where it says which traces it made
    public CtfSink(
            Component component,
            Optional<Path> output,
            long addedNanos,
            List<StreamSource> streams,
            OutputStream out)
            throws UsageException {
        String path = component.text("path", output.map(Path::toString).orElse(""));
        if (path.isEmpty()) {
            throw new UsageException(
                    component.className() + " needs a folder: --output, or its parameter `path`");
        }
        base = Path.of(path);
        isSingle = component.isSet("assume-single-trace", false);
        isWithoutEvents = component.isSet("ignore-discarded-events", false);
        isWithoutPackets = component.isSet("ignore-discarded-packets", false);
        isQuiet = component.isSet("quiet", false);
        String format = component.text("ctf-version", "1.8");
        version =
                switch (format) {
                    case "1.8" -> CtfVersion.CTF_1_8;
                    case "2" -> CtfVersion.CTF_2;
                    default ->
                            throw new UsageException(
                                    "Parameter `ctf-version` of %s: want \"1.8\" or \"2\", got %s"
                                            .formatted(component.className(), format));
                };
        this.addedNanos = addedNanos;
        this.out = out;
        this.streams = streams;
    }

    @Override
    public void accept(Message message) throws IOException {
        try {
            write(message);
        } catch (IllegalArgumentException e) {
            throw new IOException("cannot be written as CTF: " + e.getMessage(), e);
        }
    }

    private void write(Message message) throws IOException {
        switch (message) {
            case Message.StreamBegin begin -> output(begin.stream());
            case Message.StreamEnd end -> output(end.stream()).stream.flush();
            case Message.PacketBegin _ -> {} // its begin depends on its first event
            case Message.PacketEnd end -> end(output(end.stream()));
            case EventRecord event -> {
                Output output = output(event.stream());
                if (!output.isBegun) {
                    begin(output, OptionalLong.of(event.ticks()));
                }
                output.copy.append(output.stream, event);
            }
            case Message.DiscardedEvents lost -> {
                if (!isWithoutEvents) {
                    output(lost.stream()).stream.discardEvents(Math.max(1, lost.count()));
                }
            }
            case Message.DiscardedPackets lost -> {
                if (!isWithoutPackets) {
                    output(lost.stream()).stream.skipPackets(Math.max(1, lost.count()));
                }
            }
            case Message.Inactivity _, Message.Damage _, Message.Remark _ -> {}
        }
    }

    private Output output(TraceStream stream) throws IOException {
        Output known = outputs.get(stream);
        if (known != null) {
            return known;
        }
        if (!sources.containsKey(stream)) {
            streams.forEach(each -> sources.put(each.stream(), each));
        }
        StreamSource source = Objects.requireNonNull(sources.get(stream));
        CtfCopy copy = traces.get(stream.trace());
        if (copy == null) {
            Path folder = isSingle ? CtfPath.free(base) : CtfPath.of(base, stream.trace());
            copy = new CtfCopy(folder, source.tracePlan(), version, addedNanos);
            traces.put(stream.trace(), copy);
            copies.add(copy);
        }
        copy.declare(source.tracePlan());
        var output = new Output(copy, copy.stream(stream), source);
        outputs.put(stream, output);
        return output;
    }

    /// Begins a packet, not later than its first event even where the tracer said so.
    ///
    /// @param first ticks of its first event, if it has one
    private static void begin(Output output, OptionalLong first) throws IOException {
        output.copy.declare(output.source.tracePlan());
        long told = output.source.entry().beginTicks();
        boolean isEarlier =
                first.isPresent()
                        && (!output.source.plan().hasBegin()
                                || Long.compareUnsigned(first.getAsLong(), told) < 0);
        output.copy.setPacketValues(output.stream, output.source.decoder());
        output.stream.begin(isEarlier ? first.getAsLong() : told);
        output.isBegun = true;
    }

    private static void end(Output output) throws IOException {
        if (!output.isBegun) {
            begin(output, OptionalLong.empty());
        }
        if (output.source.plan().hasEnd()) {
            output.stream.flush(output.source.entry().endTicks());
        } else {
            output.stream.flush();
        }
        output.isBegun = false;
    }

    @Override
    public void close() throws IOException {
        Optional<IOException> failure = Optional.empty();
        if (copies.isEmpty()) {
            Files.createDirectories(base); // as babeltrace2 does where there is no stream
        }
        for (CtfCopy copy : copies) {
            try {
                copy.close();
            } catch (IOException e) {
                failure = Optional.of(e);
            }
            if (!isQuiet) {
                String made = "Created CTF trace `%s`.%n".formatted(copy.folder());
                out.write(made.getBytes(StandardCharsets.UTF_8));
            }
        }
        out.flush();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
