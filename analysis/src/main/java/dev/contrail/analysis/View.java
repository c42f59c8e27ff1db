// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.Reason;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Prints traces: what `contrail view` does.
///
/// ```java
/// int status = View.run(List.of(folder), ViewOptions.DEFAULT, System.out, System.err);
/// ```
public final class View {
    private static final int DONE = 0;

    /// Something could not be read, or the command line could not be understood.
    private static final int FAILED = 1;

    /// What the system says when the reader of a pipe has seen enough, as `head` has: no error.
    private static final String BROKEN_PIPE = "Broken pipe";

    private View() {}

    /// Prints all events of the traces in and below some folders.
    ///
    /// @param traces in addition to those of the options
    /// @param out receives the events, unless the options name a file
    /// @param err receives warnings and errors, a line each
    /// @return the exit status: 0, or 1 when not everything could be read
    public static int run(
            List<Path> traces, ViewOptions options, OutputStream out, PrintStream err) {
        return run(traces, options, out, err, new Progress());
    }

    /// As before, and tells how far it has come.
    public static int run(
            List<Path> traces,
            ViewOptions options,
            OutputStream out,
            PrintStream err,
            Progress progress) {
        boolean isFolder = Sinks.writes(options.sink(), BuiltInSink.Output.FOLDER);
        if (options.output().isEmpty() || isFolder) {
            return read(traces, options, out, err, progress);
        }
        Path file = options.output().get();
        try (OutputStream written = new FileOutputStream(file.toFile())) {
            return read(traces, options, written, err, progress);
        } catch (IOException e) {
            err.println("ERROR: " + Reason.of(e));
            return FAILED;
        }
    }

    /// Understands a command line, then does as [#run].
    public static int main(String[] arguments, OutputStream out, PrintStream err) {
        try {
            ViewOptions options = ViewOptions.parse(arguments);
            return run(List.of(), options, out, err);
        } catch (ViewArguments.UsageException e) {
            err.println("ERROR: " + e.getMessage());
            return FAILED;
        }
    }

    private static int read(
            List<Path> added,
            ViewOptions options,
            OutputStream out,
            PrintStream err,
            Progress progress) {
        List<Path> named = new ArrayList<>(options.traces());
        named.addAll(added);
        if (named.isEmpty() && options.sources().isEmpty()) {
            err.println("ERROR: no trace is named");
            return FAILED;
        }
        for (Path each : named) {
            if (!Files.exists(each)) {
                err.println("ERROR: " + each + ": no such file or folder");
                return FAILED;
            }
        }
        try (OpenSources sources = OpenSources.of(named, options)) {
            return readSources(sources, options, out, err, progress);
        } catch (ViewArguments.UsageException | IOException e) {
            err.println("ERROR: " + Reason.of(e));
            return FAILED;
        }
    }

    private static int readSources(
            OpenSources opened,
            ViewOptions options,
            OutputStream out,
            PrintStream err,
            Progress progress) {
        if (Sinks.writes(options.sink(), BuiltInSink.Output.DECLARATIONS)) {
            return declarations(opened, options, out, err);
        }
        int status = DONE;
        try (TraceReader reader =
                TraceReader.open(opened.roots(), opened.traces(), options.clockOffsetNanos())) {
            progress.begin(reader.sources());
            for (String warning : reader.warnings()) {
                err.println("WARNING: " + warning);
            }
            for (String damage : reader.damage()) {
                err.println("ERROR: " + damage);
                status = FAILED;
            }
            var selection = new Selection(reader, options);
            for (String trace : selection.withoutIntersection()) {
                err.println("ERROR: the streams of trace \"" + trace + "\" do not intersect");
                status = FAILED;
            }
            int processors = Runtime.getRuntime().availableProcessors();
            var parallel = new ParallelView(selection, options);
            List<Long> cuts = parallel.cuts(processors);
            boolean isWhole =
                    cuts.isEmpty()
                            ? pourAll(selection, options, out, err, progress)
                            : parallel.run(cuts, processors, out, err, progress);
            status = isWhole ? status : FAILED;
        } catch (ViewArguments.UsageException e) {
            err.println("ERROR: " + e.getMessage());
            status = FAILED;
        } catch (NoSuchFileException e) {
            err.println("ERROR: " + e.getMessage() + ": it went away");
            status = FAILED;
        } catch (IOException e) {
            if (!BROKEN_PIPE.equals(e.getMessage())) {
                err.println("ERROR: " + Reason.of(e));
            }
            status = FAILED;
        }
        return status;
    }

    private static boolean pourAll(
            Selection selection,
            ViewOptions options,
            OutputStream out,
            PrintStream err,
            Progress progress)
            throws IOException, ViewArguments.UsageException {
        try (Sink sink = Sinks.open(options, selection.sources(), out, err)) {
            progress.readBy(selection.sources());
            return pour(selection.messages(), sink, err, progress);
        }
    }

    /// Gives all messages to the sink; damage becomes a line of `err`.
    ///
    /// @return whether there was none
    static boolean pour(MessageIterator messages, Sink sink, PrintStream err, Progress progress)
            throws IOException {
        boolean isWhole = true;
        int count = 0;
        while (messages.next()) {
            if (messages.current() instanceof Message.Damage(String what)) {
                err.println("ERROR: " + what);
                isWhole = false;
            } else {
                sink.accept(messages.current());
                if (messages.current() instanceof EventRecord && ++count == Progress.TOLD_EVENTS) {
                    progress.passed(count);
                    count = 0;
                }
            }
        }
        progress.passed(count);
        return isWhole;
    }

    private static int declarations(
            OpenSources opened, ViewOptions options, OutputStream out, PrintStream err) {
        try (Sink _ = Sinks.open(options, opened, List.of(), out, err)) {
            return DONE;
        } catch (ViewArguments.UsageException | IOException e) {
            err.println("ERROR: " + e.getMessage());
            return FAILED;
        }
    }
}
