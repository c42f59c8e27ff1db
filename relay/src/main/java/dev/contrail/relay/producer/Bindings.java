// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.producer;

import dev.contrail.relay.net.Peer;
import dev.contrail.relay.session.RelaySession;
import dev.contrail.wire.net.TimeSource;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/// Which connections a session has: it ends when both have ended, or its data has been silent for
/// some time after the end of its control connection.
public final class Bindings {
    /// What is on its way when a control connection ends still arrives.
    static final long LAST_DATA_NANOS = TimeUnit.SECONDS.toNanos(5);

    /// Connections of which one may be that with a session's data.
    static final int MAX_CANDIDATES = 32;

    private final Map<RelaySession, Ends> sessions = new ConcurrentHashMap<>();
    private final AtomicLong opened = new AtomicLong();
    private final TimeSource clock;
    private final ThreadFactory threads;

    /// @param threads that wait for what is on its way
    public Bindings(TimeSource clock, ThreadFactory threads) {
        this.clock = clock;
        this.threads = threads;
    }

    private static final class Ends {
        private final InetAddress address;
        private final long number;
        private int candidates;
        private boolean isOver;
        private Optional<Peer> data = Optional.empty();
        private boolean hadData;
        private boolean isControlEnded;
        private long packets;

        private Ends(InetAddress address, long number) {
            this.address = address;
            this.number = number;
        }

        private synchronized boolean isWaiting() {
            return !hadData && !isOver;
        }
    }

    /// A connection comes from an address, perhaps with the data of a session: producers open it as
    /// soon as they are told that they have the session, and may then be silent for hours. The
    /// first ones after that are waited for.
    ///
    /// @return whether a session still waits for this one
    public BooleanSupplier awaited(InetAddress address) {
        Optional<Ends> latest =
                sessions.values().stream()
                        .filter(each -> each.address.equals(address) && each.isWaiting())
                        .max(Comparator.comparingLong(each -> each.number));
        if (latest.isEmpty()) {
            return () -> false;
        }
        Ends ends = latest.get();
        synchronized (ends) {
            if (ends.candidates == MAX_CANDIDATES) {
                return () -> false;
            }
            ends.candidates++;
        }
        return ends::isWaiting;
    }

    void opened(RelaySession session, Peer control) {
        if (!session.isEnded()) {
            sessions.computeIfAbsent(
                    session, _ -> new Ends(control.address(), opened.incrementAndGet()));
        }
    }

    /// The connection's packets are that session's.
    ///
    /// @return false when it has another such connection, or has ended
    boolean bind(RelaySession session, Peer data) {
        Ends ends = sessions.get(session);
        if (ends == null) {
            return false;
        }
        synchronized (ends) {
            if (ends.hadData) {
                return false;
            }
            ends.hadData = true;
            ends.data = Optional.of(data);
            return true;
        }
    }

    void received(RelaySession session) {
        Ends ends = sessions.get(session);
        if (ends != null) {
            synchronized (ends) {
                ends.packets++;
            }
        }
    }

    void controlEnded(RelaySession session) {
        Ends ends = sessions.get(session);
        if (ends == null) {
            session.end();
            return;
        }
        synchronized (ends) {
            ends.isControlEnded = true;
            if (ends.data.isPresent() || !ends.hadData && session.awaitsData()) {
                watch(session, ends, ends.packets);
                return;
            }
        }
        end(session);
    }

    /// Ends the session once nothing has come for a while.
    private void watch(RelaySession session, Ends ends, long packets) {
        threads.newThread(() -> awaitSilence(session, ends, packets)).start();
    }

    private void awaitSilence(RelaySession session, Ends ends, long untilNow) {
        long before = -1;
        long packets = untilNow;
        while (packets != before) {
            try {
                clock.sleep(LAST_DATA_NANOS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            before = packets;
            synchronized (ends) {
                packets = ends.packets;
                if (packets == before) {
                    ends.data.ifPresent(Peer::close);
                }
            }
        }
        end(session);
    }

    void dataEnded(RelaySession session) {
        Ends ends = sessions.get(session);
        if (ends == null) {
            return;
        }
        synchronized (ends) {
            ends.data = Optional.empty();
            if (!ends.isControlEnded) {
                return;
            }
        }
        end(session);
    }

    private void end(RelaySession session) {
        Ends ends = sessions.remove(session);
        if (ends != null) {
            synchronized (ends) {
                ends.isOver = true;
            }
        }
        session.end();
    }
}
