// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.wire.control.ControlChannel;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.Closeable;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A connection to the session daemon, or the spawning of one.
final class DaemonConnection implements Closeable {
    static final int NO_SESSION_DAEMON = 19;
    private static final long LONGEST_START_SECONDS = 20;

    private final ControlChannel channel;

    private DaemonConnection(ControlChannel channel) {
        this.channel = channel;
    }

    /// @throws Failure with LTTng's status when no daemon answers
    static DaemonConnection open(Places places) throws IOException, Failure {
        Optional<DaemonConnection> connection = tryOpen(places);
        if (connection.isEmpty()) {
            throw new Failure(NO_SESSION_DAEMON, "No session daemon is available");
        }
        return connection.get();
    }

    /// Empty when no daemon answers.
    static Optional<DaemonConnection> tryOpen(Places places) throws IOException {
        if (!Files.exists(places.controlSocket())) {
            return Optional.empty();
        }
        SocketChannel socket;
        try {
            socket = SocketChannel.open(UnixDomainSocketAddress.of(places.controlSocket()));
        } catch (IOException e) {
            return Optional.empty(); // A socket that a killed daemon has left.
        }
        return Optional.of(new DaemonConnection(ControlChannel.open(socket)));
    }

    /// Starts a daemon in the background and waits until it answers.
    ///
    /// @param program the daemon, empty for this program's `sessiond`
    static Process spawn(Places places, String program, List<String> arguments)
            throws IOException, Failure {
        Files.createDirectories(places.runDirectory());
        var command = new ArrayList<String>(List.of("setsid", "--"));
        if (program.isEmpty()) {
            command.add(Launcher.path().toString());
            command.add("sessiond");
        } else {
            command.add(program);
        }
        command.addAll(arguments);
        Path log = places.logFile();
        Process process =
                new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_START_SECONDS);
        while (System.nanoTime() < deadline) {
            try (DaemonConnection answered = tryOpen(places).orElse(null)) {
                if (answered != null) {
                    return process;
                }
                if (process.waitFor(5, TimeUnit.MILLISECONDS) && process.exitValue() != 0) {
                    break;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new Failure(
                1, "Problem occurred while starting the session daemon; its log is " + log);
    }

    Reply ask(Request request) throws IOException {
        return channel.ask(request);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
