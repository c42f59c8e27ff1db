// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.analysis.Sinks;
import dev.contrail.analysis.View;
import dev.contrail.analysis.ViewArguments;
import dev.contrail.analysis.ViewOptions;
import dev.contrail.posix.SystemCalls;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/// Standard output, which remembers that its reader has gone.
final class PipeOutput extends FileOutputStream {
    /// As for a program that SIGPIPE has ended.
    private static final int BROKEN_PIPE = 128 + 13;

    private final ProgressLine line;
    private final boolean isTerminal = SystemCalls.isatty(1);
    private boolean isBroken;

    private PipeOutput(ProgressLine line) {
        super(FileDescriptor.out);
        this.line = line;
    }

    /// Understands the arguments of `convert`; on a terminal, text is coloured, but never with
    /// `NO_COLOR` (or `BABELTRACE_TERM_COLOR=NEVER`).
    static ViewOptions parse(List<String> arguments) throws ViewArguments.UsageException {
        String[] words = arguments.toArray(String[]::new);
        return isTerminal(System.getenv())
                ? ViewOptions.parseForTerminal(words)
                : ViewOptions.parse(words);
    }

    /// Whether what goes to standard output may be coloured.
    static boolean isTerminal(Map<String, String> environment) {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
            return false;
        }
        return switch (environment.getOrDefault("BABELTRACE_TERM_COLOR", "")) {
            case "NEVER", "never" -> false;
            case "ALWAYS", "always" -> true;
            default ->
                    SystemCalls.isatty(1)
                            && SystemCalls.isatty(2)
                            && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
        };
    }

    /// Runs the graph into standard output.
    ///
    /// @return the exit status
    static int view(ViewOptions options, PrintStream err) {
        boolean isQuiet = Sinks.isQuiet(options.sink());
        boolean isElsewhere = options.output().isPresent() || ProgressLine.isOutputFile();
        boolean isWanted = isElsewhere || isQuiet && SystemCalls.isatty(1);
        try (var line = new ProgressLine(err, isWanted)) {
            var out = new PipeOutput(line);
            int status = View.run(List.of(), options, out, line.err(), line.progress());
            return out.isBroken ? BROKEN_PIPE : status;
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (isTerminal) {
            line.erase();
        }
        try {
            super.write(bytes, offset, length);
        } catch (IOException e) {
            isBroken = "Broken pipe".equals(e.getMessage());
            throw e;
        }
    }
}
