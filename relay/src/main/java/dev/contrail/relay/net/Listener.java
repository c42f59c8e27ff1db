// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.net;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.wire.net.Acceptor;
import dev.contrail.wire.net.Connection;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.TimeSource;
import dev.contrail.wire.secure.RefusedConnectionException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/// Accepts connections on a port, and gives each a thread. Connections that say nothing are few,
/// and give way.
public final class Listener implements AutoCloseable {
    /// Connections from one address that have said nothing.
    static final int MAX_SILENT = 64;

    /// How long such a one may say nothing when others want its place.
    static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Kind kind;
    private final Acceptor server;
    private final TimeSource clock;
    private final Set<Peer> peers = ConcurrentHashMap.newKeySet();

    /// What a port is for.
    ///
    /// @param name for messages and threads
    /// @param threads for the connections
    /// @param service serves one, until it ends
    /// @param mayBeSilent how many from an address may say nothing, and rightly so
    /// @param most connections at a time
    /// @param memory for what comes
    public record Kind(
            String name,
            ThreadFactory threads,
            Service service,
            ToIntFunction<InetAddress> mayBeSilent,
            int most,
            MessageMemory memory) {}

    /// Serves a connection.
    public interface Service {
        void serve(Peer peer) throws IOException;
    }

    private Listener(Kind kind, Acceptor server, TimeSource clock) {
        this.kind = kind;
        this.server = server;
        this.clock = clock;
    }

    /// Listens, and begins to accept.
    ///
    /// @param threads for the one that accepts
    public static Listener open(
            Kind kind,
            InetSocketAddress address,
            Network network,
            TimeSource clock,
            ThreadFactory threads)
            throws IOException {
        Acceptor server;
        try {
            server = network.listen(address);
        } catch (IOException e) {
            throw new IOException(
                    "%s port %d of %s: %s%s"
                            .formatted(
                                    kind.name(),
                                    address.getPort(),
                                    address.getAddress().getHostAddress(),
                                    Reason.of(e),
                                    Reason.of(e).contains("in use")
                                            ? ": perhaps a relay daemon runs already"
                                            : ""),
                    e);
        }
        var listener = new Listener(kind, server, clock);
        threads.newThread(listener::accept).start();
        return listener;
    }

    /// Where it listens.
    public InetSocketAddress address() throws IOException {
        return server.address();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                welcome(server.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | OutOfMemoryError e) { // descriptors or threads are used up
                RelayLog.warn(kind.name() + ": " + Reason.of(e));
                rest();
            }
        }
    }

    private void rest() {
        try {
            clock.sleep(REST_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void welcome(Connection connection) throws IOException {
        Peer peer;
        try {
            peer = new Peer(connection, clock, kind.memory());
        } catch (OutOfMemoryError e) {
            connection.close();
            throw e;
        }
        if (peers.size() >= kind.most() || !hasRoomForSilent(peer.address())) {
            RelayLog.warn("%s: too many connections; closed %s".formatted(kind.name(), peer));
            peer.close();
            return;
        }
        peers.add(peer);
        try {
            kind.threads().newThread(() -> serve(peer)).start();
        } catch (OutOfMemoryError e) {
            peers.remove(peer);
            peer.close();
            throw e;
        }
    }

    /// One that has said nothing for long gives way, where silence is not right.
    private boolean hasRoomForSilent(InetAddress address) {
        int rightly = kind.mayBeSilent().applyAsInt(address);
        var silent =
                peers.stream()
                        .filter(each -> !each.hasSpoken() && each.address().equals(address))
                        .toList();
        if (silent.size() < MAX_SILENT + rightly) {
            return true;
        }
        Optional<Peer> longest = silent.stream().max(Comparator.comparingLong(Peer::silentNanos));
        if (rightly > 0 || longest.orElseThrow().silentNanos() < LONGEST_SILENCE_NANOS) {
            return false;
        }
        longest.get().close();
        return true;
    }

    private void serve(Peer peer) {
        try (peer) {
            kind.service().serve(peer);
        } catch (RefusedConnectionException e) {
            RelayLog.warn("%s %s is refused: %s".formatted(kind.name(), peer, Reason.of(e)));
        } catch (IOException e) {
            if (server.isOpen()) {
                RelayLog.debug("%s %s: %s".formatted(kind.name(), peer, Reason.of(e)));
            }
        } catch (OutOfMemoryError e) {
            RelayLog.warn("%s %s: %s".formatted(kind.name(), peer, Reason.of(e)));
        } catch (RuntimeException e) {
            RelayLog.failed(kind.name() + " " + peer, e);
        } finally {
            peers.remove(peer);
            peer.release();
        }
    }

    /// Ends all connections, and accepts no more.
    @Override
    public void close() throws IOException {
        server.close();
        peers.forEach(Peer::close);
    }
}
