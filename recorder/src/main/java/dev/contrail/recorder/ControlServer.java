// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.wire.control.ControlChannel;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;

/// A Unix-domain socket on which each connection gets a virtual thread.
public final class ControlServer implements AutoCloseable {
    private final Path path;
    private final ServerSocketChannel server;

    private ControlServer(Path path, ServerSocketChannel server) {
        this.path = path;
        this.server = server;
    }

    /// Listens for clients.
    ///
    /// @param group user group whose members may also command the daemon, empty for none
    public static ControlServer forClients(Path path, SessionDaemon daemon, String group)
            throws IOException {
        return listen(
                path,
                group.isEmpty() ? "rw-------" : "rw-rw----",
                group,
                connection -> serveClient(connection, daemon));
    }

    /// Listens for applications.
    ///
    /// @param isForAll whether every user's applications may register: root's daemon
    public static ControlServer forApplications(
            Path path, boolean isForAll, Consumer<SocketChannel> serve) throws IOException {
        return listen(path, isForAll ? "rw-rw-rw-" : "rw-------", "", serve);
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }

    private static ControlServer listen(
            Path path, String permissions, String group, Consumer<SocketChannel> serve)
            throws IOException {
        Files.deleteIfExists(path); // The caller holds the run directory's lock: nobody listens.
        // Bound under another name until its rights are right: nobody may connect in between.
        Path temporary = path.resolveSibling("." + path.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(temporary));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(permissions));
        if (!group.isEmpty()) {
            var lookup = path.getFileSystem().getUserPrincipalLookupService();
            Files.getFileAttributeView(
                            temporary, java.nio.file.attribute.PosixFileAttributeView.class)
                    .setGroup(lookup.lookupPrincipalByGroupName(group));
        }
        Files.move(temporary, path);
        Thread.ofPlatform()
                .daemon()
                .name("contrail-accept-" + path.getFileName())
                .start(() -> accept(server, serve));
        return new ControlServer(path, server);
    }

    private static void accept(ServerSocketChannel server, Consumer<SocketChannel> serve) {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                Thread.ofVirtual().name("contrail-client").start(() -> serve.accept(connection));
            } catch (IOException e) {
                if (server.isOpen()) {
                    System.getLogger("dev.contrail.recorder")
                            .log(System.Logger.Level.WARNING, "cannot accept a connection", e);
                }
            }
        }
    }

    private static void serveClient(SocketChannel connection, SessionDaemon daemon) {
        try (connection) {
            // The socket's rights let only the user, root and the tracing group connect; who it is
            // goes to the log.
            System.getLogger("dev.contrail.recorder")
                    .log(
                            System.Logger.Level.DEBUG,
                            "client {0}",
                            connection.getOption(ExtendedSocketOptions.SO_PEERCRED).user());
            ControlChannel channel = ControlChannel.open(connection);
            while (true) {
                channel.answer(daemon.answer(channel.nextRequest()));
            }
        } catch (EOFException e) {
            // The client has what it wanted.
        } catch (IOException e) {
            System.getLogger("dev.contrail.recorder")
                    .log(System.Logger.Level.DEBUG, "a client's connection ended", e);
        }
    }
}
