// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.Notices;
import dev.contrail.analysis.convert.Sinks;
import dev.contrail.analysis.convert.View;
import dev.contrail.analysis.convert.ViewArguments;
import dev.contrail.analysis.convert.ViewOptions;
import dev.contrail.cli.console.Surroundings;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/// Standard output, which remembers that its reader has gone.
public final class PipeOutput extends OutputStream {
    /// The exit status of a program that SIGPIPE has ended.
    public static final int BROKEN_PIPE = 128 + 13;

    private final OutputStream bytes;
    private final ProgressLine line;
    private final boolean isTerminal;
    private boolean isBroken;

    private PipeOutput(Surroundings around, ProgressLine line) {
        around.out().flush();
        bytes = around.bytes();
        isTerminal = around.isOutTerminal();
        this.line = line;
    }

    /// Understands the arguments of `convert`; on a terminal, text is coloured, but never with
    /// `NO_COLOR` (or `BABELTRACE_TERM_COLOR=NEVER`).
    public static ViewOptions parse(List<String> arguments, Surroundings around)
            throws UsageException {
        String[] words = arguments.toArray(String[]::new);
        return around.isColoured()
                ? ViewArguments.parseForTerminal(words)
                : ViewArguments.parse(words);
    }

    /// Runs the graph into standard output.
    ///
    /// @param words of the entry point
    /// @return the exit status
    public static int view(ViewOptions options, Surroundings around, Notices.Words words) {
        return view(options, around, words, false);
    }

    /// As before.
    ///
    /// @param isWatched whether somebody sees standard error, who would wonder at nothing at all
    static int view(
            ViewOptions options, Surroundings around, Notices.Words words, boolean isWatched) {
        boolean isQuiet = Sinks.isQuiet(options.sink());
        boolean isElsewhere = options.output().isPresent() || around.isOutFile();
        boolean isWanted = isElsewhere || isQuiet && around.isOutTerminal();
        try (var line = new ProgressLine(around, isWanted)) {
            var out = new PipeOutput(around, line);
            var notices = new Notices(line.err(), words);
            var interrupt =
                    options.isLive() ? Optional.of(new Interrupt()) : Optional.<Interrupt>empty();
            int status =
                    View.run(
                            List.of(),
                            options,
                            out,
                            AppendedFile.ofStandardOutput(),
                            notices,
                            line.progress());
            if (interrupt.isPresent() && interrupt.get().hasCome()) {
                return words.equals(Notices.BABELTRACE)
                        ? Interrupt.STATUS_OF_BABELTRACE
                        : Interrupt.STATUS;
            }
            boolean isEmpty =
                    status == 0
                            && !options.isLive()
                            && !out.isBroken
                            && line.progress().events() == 0;
            if (isWatched && isEmpty && Sinks.showsEvents(options.sink())) {
                line.err().println(nothing(options.selecting()));
            }
            return out.isBroken ? BROKEN_PIPE : status;
        }
    }

    /// Whether who reads standard output has seen enough.
    public static boolean isBrokenPipe(IOException failure) {
        return "Broken pipe".equals(failure.getMessage());
    }

    /// Why nothing is shown.
    private static String nothing(List<String> selecting) {
        return selecting.isEmpty()
                ? "No events: none was recorded."
                : "No events are left by " + String.join(" and ", selecting) + ".";
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        if (isTerminal) {
            line.erase();
        }
        try {
            bytes.write(from, offset, length);
        } catch (IOException e) {
            isBroken = isBrokenPipe(e);
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        bytes.flush();
    }
}
