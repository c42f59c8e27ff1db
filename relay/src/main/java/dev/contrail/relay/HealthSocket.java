// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.log.RelayLog;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Answers who asks whether the daemon is well (`relay-protocol.md` section 9): `u32` command 0,
/// answered with a `u64` of bits for threads that are not, in the machine's own byte order.
public final class HealthSocket implements AutoCloseable {

    /// Who connects and asks nothing for so long, is not waited for.
    static final long LONGEST_QUESTION_MILLIS = 1000;

    private final Path path;
    private final ServerSocketChannel server;

    private HealthSocket(Path path, ServerSocketChannel server) {
        this.path = path;
        this.server = server;
    }

    /// Listens, and answers from a thread of its own.
    public static HealthSocket open(Path path) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            server.close();
            throw e;
        }
        var socket = new HealthSocket(path, server);
        Thread.ofPlatform().daemon().name("relay-health").start(socket::accept);
        return socket;
    }

    private void accept() {
        while (server.isOpen()) {
            try (SocketChannel asking = server.accept()) {
                answer(asking);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                RelayLog.debug("health: " + Reason.of(e));
            }
        }
    }

    private static void answer(SocketChannel asking) throws IOException {
        asking.configureBlocking(false);
        ByteBuffer question = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_QUESTION_MILLIS);
        try (Selector selector = Selector.open()) {
            asking.register(selector, SelectionKey.OP_READ);
            while (question.hasRemaining()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || selector.select(left) == 0 || asking.read(question) < 0) {
                    return;
                }
                selector.selectedKeys().clear();
            }
        }
        if (question.getInt(0) == 0) {
            // That it answers is all that it can tell: it watches no thread.
            asking.write(ByteBuffer.allocate(Long.BYTES));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }
}
