// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.producer;

import dev.contrail.relay.net.Peer;
import dev.contrail.relay.store.RelaySession;
import dev.contrail.wire.net.TimeSource;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/// Which connections a session has: it ends when both have ended, or its data has been silent for
/// some time after the end of its control connection.
public final class Bindings {
    /// What is on its way when a control connection ends still arrives.
    static final long LAST_DATA_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Map<RelaySession, Ends> sessions = new ConcurrentHashMap<>();
    private final TimeSource clock;
    private final ThreadFactory threads;

    /// @param threads that wait for what is on its way
    public Bindings(TimeSource clock, ThreadFactory threads) {
        this.clock = clock;
        this.threads = threads;
    }

    private static final class Ends {
        private final InetAddress address;
        private Optional<Peer> data = Optional.empty();
        private boolean hadData;
        private boolean isControlEnded;
        private long packets;

        private Ends(InetAddress address) {
            this.address = address;
        }
    }

    /// How many sessions from an address have no data connection that has said so.
    public int withoutData(InetAddress address) {
        int count = 0;
        for (Ends each : sessions.values()) {
            synchronized (each) {
                if (each.address.equals(address) && !each.hadData) {
                    count++;
                }
            }
        }
        return count;
    }

    void opened(RelaySession session, Peer control) {
        if (!session.isEnded()) {
            sessions.computeIfAbsent(session, _ -> new Ends(control.address()));
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
        sessions.remove(session);
        session.end();
    }
}
