// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.analysis.Message;
import dev.contrail.ctf.LocalTimeZone;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.net.TimeSource;
import dev.contrail.wire.push.PushRequest.StreamPlace;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A session of a relay of ours that goes on when the relay, or the way to it, was away for a
/// while. A viewer with a name misses nothing; another one what was recorded meanwhile, which is
/// said, and told as lost packets. Used by one thread.
final class LastingSession implements LiveSession {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final LiveWish wish;
    private final TimeSource clock;
    private LiveLink link;
    private final ReceivedPackets received;
    private final Deque<Message> notes = new ArrayDeque<>();
    private PushedSession present;
    private boolean isAway;
    private boolean isGivenUp;
    private long awayNanos;
    private long nextTry;
    private Instant awaySince = Instant.EPOCH;
    private Optional<IOException> lastTry = Optional.empty();

    /// @param link to a relay of ours
    static LastingSession open(LiveWish wish, LiveLink link) throws IOException {
        var received = new ReceivedPackets();
        PushedSession first = PushedSession.open(wish, link, received);
        return new LastingSession(wish, link, received, first);
    }

    private LastingSession(
            LiveWish wish, LiveLink link, ReceivedPackets received, PushedSession first) {
        this.wish = wish;
        this.link = link;
        this.clock = link.clock();
        this.received = received;
        present = first;
    }

    /// Whether it is worth trying again.
    private boolean mayReturn() {
        Optional<IOException> failure = present.failure();
        return failure.isPresent()
                && !isGivenUp
                && !(failure.get() instanceof InterruptedIOException)
                && !(failure.get() instanceof ProtocolException)
                && !(failure.get().getCause() instanceof ProtocolException)
                && !(failure.get() instanceof PushedSession.Displaced);
    }

    @Override
    public List<LivePackets> takeStreams() {
        return present.takeStreams();
    }

    /// Called where all that has come is shown.
    @Override
    public void look() {
        if (!mayReturn()) {
            present.look();
            return;
        }
        if (!isAway) {
            isAway = true;
            awayNanos = clock.nanos();
            nextTry = awayNanos;
            awaySince = now();
            present.leave(received);
            notes.add(
                    new Message.Remark(
                            "%s: trying again for %d s"
                                    .formatted(
                                            present.failure().orElseThrow().getMessage(),
                                            TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS))));
        }
        long now = clock.nanos();
        if (now - nextTry < 0) {
            return;
        }
        if (now - awayNanos > PATIENCE_NANOS) {
            isGivenUp = true;
            return;
        }
        nextTry = now + PAUSE_NANOS;
        try {
            present = again();
            isAway = false;
            told();
        } catch (InterruptedIOException e) {
            isGivenUp = true;
        } catch (IOException e) {
            lastTry = Optional.of(e);
        }
    }

    private PushedSession again() throws IOException {
        present.close();
        link = link.again();
        try {
            if (!link.isPushed()) {
                throw new IOException("relay " + link.name() + ": it is another relay daemon now");
            }
            return PushedSession.open(wish.again(), link, received);
        } catch (IOException e) {
            link.close();
            throw e;
        }
    }

    private void told() {
        String missed =
                "; what was recorded from %s to %s is not shown%s"
                        .formatted(
                                time(awaySince),
                                time(now()),
                                wish.mayHaveName()
                                        ? ": a viewer with a name (--as NAME) misses nothing"
                                        : "");
        notes.add(
                new Message.Remark(
                        "relay %s: it is there again%s"
                                .formatted(
                                        link.name(),
                                        isRemembered() ? ", and nothing is missed" : missed)));
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.epochMillis());
    }

    private static String time(Instant at) {
        return TIME.format(LocalTimeZone.at(at));
    }

    @Override
    public boolean await(long nanos) {
        return !isAway && present.await(nanos);
    }

    @Override
    public boolean isRemembered() {
        return present.isRemembered();
    }

    @Override
    public Optional<byte[]> mark() {
        return present.mark();
    }

    @Override
    public void begin(byte[] mark) {
        present.begin(mark);
    }

    @Override
    public void shown(List<StreamPlace> places, byte[] mark) {
        present.shown(places, mark);
    }

    @Override
    public boolean isOver() {
        return !mayReturn() && present.isOver();
    }

    @Override
    public Optional<Message> takeNote() {
        Optional<Message> first = present.takeNote();
        return first.isPresent() ? first : Optional.ofNullable(notes.poll());
    }

    @Override
    public void check() throws IOException {
        Optional<IOException> failure = present.failure();
        if (failure.isPresent() && isGivenUp && lastTry.isPresent()) {
            throw new IOException(
                    "%s; and then %s"
                            .formatted(failure.get().getMessage(), lastTry.get().getMessage()),
                    failure.get());
        }
        present.check();
    }

    @Override
    public void close() throws IOException {
        present.close();
    }
}
