// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import java.io.IOException;
import java.nio.file.Path;

/// Reads something that is no CTF trace: the service that a jar on `--plugin-path` provides, as
/// [SinkProvider] is for sinks.
///
/// A source turns what it reads into a CTF trace, with [dev.contrail.ctf.packet.CtfWriter]: it
/// declares its clock, stream and event classes and appends event records with their times and the
/// values of their fields. From there on everything is as for any other trace: order, filters,
/// sinks, slices of time on all processors.
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
///     public void write(Component component, Path folder)
///             throws IOException, ViewArguments.UsageException {
///         var clock = new ClockClass("unix", "", "", 1_000_000_000, 0, 0, 0, true);
///         var stream = new StreamClass(0, "unix");
///         var text = new FieldClass.Member("text", new FieldClass.TextClass());
///         var line = new EventClass(0, 0, "line", text);
///         try (CtfWriter writer = CtfWriter.create(folder, new TraceClass(clock))) {
///             for (Path input : component.inputs()) {
///                 CtfStream lines = writer.stream(stream, input.getFileName().toString());
///                 for (String each : Files.readAllLines(input)) {
///                     String[] words = each.split(" ", 2);
///                     lines.append(line, Long.parseLong(words[0]), words[1]);
///                 }
///             }
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

    /// Writes one trace, or several in folders of their own, with all that it reads.
    ///
    /// @param component its parameters as the user gave them, see [Component#inputs]
    /// @param folder empty; removed when the traces were read
    /// @throws IOException when an input cannot be read: nothing is shown then
    /// @throws ViewArguments.UsageException when the parameters make no sense
    void write(Component component, Path folder) throws IOException, ViewArguments.UsageException;
}
