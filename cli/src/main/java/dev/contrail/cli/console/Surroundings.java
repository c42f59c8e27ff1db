// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import dev.contrail.posix.SystemCalls;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What a command is run in: its standard streams, what is behind them, and its environment. Those
/// of the process, or others within it.
///
/// @param bytes standard output without a buffer: for events, whose writer wants to know why
///   writing fails
/// @param out standard output for text
/// @param err standard error
/// @param isOutTerminal whether a terminal is behind standard output
/// @param isErrTerminal whether a terminal is behind standard error
/// @param isOutFile whether standard output goes to a file: neither to a terminal, nor to a pipe,
///   behind which there may be another program that writes to the terminal
public record Surroundings(
        OutputStream bytes,
        PrintStream out,
        PrintStream err,
        boolean isOutTerminal,
        boolean isErrTerminal,
        boolean isOutFile,
        Map<String, String> environment) {

    private static final int BUFFER_BYTES = 8192;

    /// Those of this process.
    public static Surroundings ofProcess() {
        return of(
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                SystemCalls.isatty(1),
                SystemCalls.isatty(2),
                Files.isRegularFile(Path.of("/proc/self/fd/1")),
                System.getenv());
    }

    /// Pipes to these streams.
    public static Surroundings piped(
            OutputStream out, OutputStream err, Map<String, String> environment) {
        return of(out, err, false, false, false, environment);
    }

    /// A terminal that shows both.
    public static Surroundings onTerminal(OutputStream terminal, Map<String, String> environment) {
        return of(terminal, terminal, true, true, false, environment);
    }

    private static Surroundings of(
            OutputStream out,
            OutputStream err,
            boolean isOutTerminal,
            boolean isErrTerminal,
            boolean isOutFile,
            Map<String, String> environment) {
        var bytes = new StandardOutput(out);
        return new Surroundings(
                bytes,
                text(bytes),
                text(err),
                isOutTerminal,
                isErrTerminal,
                isOutFile,
                Map.copyOf(environment));
    }

    private static PrintStream text(OutputStream bytes) {
        return new PrintStream(
                new BufferedOutputStream(bytes, BUFFER_BYTES), false, StandardCharsets.UTF_8);
    }

    /// A variable of the environment; empty where it is not set.
    public String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /// Whether the terminal behind standard error can write a line over and over.
    public boolean hasLiveTerminal() {
        return isErrTerminal && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /// Whether what goes to standard output may be coloured.
    public boolean isColoured() {
        if (!variable("NO_COLOR").isEmpty()) {
            return false;
        }
        return switch (variable("BABELTRACE_TERM_COLOR")) {
            case "NEVER", "never" -> false;
            case "ALWAYS", "always" -> true;
            default -> isOutTerminal && hasLiveTerminal();
        };
    }

    /// Why something could not be written to standard output; empty when all was.
    public Optional<IOException> outFailure() {
        return bytes instanceof StandardOutput out ? out.failure() : Optional.empty();
    }

    /// Writes what has been said so far.
    public void flush() {
        out.flush();
        err.flush();
    }
}
