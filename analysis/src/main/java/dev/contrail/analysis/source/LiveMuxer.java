// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.live.HostClocks;
import dev.contrail.analysis.live.LivePackets;
import dev.contrail.analysis.live.LiveSession;
import dev.contrail.analysis.live.ShownPlace;
import dev.contrail.wire.push.PushRequest.StreamPlace;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Merges streams in time order while they are recorded, and as more of them come; stored ones
/// between them.
///
/// A message is given as soon as every stream has one or promises none from before it. Where that
/// is not so, it waits, and asks the relay again and again.
final class LiveMuxer implements MessageIterator {
    /// How long it waits at first, and at last, as babeltrace2 does.
    private static final long FIRST_WAIT_NANOS = 10_000_000;

    private static final long LAST_WAIT_NANOS = 100_000_000;

    /// What was shown is written out after so many messages, so that it can be remembered.
    private static final int MOST_UNFLUSHED = 10_000;

    private final List<LiveSession> sessions;
    private final LiveTraces traces;
    private final List<LiveLane> lanes = new ArrayList<>();
    private final HostClocks clocks = new HostClocks();
    private final Deque<Message> notes = new ArrayDeque<>();

    /// Of lanes that have ended, until they are told.
    private final List<ShownPlace> endedPlaces = new ArrayList<>();

    private @Nullable Sink sink;

    /// Null when it is at a note.
    private @Nullable LiveLane present;

    private @Nullable Message note;

    /// No other lane has anything from before this time.
    private long othersNanos = Long.MIN_VALUE;

    private long waitNanos = FIRST_WAIT_NANOS;
    private int unflushed;

    /// Whether the present message has been counted as shown.
    private boolean isCounted;

    LiveMuxer(List<StreamSource> stored, List<LiveSession> sessions, LiveTraces traces) {
        this.sessions = sessions;
        this.traces = traces;
        stored.forEach(each -> lanes.add(LiveLane.stored(each, traces)));
    }

    /// Has a sink write out what it has, whenever nothing more has come.
    void flushing(Sink written) {
        sink = written;
    }

    @Override
    public boolean next() throws IOException {
        LiveLane moved = present;
        if (moved != null) {
            if (moved.shown() != null) {
                count(moved);
                if (++unflushed == MOST_UNFLUSHED) {
                    unflushed = 0;
                    flush();
                }
            }
            boolean isHere = !moved.needsPacket();
            moved.advance();
            if (isHere && moved.isReady() && isNext(moved.time())) {
                isCounted = false;
                return true;
            }
        }
        present = null;
        note = null;
        return find();
    }

    private boolean isNext(long time) {
        return time < othersNanos && time != Long.MIN_VALUE;
    }

    private boolean find() throws IOException {
        while (true) {
            addLanes();
            if (takeNote()) {
                return true;
            }
            removeEnded();
            LiveLane least = least();
            if (least != null && least.isReady()) {
                present = least;
                isCounted = false;
                waitNanos = FIRST_WAIT_NANOS;
                return true;
            }
            if (least == null && sessions.stream().allMatch(LiveSession::isOver)) {
                for (LiveSession each : sessions) {
                    each.check();
                }
                return false;
            }
            if (least == null || !least.advance()) {
                await();
            }
        }
    }

    /// All that was handed out has been shown: relays are to remember it.
    ///
    /// @param mark for [LiveSession#shown]
    void shown(byte[] mark) {
        LiveLane last = present;
        if (last != null) {
            count(last);
        }
        for (LiveSession session : sessions) {
            if (session.isRemembered()) {
                tell(session, mark);
            }
        }
    }

    private void count(LiveLane lane) {
        ShownPlace shown = lane.shown();
        if (shown != null && !isCounted) {
            isCounted = true;
            shown.add(lane.current());
        }
    }

    private void tell(LiveSession session, byte[] mark) {
        var places = new ArrayList<StreamPlace>();
        for (LiveLane each : lanes) {
            ShownPlace shown = each.shown();
            if (shown != null && shown.isOf(session)) {
                shown.take().ifPresent(places::add);
            }
        }
        for (ShownPlace each : endedPlaces) {
            if (each.isOf(session)) {
                each.take().ifPresent(places::add);
            }
        }
        endedPlaces.removeIf(each -> each.isOf(session));
        if (!places.isEmpty()) {
            session.shown(places, mark);
        }
    }

    private void removeEnded() throws IOException {
        for (LiveLane each : lanes) {
            if (!each.hasEnded()) {
                continue;
            }
            each.close();
            each.leave();
            if (each.shown() != null) {
                endedPlaces.add(each.shown());
            }
        }
        lanes.removeIf(LiveLane::hasEnded);
    }

    private boolean takeNote() {
        for (LiveSession session : sessions) {
            session.takeNote().ifPresent(notes::add);
        }
        note = notes.poll();
        return note != null;
    }

    /// What has come new is asked first, as nothing is known of it.
    private void addLanes() throws IOException {
        for (LiveSession session : sessions) {
            for (LivePackets each : session.takeStreams()) {
                var lane = LiveLane.live(each, ShownPlace.of(session, each), traces, notes::add);
                lanes.add(lane);
                lane.advance();
            }
        }
    }

    private @Nullable LiveLane least() {
        LiveLane least = null;
        othersNanos = Long.MAX_VALUE;
        for (LiveLane each : lanes) {
            if (least == null) {
                least = each;
            } else if (each.isBefore(least)) {
                othersNanos = Math.min(othersNanos, least.time());
                least = each;
            } else {
                othersNanos = Math.min(othersNanos, each.time());
            }
        }
        return least;
    }

    private void flush() throws IOException {
        if (sink != null) {
            sink.flush();
        }
    }

    private void await() throws IOException {
        flush();
        sessions.forEach(LiveSession::look);
        lookAtClocks();
        boolean isAwaited = false;
        long share = sessions.size() == 1 ? LAST_WAIT_NANOS : FIRST_WAIT_NANOS / sessions.size();
        for (LiveSession each : sessions) {
            isAwaited |= each.await(share);
        }
        if (!isAwaited) {
            LockSupport.parkNanos(waitNanos);
            waitNanos = Math.min(LAST_WAIT_NANOS, 2 * waitNanos);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted in waiting for what is recorded");
        }
    }

    private void lookAtClocks() {
        if (sessions.size() > 1) {
            lanes.forEach(each -> each.tell(clocks));
            clocks.look(System.nanoTime()).map(Message.Remark::new).ifPresent(notes::add);
        }
    }

    @Override
    public Message current() {
        return note != null ? note : Objects.requireNonNull(present).current();
    }

    @Override
    public long nanos() {
        return note != null ? Long.MIN_VALUE : Objects.requireNonNull(present).nanos();
    }

    @Override
    public void close() throws IOException {
        for (LiveLane each : lanes) {
            each.close();
        }
    }
}
