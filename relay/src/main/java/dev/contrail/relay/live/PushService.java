// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.net.Peer;
import dev.contrail.relay.session.RelaySessions;
import dev.contrail.wire.net.TimeSource;
import dev.contrail.wire.push.PushHeader;
import dev.contrail.wire.push.PushMessage;
import dev.contrail.wire.push.PushMessageCodec;
import dev.contrail.wire.push.PushRequestCodec;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/// Serves our own viewers: one thread hears what a viewer says, another sends what comes.
final class PushService {
    /// What there is to say is sent with one write, up to about so many bytes.
    private static final int MOST_BATCH_BYTES = 64 * 1024;

    /// What comes within that time after the last write is sent with one more: a producer sends the
    /// packets of all its rings one after the other.
    private static final long GATHERED_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /// How long the relay says nothing at most.
    static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /// How long a viewer that does not read keeps the relay from its end.
    static final long LONGEST_FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long FAREWELL_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final RelaySessions sessions;
    private final ViewedCounts counts;
    private final ReplyBudget budget;
    private final ThreadFactory threads;
    private final TimeSource clock;
    private final NamedViewers names;
    private final Set<ViewerFeed> viewers = ConcurrentHashMap.newKeySet();
    private volatile boolean isEnding;

    /// @param threads that send
    PushService(
            RelaySessions sessions,
            ViewedCounts counts,
            ReplyBudget budget,
            ThreadFactory threads,
            TimeSource clock) {
        this.clock = clock;
        this.names = new NamedViewers(clock);
        this.sessions = sessions;
        this.counts = counts;
        this.budget = budget;
        this.threads = threads;
    }

    /// Serves a viewer until its connection ends.
    void serve(Peer peer) throws IOException {
        var bell = new Bell(clock);
        var viewer = new ViewerFeed(sessions, counts, budget, names, bell, peer::close);
        try (viewer) {
            viewers.add(viewer);
            if (isEnding) {
                viewer.relayEnds();
            }
            threads.newThread(() -> push(peer, viewer, bell)).start();
            while (peer.await(PushHeader.BYTES)) {
                PushHeader header = PushHeader.decode(peer.take(PushHeader.BYTES));
                if (!peer.await(header.bodyBytes())) {
                    return;
                }
                viewer.take(PushRequestCodec.decode(header, peer.take(header.bodyBytes())));
                peer.holds(viewer.isWatching());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException().initCause(e);
        } finally {
            viewers.remove(viewer);
            peer.close();
            bell.run();
        }
    }

    /// Tells the viewers that the relay ends, so that they need not find out; returns when those
    /// that read know it.
    void end() throws InterruptedException {
        isEnding = true;
        viewers.forEach(ViewerFeed::relayEnds);
        long begin = clock.nanos();
        while (!viewers.isEmpty() && clock.nanos() - begin < LONGEST_FAREWELL_NANOS) {
            clock.sleep(FAREWELL_LOOK_NANOS);
        }
    }

    private void push(Peer peer, ViewerFeed viewer, Bell bell) {
        try {
            long lastSent = clock.nanos();
            while (!peer.isClosed() && !viewer.hasSaidFarewell()) {
                List<PushMessage> batch = batch(viewer);
                long left = LONGEST_SILENCE_NANOS - (clock.nanos() - lastSent);
                if (batch.isEmpty() && left > 0) {
                    if (bell.await(left)) {
                        gather(lastSent, bell);
                    }
                    continue;
                }
                // However often the bell rings for nothing: of other sessions, for example.
                send(peer, batch.isEmpty() ? List.of(new PushMessage.Alive()) : batch);
                lastSent = clock.nanos();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            if (!peer.isClosed()) {
                RelayLog.debug("live %s: %s".formatted(peer, Reason.of(e)));
            }
        } catch (RuntimeException e) {
            peer.erred();
            RelayLog.failed("live " + peer, e);
        } finally {
            peer.close(); // which ends who hears it
        }
    }

    private void gather(long lastSent, Bell bell) throws InterruptedException {
        long left = GATHERED_NANOS - (clock.nanos() - lastSent);
        if (left > 0) {
            clock.sleep(left);
            bell.hush(); // what has rung it meanwhile is looked at now
        }
    }

    private static List<PushMessage> batch(ViewerFeed viewer) throws IOException {
        var batch = new ArrayList<PushMessage>();
        int bytes = 0;
        while (bytes < MOST_BATCH_BYTES) {
            Optional<PushMessage> next = viewer.next();
            if (next.isEmpty()) {
                break;
            }
            batch.add(next.get());
            bytes += PushMessageCodec.bytes(next.get());
        }
        return batch;
    }

    private void send(Peer peer, List<PushMessage> batch) throws IOException {
        int size = batch.stream().mapToInt(PushMessageCodec::bytes).sum();
        var bytes = ByteBuffer.allocate(size);
        batch.forEach(each -> PushMessageCodec.encode(each, bytes));
        budget.begin(size);
        try {
            peer.send(bytes.flip());
        } finally {
            budget.end(size);
        }
    }
}
