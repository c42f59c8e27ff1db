// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import dev.contrail.wire.LttngError;
import dev.contrail.wire.control.ControlChannel;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A connection to the session daemon, or the spawning of one.
public final class DaemonConnection implements Closeable {
    private static final String GO_ON =
            "contrail sessiond --background starts one that goes on with its sessions";
    private static final long LONGEST_START_SECONDS = 20;
    private static final long MOST_LOG_BYTES = 4096;

    /// Signs of life, one a second, before the user is told that something takes its time.
    private static final int SIGNS_BEFORE_A_WORD = 3;

    private final Places places;
    private final ControlChannel channel;
    private final SilenceWatch watch;

    private DaemonConnection(Places places, ControlChannel channel, SilenceWatch watch) {
        this.places = places;
        this.channel = channel;
        this.watch = watch;
    }

    /// @throws Failure with LTTng's status when no daemon answers
    public static DaemonConnection open(Places places) throws IOException, Failure {
        Optional<DaemonConnection> connection = tryOpen(places);
        if (connection.isEmpty()) {
            throw noDaemon(places);
        }
        return connection.get();
    }

    /// In LTTng's words; where sessions were left, also how to go on with them.
    public static Failure noDaemon(Places places) {
        String text = LttngError.NO_SESSIOND.text();
        return hasSessions(places)
                ? new Failure(
                        LttngError.NO_SESSIOND,
                        text,
                        "A session daemon has ended and left sessions: " + GO_ON)
                : new Failure(LttngError.NO_SESSIOND, text);
    }

    /// Whether a daemon has left sessions for the next one.
    static boolean hasSessions(Places places) {
        try (DirectoryStream<Path> sessions =
                Files.newDirectoryStream(
                        places.runDirectory().resolve("sessions"),
                        each -> !each.getFileName().toString().contains("-"))) {
            return sessions.iterator().hasNext();
        } catch (IOException e) {
            return false; // There never was one, or it is not for this user.
        }
    }

    /// Empty when no daemon answers.
    public static Optional<DaemonConnection> tryOpen(Places places) throws IOException {
        return tryOpen(places, SilenceWatch.LONGEST_SECONDS);
    }

    /// @param longestSeconds how long the daemon may be silent while it is waited for
    static Optional<DaemonConnection> tryOpen(Places places, long longestSeconds)
            throws IOException {
        if (!Files.exists(places.controlSocket())) {
            return Optional.empty();
        }
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        var watch = new SilenceWatch(socket, longestSeconds);
        try {
            watch.begin();
            try {
                socket.connect(UnixDomainSocketAddress.of(places.controlSocket()));
            } catch (IOException e) {
                if (watch.hasStruck()) {
                    throw e;
                }
                socket.close();
                return Optional.empty(); // A killed daemon has left it, or it is not for this user.
            }
            ControlChannel channel = ControlChannel.open(socket);
            watch.end();
            return Optional.of(new DaemonConnection(places, channel, watch));
        } catch (IOException e) {
            socket.close();
            throw watch.hasStruck() ? deaf(places, watch) : e;
        } finally {
            watch.end();
        }
    }

    private static IOException deaf(Places places, SilenceWatch watch) {
        return new IOException(
                ("The session daemon (PID %s) has not answered for %d s; its log is %s. End it with"
                                + " kill -9, then: %s")
                        .formatted(pid(places), watch.longestSeconds(), places.logFile(), GO_ON));
    }

    private static String pid(Places places) {
        try {
            return Files.readString(places.pidFile()).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /// Starts a daemon in the background and waits until it answers, or another one that somebody
    /// else has started meanwhile.
    ///
    /// @return the daemon that was started; it has ended where another was first
    /// @param program the daemon, empty for this program's `sessiond`
    public static Process spawn(Places places, String program, List<String> arguments)
            throws IOException, Failure {
        Files.createDirectories(places.runDirectory());
        var command = new ArrayList<String>(List.of("setsid", "--"));
        if (program.isEmpty()) {
            command.add(Launcher.path().toString());
            command.add("sessiond");
        } else {
            checkExecutable(program);
            command.add(program);
        }
        command.addAll(arguments);
        Path log = places.logFile();
        if (!Files.exists(log)) { // with these rights whatever the creation mask
            Files.createFile(
                    log,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        long begin = Files.size(log);
        Process process =
                Launcher.entered(new ProcessBuilder(command))
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
                if (!process.waitFor(5, TimeUnit.MILLISECONDS)) {
                    continue;
                }
                if (process.exitValue() != 0 && !RunningDaemon.isLocked(places)) {
                    break;
                }
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new Failure(
                "Problem occurred while starting the session daemon; its log is "
                        + log
                        + lastLine(log, begin));
    }

    /// A bare name is looked for as a shell does it.
    private static void checkExecutable(String program) throws Failure {
        Path path = Path.of(program);
        if (!program.contains("/")) {
            return;
        }
        String what =
                !Files.exists(path)
                        ? "No such file or directory"
                        : Files.isDirectory(path)
                                ? "Is a directory"
                                : Files.isExecutable(path) ? "" : "Permission denied";
        if (!what.isEmpty()) {
            throw new Failure(
                    "Problem occurred while starting the session daemon: %s: %s (--sessiond-path or"
                                    .formatted(program, what)
                            + " LTTNG_SESSIOND_PATH names it)");
        }
    }

    /// What the log ends with, if anything was said since it had that size.
    private static String lastLine(Path log, long begin) throws IOException {
        try (var channel = FileChannel.open(log, StandardOpenOption.READ)) {
            long from = Math.max(begin, channel.size() - MOST_LOG_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, channel.size() - from));
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {
                continue;
            }
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
            return lines.isEmpty() ? "" : ". It ends with: " + lines.getLast();
        }
    }

    /// Asks, and waits as long as the daemon shows signs of life.
    ///
    /// @param waiting is told once, after some seconds, what is waited for
    public Reply ask(Request request, Consumer<String> waiting) throws IOException {
        watch.begin();
        int[] signs = {0};
        try {
            return channel.ask(
                    request,
                    () -> {
                        watch.begin();
                        if (++signs[0] == SIGNS_BEFORE_A_WORD) {
                            waiting.accept(
                                    "Waiting for the session daemon (PID %s), which works on it"
                                            .formatted(pid(places)));
                        }
                    });
        } catch (EOFException e) {
            throw new IOException(
                    "The session daemon has ended before it answered; its log is %s. %s"
                            .formatted(places.logFile(), GO_ON),
                    e);
        } catch (IOException e) {
            throw watch.hasStruck() ? deaf(places, watch) : e;
        } finally {
            watch.end();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
