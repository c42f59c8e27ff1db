// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.live.LiveSource;
import dev.contrail.analysis.select.EndingSearch;
import dev.contrail.analysis.select.Selection;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.analysis.source.Progress;
import dev.contrail.analysis.source.TraceReader;
import dev.contrail.ctf.Reason;
import dev.contrail.ctf.Utf8;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// Prints traces: what `contrail view` does.
///
/// ```java
/// int status = View.run(List.of(folder), ViewOptions.DEFAULT, System.out, System.err);
/// ```
public final class View {
    private static final int DONE = 0;

    /// Something could not be read, or the command line could not be parsed.
    private static final int FAILED = 1;

    /// What the system says when the reader of a pipe has seen enough, as `head` has: no error.
    private static final String BROKEN_PIPE = "Broken pipe";

    private View() {}

    /// Prints all events of the traces in and below some folders.
    ///
    /// @param traces in addition to those of the options
    /// @param out receives the events, unless the options name a file
    /// @param err receives warnings and errors, a line each, in the words of babeltrace2
    /// @return the exit status: 0, or 1 when not everything could be read
    public static int run(
            List<Path> traces, ViewOptions options, OutputStream out, PrintStream err) {
        var notices = new Notices(err, Notices.BABELTRACE);
        return run(traces, options, out, notices, new Progress());
    }

    /// As before, in other words, and tells how far it has come.
    public static int run(
            List<Path> traces,
            ViewOptions options,
            OutputStream out,
            Notices notices,
            Progress progress) {
        return run(traces, options, out, ResumedOutput.NONE, notices, progress);
    }

    /// As before.
    ///
    /// @param resumed what `out` is for a viewer that has been here before
    public static int run(
            List<Path> traces,
            ViewOptions options,
            OutputStream out,
            ResumedOutput resumed,
            Notices notices,
            Progress progress) {
        boolean isFolder = Sinks.writes(options.sink(), BuiltInSink.Output.FOLDER);
        if (options.output().isEmpty() || isFolder) {
            return read(traces, options, out, resumed, notices, progress);
        }
        Path file = options.output().get();
        boolean isResumed = options.isNamed();
        try (OutputStream written = new FileOutputStream(file.toFile(), isResumed)) {
            ResumedOutput own = isResumed ? ResumedOutput.to(file) : ResumedOutput.NONE;
            return read(traces, options, written, own, notices, progress);
        } catch (IOException e) {
            notices.error(Reason.of(e));
            return FAILED;
        }
    }

    /// Parses a command line, then does as [#run].
    public static int main(String[] arguments, OutputStream out, PrintStream err) {
        try {
            ViewOptions options = ViewArguments.parse(arguments);
            return run(List.of(), options, out, err);
        } catch (UsageException e) {
            new Notices(err, Notices.BABELTRACE).error(e.getMessage());
            return FAILED;
        }
    }

    private static int read(
            List<Path> added,
            ViewOptions options,
            OutputStream out,
            ResumedOutput resumed,
            Notices notices,
            Progress progress) {
        List<Path> named = new ArrayList<>(options.traces());
        named.addAll(added);
        if (named.isEmpty() && options.sources().isEmpty()) {
            notices.error("No trace given");
            return FAILED;
        }
        for (Path each : named) {
            if (each.toString().isEmpty()) {
                notices.error(
                        "The path of a trace is empty: is a variable that it is made of empty?");
                return FAILED;
            }
            try {
                Files.readAttributes(each, BasicFileAttributes.class);
            } catch (NoSuchFileException e) {
                notices.error(each + ": no such file or folder");
                return FAILED;
            } catch (IOException e) {
                notices.error(Reason.of(e));
                return FAILED;
            }
        }
        try {
            if (options.isLive()) {
                options.selection().checkLive();
                checkNamed(options);
            } else {
                options.watching().checkNoneIsWanted();
            }
            if (isListed(options, out, notices)) {
                return DONE;
            }
        } catch (UsageException | IOException e) {
            notices.error(Reason.of(e));
            return FAILED;
        }
        try (OpenSources sources =
                OpenSources.of(named, options.sources(), options.pluginPaths())) {
            return readSources(sources, options, out, resumed, notices, progress);
        } catch (UsageException | IOException e) {
            notices.error(Reason.of(e));
            return FAILED;
        }
    }

