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
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Answers who asks whether the daemon is well (`relay-protocol.md` section 9): `u32` command 0,
/// answered with a `u64` of bits for threads that are not, in the machine's own byte order.
public final class HealthSocket implements AutoCloseable {

    /// Who connects and asks nothing for so long, is not waited for.
    static final long LONGEST_QUESTION_MILLIS = 1000;

    private final Path path;
    private final ServerSocketChannel server;
    private final LongSupplier troubles;

    private HealthSocket(Path path, ServerSocketChannel server, LongSupplier troubles) {
        this.troubles = troubles;
        this.path = path;
        this.server = server;
    }

    /// Listens, and answers from a thread of its own.
    ///
    /// @param group of users who may ask, besides its own; empty for none
    /// @param troubles bits of threads that are not well
    public static HealthSocket open(Path path, String group, LongSupplier troubles)
            throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
            admit(path, group);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        var socket = new HealthSocket(path, server, troubles);
        Thread.ofPlatform().daemon().name("relay-health").start(socket::accept);
        return socket;
    }

    private static void admit(Path path, String group) throws IOException {
        var attributes = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (!group.isEmpty()) {
            attributes.setGroup(
                    path.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByGroupName(group));
        }
        attributes.setPermissions(
                PosixFilePermissions.fromString(group.isEmpty() ? "rw-------" : "rw-rw----"));
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

    private void answer(SocketChannel asking) throws IOException {
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
            asking.write(
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .putLong(0, troubles.getAsLong()));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }
}
