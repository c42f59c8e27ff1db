// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.jvm;

import dev.contrail.posix.SystemCalls;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The way into a JVM that tools have: its Unix-domain socket, which it makes when it is asked for
/// it by a file and a SIGQUIT (`attachListener_posix.cpp` of the JDK). What is said is five texts
/// with a zero after each: the version `1`, a command and its three arguments; the answer is a
/// number on a line, 0 for success, and text.
final class AttachSocket {
    static final int SIGQUIT = 3;

    private static final int MAX_ANSWER_BYTES = 64 << 10;
    private static final long POLL_MILLIS = 10;
    private static final Pattern RETURNED = Pattern.compile("(?m)^return code: (-?\\d+)$");
    private static final int NO_JAR = 100;

    private AttachSocket() {}

    /// Where a JVM has its socket, as it is seen from here.
    ///
    /// @param inner its process id in its own namespace
    static Path of(int pid, int inner) {
        return temporary(pid).resolve(".java_pid" + inner);
    }

    private static Path temporary(int pid) {
        return Path.of("/proc", Integer.toString(pid), "root/tmp");
    }

    /// Loads an agent into a JVM, and returns when it has started.
    ///
    /// @param inner the JVM's process id in its own namespace
    /// @param uid whose the JVM is: others may have put something into its place
    /// @param jar as the JVM sees it
    /// @param arguments of the agent
    /// @param patienceNanos how long the JVM may take
    /// @throws IOException when it did not, with why
    static void load(int pid, int inner, long uid, Path jar, String arguments, long patienceNanos)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patienceNanos;
        Path socket = of(pid, inner);
        if (!Files.exists(socket)) {
            ask(pid, inner, socket, deadline);
        }
        if (owner(socket) != uid) {
            throw new IOException("%s is not its own".formatted(socket));
        }
        String answer =
                exchange(
                        socket,
                        List.of("1", "load", "instrument", "false", jar + "=" + arguments),
                        deadline);
        Matcher returned = RETURNED.matcher(answer);
        int code = returned.find() ? Integer.parseInt(returned.group(1)) : 0;
        if (!answer.startsWith("0\n") || code != 0) {
            throw new IOException(
                    code == NO_JAR
                            ? "it cannot open %s".formatted(jar)
                            : "it has not loaded the agent: "
                                    + answer.strip().replaceAll("\\s*\\R\\s*", ", "));
        }
    }

    /// Whose a file is, no link followed.
    static long owner(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    /// Has the JVM make its socket.
    private static void ask(int pid, int inner, Path socket, long deadline)
            throws IOException, InterruptedException {
        Path asking = temporary(pid).resolve(".attach_pid" + inner);
        boolean isMade = true;
        try {
            Files.createFile(asking);
        } catch (FileAlreadyExistsException e) {
            isMade = false; // another tool asks
        }
        try {
            SystemCalls.kill(pid, SIGQUIT);
            while (!Files.exists(socket)) {
                if (System.nanoTime() - deadline >= 0) {
                    throw silent();
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } finally {
            if (isMade) {
                Files.deleteIfExists(asking);
            }
        }
    }

    private static IOException silent() {
        return new IOException("it does not answer: it may be stopped, or very busy");
    }

    private static String exchange(Path socket, List<String> words, long deadline)
            throws IOException {
        ByteBuffer said =
                ByteBuffer.wrap((String.join("\0", words) + "\0").getBytes(StandardCharsets.UTF_8));
        ByteBuffer heard = ByteBuffer.allocate(MAX_ANSWER_BYTES);
        try (Selector selector = Selector.open();
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                throw new IOException("other tools are connected to it");
            }
            SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            while (true) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || selector.select(left) == 0) {
                    throw silent();
                }
                selector.selectedKeys().clear();
                if (said.hasRemaining()) {
                    channel.write(said);
                    key.interestOps(
                            said.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
                } else if (channel.read(heard) < 0 || !heard.hasRemaining()) {
                    return new String(heard.array(), 0, heard.position(), StandardCharsets.UTF_8);
                }
            }
        }
    }
}