    /// What is written has to be events, one after the other, to be gone on with.
    private static void checkNamed(ViewOptions options) throws UsageException {
        boolean canGoOn = Sinks.of(options.sink()).filter(BuiltInSink::isSliced).isPresent();
        if (options.isNamed() && !canGoOn) {
            throw new UsageException(
                    "%s cannot go on where it was: --as is for text and json"
                            .formatted(options.sink().className()));
        }
    }

    /// Lists the sessions of relays where no session of theirs is named, as babeltrace2 does.
    private static boolean isListed(ViewOptions options, OutputStream out, Notices notices)
            throws IOException, UsageException {
        boolean isListed = false;
        for (Component each : options.sources()) {
            if (each.className().equals(LiveSource.NAME) && LiveSource.isList(each)) {
                List<String> list = LiveSource.list(each);
                for (String line : list) {
                    out.write(Utf8.bytes(Notices.line(line) + "\n"));
                }
                if (list.isEmpty() && notices.isOwn()) {
                    notices.warn(
                            "the relay has no session yet: contrail create --live -U net://HOST"
                                    + " sends one there");
                }
                isListed = true;
            }
        }
        out.flush();
        return isListed;
    }

    private static int readSources(
            OpenSources opened,
            ViewOptions options,
            OutputStream out,
            ResumedOutput resumed,
            Notices notices,
            Progress progress) {
        if (Sinks.writes(options.sink(), BuiltInSink.Output.DECLARATIONS)) {
            if (opened.isLive()) {
                notices.error(
                        "What a live session declares is not known before its end: keep it with"
                                + " --output-format=ctf --output=FOLDER, then ask the folder");
                return FAILED;
            }
            return declarations(opened, options, out, notices);
        }
        int status = DONE;
        try (TraceReader reader = TraceReader.open(opened, options.clockOffsetNanos())) {
            progress.begin(reader.sources());
            if (reader.mark().isPresent()) {
                resumed.goOn(reader.mark().get());
            }
            if (reader.isRemembered()) {
                reader.begin(resumed.mark());
            }
            for (String warning : reader.warnings()) {
                notices.warn(warning);
            }
            for (String damage : reader.damage()) {
                notices.error(damage);
                status = FAILED;
            }
            if (status == FAILED && reader.sources().isEmpty() && !reader.isLive()) {
                return FAILED; // Nothing can be read: what there would be to say of it is said.
            }
            var selection =
                    new Selection(
                            reader,
                            reader.isLive()
                                    ? options.selection()
                                    : EndingSearch.resolve(reader, options.selection()));
            for (String trace : selection.withoutIntersection()) {
                notices.error("the streams of trace \"" + trace + "\" do not intersect");
                status = FAILED;
            }
            var parallel = new ParallelView(selection, options);
            Runtime machine = Runtime.getRuntime();
            int threads = parallel.threads(machine.availableProcessors(), machine.maxMemory());
            List<Long> cuts = parallel.cuts(threads);
            boolean isWhole =
                    cuts.isEmpty()
                            ? parallel.runAlone(out, resumed, notices, progress)
                            : parallel.run(cuts, threads, out, notices, progress);
            status = isWhole ? status : FAILED;
        } catch (UsageException e) {
            notices.error(e.getMessage());
            status = FAILED;
        } catch (NoSuchFileException e) {
            boolean isRead =
                    opened.roots().stream().anyMatch(root -> Path.of(e.getFile()).startsWith(root));
            notices.error(isRead ? e.getMessage() + ": it has disappeared" : Reason.of(e));
            status = FAILED;
        } catch (InterruptedIOException e) {
            if (!opened.isLive()) {
                notices.error(Reason.of(e));
            } // else somebody has seen enough
            status = FAILED;
        } catch (IOException e) {
            if (!BROKEN_PIPE.equals(e.getMessage())) {
                notices.error(Reason.of(e));
            }
            status = FAILED;
        } catch (InternalError e) {
            if (!isFault(e)) {
                throw e;
            }
            notices.error(
                    "A trace file has become shorter while it was read: what is missing cannot be"
                            + " shown");
            status = FAILED;
        }
        return status;
    }

    /// Whether it is how Java tells that a file ends before a packet of it that is mapped.
    private static boolean isFault(InternalError error) {
        String what = error.getMessage();
        return what != null && what.contains("unsafe memory access");
    }

    private static int declarations(
            OpenSources opened, ViewOptions options, OutputStream out, Notices notices) {
        try (Sink _ = Sinks.open(options, opened, List.of(), out, notices)) {
            return DONE;
        } catch (UsageException | IOException e) {
            notices.error(Reason.of(e));
            return FAILED;
        }
    }
}
