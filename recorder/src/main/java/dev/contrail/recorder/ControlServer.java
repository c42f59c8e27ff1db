// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.recorder.thread.Supervisor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// A Unix-domain socket on which each connection gets a virtual thread.
///
/// It goes on accepting whatever happens: without descriptors it lets those go that say nothing,
/// and tries again after a while.
public final class ControlServer implements AutoCloseable {
    private static final long SHORTEST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 1000;
    private static final long WATCH_MILLIS = 1000;

    /// Serves one connection until it ends. Blocks: it has a thread of its own.
    @FunctionalInterface
    public interface Service {
        /// @param greeted to be run when the other side has said who it is; a connection that has
        ///   not is closed after a while
        void serve(SocketChannel connection, Runnable greeted);
    }

    private final Path path;

    /// What tells its socket from another one of that name.
    private final Object identity;

    private final ServerSocketChannel server;
    private final Service service;
    private final Connections connections;
    private final Supervisor supervisor;

    private ControlServer(
            Path path,
            Object identity,
            ServerSocketChannel server,
            Service service,
            SessionDaemon daemon) {
        this.path = path;
        this.identity = identity;
        this.server = server;
        this.service = service;
        this.connections = daemon.connections();
        this.supervisor = daemon.supervisor();
    }

    /// Listens for clients.
    ///
    /// @param group user group whose members may also command the daemon, empty for none
    public static ControlServer forClients(
            Path path, String group, Service service, SessionDaemon daemon) throws IOException {
        return listen(path, group.isEmpty() ? "rw-------" : "rw-rw----", group, service, daemon);
    }

    /// Listens for applications.
    ///
    /// @param isForAll whether every user's applications may register: root's daemon
    public static ControlServer forApplications(
            Path path, boolean isForAll, Service service, SessionDaemon daemon) throws IOException {
        return listen(path, isForAll ? "rw-rw-rw-" : "rw-------", "", service, daemon);
    }

    /// Where somebody has removed the run directory, another daemon may have made another one
    /// since: its socket stays.
    @Override
    public void close() throws IOException {
        server.close();
        try {
            if (identity(path).equals(identity)) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            return; // with its directory
        }
    }

    private static Object identity(Path socket) throws IOException {
        return Objects.requireNonNull(
                Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .fileKey());
    }

    private static ControlServer listen(
            Path path, String permissions, String group, Service service, SessionDaemon daemon)
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
        var made = new ControlServer(path, identity(path), server, service, daemon);
        Thread.ofPlatform()
                .daemon()
                .name("contrail-accept-" + path.getFileName())
                .start(made::accept);
        Thread.ofVirtual().name("contrail-silence-" + path.getFileName()).start(made::watch);
        return made;
    }

    private void accept() {
        long pause = SHORTEST_PAUSE_MILLIS;
        while (server.isOpen()) {
            try {
                serve(server.accept());
                pause = SHORTEST_PAUSE_MILLIS;
            } catch (ClosedChannelException e) {
                return;
            } catch (Throwable failure) {
                connections.closeAllSilent();
                supervisor.failed("Cannot accept a connection", failure);
                pause(pause);
                pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
            }
        }
    }

    private void serve(SocketChannel connection) {
        connections
                .admit(connection)
                .ifPresent(guest ->
                        Thread.ofVirtual()
                                .name("contrail-client")
                                .start(() ->
                                        supervisor.run(
                                                "a connection to " + path.getFileName(),
                                                () -> serve(connection, guest))));
    }

    private void serve(SocketChannel connection, Connections.Guest guest) {
        try (guest) {
            service.serve(connection, guest::greeted);
        }
    }

    private void watch() {
        while (server.isOpen()) {
            pause(WATCH_MILLIS);
            supervisor.run("silent connections", connections::closeSilent);
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
