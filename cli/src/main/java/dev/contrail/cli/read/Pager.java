// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Signals;
import dev.contrail.cli.console.Surroundings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A program between a command and the terminal, which shows a screen at a time: begun at the first
/// byte, it gets what else the command says too, as otherwise the two would write over each other.
final class Pager implements AutoCloseable {
    /// From these on, a shell could not run the program.
    private static final int NOT_RUN = 126;

    private static final int MOST_NOT_RUN = 127;

    /// What is added to the number of a signal that ended a program.
    private static final int SIGNALLED = 128;

    /// Nothing to page where it fits the screen, colours, and the screen stays as it is at the end.
    private static final String LESS = "FRX";

    private final String command;
    private final Surroundings terminal;
    private Optional<Process> process = Optional.empty();
    private final List<Signals.Before> signals = new ArrayList<>();
    private boolean hasQuit;

    /// The number of a signal that was to end this process; 0 for none.
    private volatile int ending;

    private Pager(String command, Surroundings terminal) {
        this.command = command;
        this.terminal = terminal;
    }

    /// The pager that the user wants, `CONTRAIL_PAGER` before `PAGER` before `less`; empty where
    /// there is no terminal for it, no such program, or one that only copies.
    public static Optional<Pager> of(Surroundings around) {
        if (!around.isOutTerminal() || !around.hasLiveTerminal()) {
            return Optional.empty();
        }
        Map<String, String> environment = around.environment();
        String command =
                environment.getOrDefault(
                        "CONTRAIL_PAGER",
                        environment.getOrDefault(
                                "PAGER", hasLess(around.variable("PATH")) ? "less" : ""));
        return command.isBlank() || command.strip().equals("cat")
                ? Optional.empty()
                : Optional.of(new Pager(command, around));
    }

    private static boolean hasLess(String path) {
        for (String each : path.split(":")) {
            if (!each.isEmpty() && Files.isExecutable(Path.of(each, "less"))) {
                return true;
            }
        }
        return false;
    }

    /// What the command that is paged is run in: pipes to the pager.
    public Surroundings surroundings() {
        return new Surroundings(
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        write(new byte[] {(byte) one}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        page(bytes, offset, length);
                    }
                },
                terminal.out(),
                new PrintStream(
                        new OutputStream() {
                            @Override
                            public void write(int one) throws IOException {
                                write(new byte[] {(byte) one}, 0, 1);
                            }

                            @Override
                            public void write(byte[] bytes, int offset, int length)
                                    throws IOException {
                                say(bytes, offset, length);
                            }
                        },
                        true,
                        StandardCharsets.UTF_8),
                false,
                false,
                false,
                terminal.environment());
    }

    private synchronized void page(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return; // there may be nothing to page
        }
        if (process.isEmpty()) {
            begin();
        }
        try {
            OutputStream in = process.orElseThrow().getOutputStream();
            in.write(bytes, offset, length);
            in.flush();
        } catch (IOException e) {
            hasQuit = true;
            throw new IOException("Broken pipe", e);
        }
    }

    private synchronized void say(byte[] bytes, int offset, int length) throws IOException {
        if (process.isEmpty()) {
            terminal.err().write(bytes, offset, length);
        } else {
            page(bytes, offset, length);
        }
    }

    private void begin() throws IOException {
        terminal.flush();
        var builder = new ProcessBuilder("sh", "-c", command);
        builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(terminal.environment());
        environment.putIfAbsent("LESS", LESS);
        Process pager = builder.start();
        process = Optional.of(pager);
        // Ctrl-C is for the pager, which ends when its user says so.
        signals.add(Signals.handle("INT", _ -> {}));
        // What ends this process ends the pager first: left alone, it would read the keyboard
        // beside the shell, which gets a terminal in the pager's mode.
        for (String each : List.of("TERM", "HUP")) {
            signals.add(
                    Signals.handle(
                            each,
                            number -> {
                                ending = number;
                                pager.descendants().forEach(ProcessHandle::destroy);
                                pager.destroy();
                            }));
        }
    }

    /// Waits until the user has seen enough.
    ///
    /// @param status of the command that was paged
    /// @return the same, but success where the user did not want to see it all; 128 and the number
    ///   of a signal that was to end this process
    /// @throws Failure when the pager could not be run, or failed before it had read everything
    public int end(int status) throws IOException, Failure {
        close();
        if (ending != 0) {
            return SIGNALLED + ending;
        }
        int ended = process.map(Process::exitValue).orElse(0);
        boolean isNotRun = ended == NOT_RUN || ended == MOST_NOT_RUN;
        if (isNotRun || hasQuit && ended > 0 && ended < SIGNALLED) {
            throw new Failure(
                    "The pager `%s` %s (status %d): see PAGER, or use --no-pager"
                            .formatted(command, isNotRun ? "cannot be run" : "failed", ended));
        }
        return hasQuit ? ExitStatus.SUCCESS.number() : status;
    }

    @Override
    public synchronized void close() throws IOException {
        if (process.isPresent()) {
            try (OutputStream in = process.get().getOutputStream()) {
                in.flush();
            } catch (IOException e) {
                hasQuit = true;
            }
            try {
                process.get().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        signals.forEach(Signals.Before::restore);
        signals.clear();
    }
}
