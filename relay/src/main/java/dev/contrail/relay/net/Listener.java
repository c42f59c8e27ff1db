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
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/// Accepts connections on a port, and gives each a thread. Connections that say nothing are few,
/// and give way; where all places are taken, so do those that nothing depends on.
public final class Listener implements AutoCloseable {
    /// Connections from one address that have said nothing, and that nobody waits for.
    static final int MAX_SILENT = 256;

    /// Part of all connections to a port that they may be.
    static final int SILENT_PART = 2;

    /// Who means it has spoken so long after it has connected.
    static final long SPOKEN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// How often it is said at most that connections were closed for want of room.
    static final long BETWEEN_WORDS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /// How often it looks, within the patience that it has, who stalls.
    private static final int LOOKS_A_PATIENCE = 4;

    private final Kind kind;
    private final Acceptor server;
    private final TimeSource clock;
    private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
    private volatile boolean hasStoppedAccepting;
    private volatile boolean hasErred;

    /// Closed for want of room, and not yet told of; as the next three, of the thread that accepts.
    private long untold;

    private String lastClosed = "";
    private long toldAt;
    private boolean hasTold;

    /// What a port is for.
    ///
    /// @param name for messages and threads
    /// @param threads for the connections
    /// @param service serves one, until it ends
    /// @param awaited asked when one comes from an address: whether, by then and later, somebody
    ///   waits for it to speak, however long that takes
    /// @param most connections at a time
    /// @param memory for what comes
    /// @param patienceNanos how long a peer may stop within a message or take nothing; 0 for ever
    public record Kind(
            String name,
            ThreadFactory threads,
            Service service,
            Function<InetAddress, BooleanSupplier> awaited,
            int most,
            MessageMemory memory,
            long patienceNanos) {}

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
        if (kind.patienceNanos() > 0) {
            threads.newThread(listener::endStalled).start();
        }
        return listener;
    }

    /// Where it listens.
    public InetSocketAddress address() throws IOException {
        return server.address();
    }

    private void accept() {
        try {
            acceptAll();
        } finally {
            hasStoppedAccepting = true;
        }
    }

    /// Whether connections are accepted, as long as it is not closed.
    public boolean isListening() {
        return !hasStoppedAccepting || !server.isOpen();
    }

    /// Whether who serves connections has met what nobody has foreseen, or has come no further for
    /// so long with what one of them has said.
    public boolean hasTrouble(long longestNanos) {
        return hasErred || peers.stream().anyMatch(each -> each.workingNanos() > longestNanos);
    }

    private void acceptAll() {
        while (server.isOpen()) {
            try {
                welcome(server.accept());
            } catch (ClosedChannelException e) {
                tell();
                return;
            } catch (IOException | OutOfMemoryError e) { // descriptors or threads are used up
                RelayLog.warn(kind.name() + ": " + Reason.of(e));
                rest(REST_NANOS);
            }
        }
    }

    private void rest(long nanos) {
        try {
            clock.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void welcome(Connection connection) throws IOException {
        Peer peer;
        try {
            InetAddress address = connection.remote().getAddress();
            peer = new Peer(connection, clock, kind.memory(), kind.awaited().apply(address));
        } catch (OutOfMemoryError e) {
            connection.close();
            throw e;
        }
        if (!makeRoom(peer.address())) {
            closed(peer);
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

    /// Too many of an address that say nothing: the oldest of them gives way. Where all places are
    /// taken, the oldest of those that have not spoken in time, or else of those that nothing
    /// depends on.
    private boolean makeRoom(InetAddress address) {
        boolean isFull = peers.size() >= kind.most();
        if (isFull) {
            return giveWay(each -> each.isSilent() && each.connectedNanos() >= SPOKEN_NANOS)
                    || giveWay(Peer::isIdle);
        }
        Predicate<Peer> isSilentToo = each -> each.isSilent() && each.address().equals(address);
        int most = Math.min(MAX_SILENT, kind.most() / SILENT_PART);
        return peers.stream().filter(isSilentToo).count() < most || giveWay(isSilentToo);
    }

    private boolean giveWay(Predicate<Peer> which) {
        Optional<Peer> oldest =
                peers.stream().filter(which).max(Comparator.comparingLong(Peer::connectedNanos));
        oldest.ifPresent(this::closed);
        return oldest.isPresent();
    }

    private void closed(Peer peer) {
        peer.close();
        untold++;
        lastClosed = peer.toString();
        long now = clock.nanos();
        if (hasTold && now - toldAt < BETWEEN_WORDS_NANOS) {
            return;
        }
        tell();
        hasTold = true;
        toldAt = now;
    }

    private void tell() {
        if (untold > 0) {
            RelayLog.warn(
                    "%s: too many connections; closed %d, the last one %s"
                            .formatted(kind.name(), untold, lastClosed));
            untold = 0;
        }
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
            peer.erred();
            RelayLog.failed(kind.name() + " " + peer, e);
        } finally {
            hasErred |= peer.hasErred();
            peers.remove(peer);
            peer.release();
        }
    }

    private void endStalled() {
        long patience = kind.patienceNanos();
        while (server.isOpen()) {
            for (Peer each : peers) {
                if (each.stalledNanos() > patience) {
                    RelayLog.warn("%s %s is cut: it stalls".formatted(kind.name(), each));
                    each.close();
                }
            }
            rest(Math.clamp(patience / LOOKS_A_PATIENCE, 1, REST_NANOS));
        }
    }

    /// Ends all connections, and accepts no more.
    @Override
    public void close() throws IOException {
        server.close();
        peers.forEach(Peer::close);
    }
}
