// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Reads something that is no folder of CTF traces: the service that a jar on `--plugin-path`
/// provides, as [SinkProvider] is for sinks.
///
/// A source gives the graph traces: what they declare, and a [PacketSource] for each stream, which
/// the reader asks for the next packet when it needs it, so that memory holds one of them. Whoever
/// has event records and no packets declares their classes to a [dev.contrail.ctf.write.CtfWriter]
/// in memory and hands a [RecordFeed] over, which appends event records with their times and the
/// values of their fields. From there on everything is as for any other trace: order, filters,
/// sinks; and slices of time on all processors, where all packets are known beforehand.
///
/// What is declared must be known before the first packet: a source that finds its event classes
/// only in what it reads has to read that twice, or hold it.
///
/// ```java
/// /// Lines of `NANOSECONDS TEXT`.
/// public final class LinesProvider implements SourceProvider {
///     @Override
///     public String className() {
///         return "source.example.lines";
///     }
///
///     @Override
///     public String description() {
///         return "Read lines that begin with their time.";
///     }
///
///     @Override
///     public double weight(Path input) {
///         return input.toString().endsWith(".lines") ? 0.9 : 0;
///     }
///
///     @Override
///     public List<SourceTrace> open(Component component)
///             throws IOException, UsageException {
///         var clock = new ClockClass("unix", "", "", 1_000_000_000, 0, 0, 0, true);
///         var stream = new StreamClass(0, "unix");
///         var text = new FieldClass.Member("text", new FieldClass.TextClass());
///         var line = new EventClass(0, 0, "line", text);
///         var writer = CtfWriter.inMemory(new TraceClass(clock), CtfWriter.PACKET_BYTES);
///         writer.declare(List.of(stream), List.of(line));
///         var streams = new ArrayList<SourceStream>();
///         for (Path input : component.inputs()) {
///             var lines = new Lines(Files.newBufferedReader(input), line);
///             String name = input.toString();
///             streams.add(SourceStream.of(writer, stream, streams.size(), name, lines));
///         }
///         return List.of(new SourceTrace("lines", writer.declared(), streams));
///     }
///
///     record Lines(BufferedReader reader, EventClass line) implements RecordFeed {
///         @Override
///         public boolean appendTo(CtfStream stream) throws IOException {
///             String next = reader.readLine();
///             if (next != null) {
///                 String[] words = next.split(" ", 2);
///                 stream.append(line, Long.parseLong(words[0]), words[1]);
///             }
///             return next != null;
///         }
///
///         @Override
///         public void close() throws IOException {
///             reader.close();
///         }
///     }
/// }
/// ```
public interface SourceProvider {
    /// `source.PLUGIN.NAME`: what `--component` calls it.
    String className();

    /// A sentence for `list-plugins`.
    String description();

    /// How sure it is that it can read an input that the user named without a component: from 0,
    /// not at all, to 1. The highest weight wins; `source.ctf.fs` gives 0.75 to folders with
    /// traces.
    ///
    /// @param input what exists
    default double weight(Path input) {
        return 0;
    }

    /// Opens the traces that it is to read, and reads no more of them than that takes.
    ///
    /// @param component its parameters as the user gave them, see [Component#inputs]
    /// @return closed by the caller
    /// @throws IOException when an input cannot be read: nothing is shown then
    /// @throws UsageException when the parameters make no sense
    List<SourceTrace> open(Component component) throws IOException, UsageException;
}
