// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.analysis.Message;
import dev.contrail.wire.CString;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayUrl.Watched;
import dev.contrail.wire.net.TimeSource;
import dev.contrail.wire.push.PushMessage;
import dev.contrail.wire.push.PushRequest;
import dev.contrail.wire.push.PushRequest.StreamPlace;
import dev.contrail.wire.push.StreamPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A session of a relay of ours, which says by itself what comes.
final class PushedSession implements LiveSession, PushedPackets.Sending {
    /// More are not believed.
    private static final int MOST_STREAMS = 1 << 16;

    /// What all streams together may have waiting here, as long as there are not too many of them.
    private static final long MOST_WAITING_BYTES = 64L << 20;

    private static final long MOST_FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long MOST_HELD_BACK_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int MOST_WINDOW_BYTES = 256 << 10;
    private static final int LEAST_WINDOW_BYTES = 16 << 10;

    private final LiveWish wish;
    private final LiveLink link;
    private final TimeSource clock;
    private final long beganNanos;
    private final Queue<LivePackets> found = new ArrayDeque<>();
    private final Map<Long, LiveTrace> traces = new HashMap<>();
    private final Map<Long, PushedPackets> streams = new HashMap<>();
    private byte @Nullable [] mark;
    private boolean isWatched;
    private boolean isOver;

    /// How often it has said what has been shown, and how often the relay has remembered that.
    private long shown;

    private long remembered;

    /// Of earlier connections.
    private final ReceivedPackets received;

    /// How far streams were shown before this connection, where the relay is to be told.
    private final List<StreamPlace> overdue = new ArrayList<>();

    /// With which mark they are to be said.
    private Optional<byte[]> heldBack = Optional.empty();

    /// Another viewer has taken its place.
    static final class Displaced extends IOException {
        private static final long serialVersionUID = 1;

        Displaced(String message) {
            super(message);
        }
    }

    private PushedSession(LiveWish wish, LiveLink link, ReceivedPackets received) {
        this.received = received;
        clock = link.clock();
        beganNanos = clock.nanos();
        this.wish = wish;
        this.link = link;
    }

    /// @param received on earlier connections, all of which has been shown
    static PushedSession open(LiveWish wish, LiveLink link, ReceivedPackets received)
            throws IOException {
        var session = new PushedSession(wish, link, received);
        session.watch();
        return session;
    }

    private void watch() throws IOException {
        Watched watched = wish.watched();
        link.say(
                new PushRequest.Watch(
                        wish.seek(),
                        CString.of(watched.host()),
                        CString.of(watched.session()),
                        CString.of(wish.name())));
        PushMessage.Watching answer = answer(PushMessage.Watching.class);
        String why =
                switch (answer.status()) {
                    case OK -> "";
                    case UNKNOWN_SESSION -> {
                        missing();
                        yield "";
                    }
                    case NOT_LIVE ->
                            "it is not live: make it with `create --live`, or read it when it has ended";
                    case WRONG_NAME ->
                            "a viewer cannot be called `%s`: up to 64 bytes of UTF-8, no `/`, no `.` at its begin"
                                    .formatted(wish.name());
                    case NO_PLACE -> "the relay cannot remember a place: its log says why";
                    case ALREADY_WATCHING -> "the relay says that this viewer reads it already";
                };
        if (!why.isEmpty()) {
            throw new IOException(
                    "relay %s: session %s of host %s cannot be read: %s"
                            .formatted(link.name(), watched.session(), watched.host(), why));
        }
        if (answer.status() == PushMessage.Status.OK) {
            isWatched = true;
            if (answer.isResumed()) {
                byte[] told = new byte[answer.mark().remaining()];
                answer.mark().get(told);
                mark = told;
            }
        }
    }

    private <M extends PushMessage> M answer(Class<M> type) throws IOException {
        while (true) {
            Optional<PushMessage> heard = link.hear(Long.MAX_VALUE);
            if (heard.isPresent() && type.isInstance(heard.get())) {
                return type.cast(heard.get());
            }
            if (heard.isPresent() && !(heard.get() instanceof PushMessage.Alive)) {
                throw unexpected(heard.get());
            }
        }
    }

    private ProtocolException unexpected(PushMessage message) {
        return new ProtocolException(
                "relay %s: %s was not to be expected"
                        .formatted(link.name(), message.getClass().getSimpleName()));
    }

    private void missing() throws IOException {
        if (wish.missing() == Missing.CONTINUE) {
            return;
        }
        link.say(new PushRequest.ListSessions());
        List<String> names =
                answer(PushMessage.Sessions.class).sessions().stream()
                        .map(each -> each.host() + "/" + each.name())
                        .toList();
        String what = link.notFound(wish.watched(), names);
        if (wish.missing() == Missing.FAIL) {
            throw new IOException(what);
        }
        link.remarked(what);
        isWatched = true;
        isOver = true;
    }

    @Override
    public List<LivePackets> takeStreams() {
        var taken = new ArrayList<>(found);
        found.clear();
        return taken;
    }

    @Override
    public void look() {
        if (link.hasFailed() || isOver) {
            return;
        }
        try {
            if (!isWatched) {
                watch();
            }
            hear();
        } catch (IOException e) {
            link.fail(e);
        }
    }

    @Override
    public boolean await(long nanos) {
        if (link.hasFailed() || isOver || !isWatched) {
            return false;
        }
        try {
            Optional<PushMessage> heard = link.hear(nanos);
            if (heard.isPresent()) {
                take(heard.get());
                hear();
            }
        } catch (IOException e) {
            link.fail(e);
        }
        return true;
    }

    @Override
    public void hear() throws IOException {
        if (link.hasFailed()) {
            return;
        }
        try {
            for (Optional<PushMessage> heard = link.hear(0);
                    heard.isPresent();
                    heard = link.hear(0)) {
                take(heard.get());
            }
        } catch (IOException e) {
            link.fail(e);
        }
    }

    private void take(PushMessage message) throws IOException {
        switch (message) {
            case PushMessage.StreamBegun begun -> begin(begun);
            case PushMessage.Metadata(long trace, ByteBuffer bytes) -> {
                LiveTrace grown = traces.get(trace);
                if (grown == null) {
                    throw unexpected(message);
                }
                grown.grow(bytes);
            }
            case PushMessage.PacketBegun packet -> stream(packet.stream()).begin(packet);
            case PushMessage.PacketPart(long stream, ByteBuffer bytes) -> stream(stream).add(bytes);
            case PushMessage.PacketGone(long stream) -> stream(stream).gone();
            case PushMessage.Quiet(long stream, long ticks, long classId) ->
                    stream(stream).quiet(ticks, classId);
            case PushMessage.Lost(long stream, long packets) -> stream(stream).lost(packets);
            case PushMessage.StreamEnded(long stream) -> end(stream);
            case PushMessage.Ended(PushMessage.End why) -> end(why);
            case PushMessage.Remembered(long count) -> remembered = count;
            case PushMessage.Alive _ -> {}
            case PushMessage.Watching _, PushMessage.Sessions _ -> throw unexpected(message);
        }
    }

    /// The number means nothing any more; a next connection knows what has come.
    private void end(long stream) throws ProtocolException {
        PushedPackets ended = stream(stream);
        ended.end();
        streams.remove(stream);
        ended.last().ifPresent(last -> received.add(ended.begun(), last));
    }

    private void end(PushMessage.End why) {
        switch (why) {
            case SESSION -> isOver = true;
            case ANOTHER_VIEWER ->
                    link.fail(
                            new Displaced(
                                    "relay %s: another viewer goes on as `%s`"
                                            .formatted(link.name(), wish.name())));
            case RELAY -> link.fail(new IOException("relay " + link.name() + ": it ends"));
        }
    }

    private PushedPackets stream(long untrustedId) throws ProtocolException {
        PushedPackets stream = streams.get(untrustedId);
        if (stream == null) {
            throw new ProtocolException(
                    "relay %s: stream %s was not announced"
                            .formatted(link.name(), Long.toUnsignedString(untrustedId)));
        }
        return stream;
    }

    private void begin(PushMessage.StreamBegun begun) throws IOException {
        LiveTrace trace =
                traces.computeIfAbsent(
                        begun.trace(), _ -> LiveTrace.begin(wish.watched(), begun.path(), link));
        var packets = new PushedPackets(this, trace, begun, received);
        if (streams.putIfAbsent(begun.id(), packets) != null || streams.size() > MOST_STREAMS) {
            throw unexpected(begun);
        }
        found.add(packets);
        received.begun(begun);
        packets.last()
                .ifPresent(last ->
                        overdue.add(
                                new StreamPlace(
                                        packets.id(),
                                        new StreamPosition(last.number(), StreamPosition.WHOLE))));
        long window = window();
        link.say(new PushRequest.Credit(begun.id(), window));
        packets.credited(window);
    }

    /// What a stream may have waiting here.
    private int window() {
        return Math.clamp(
                MOST_WAITING_BYTES / Math.max(1, streams.size()),
                LEAST_WINDOW_BYTES,
                MOST_WINDOW_BYTES);
    }

    @Override
    public long credit(PushedPackets stream, long freed, long left) throws IOException {
        boolean isWorthIt = freed >= LEAST_WINDOW_BYTES / 2 && freed >= left / 2;
        if (!isWorthIt || link.hasFailed() || isOver) {
            return 0;
        }
        long told = Math.min(freed, Integer.MAX_VALUE);
        try {
            link.say(new PushRequest.Credit(stream.begun().id(), told));
        } catch (IOException e) {
            link.fail(e);
            return 0;
        }
        stream.credited(told);
        return told;
    }

    @Override
    public boolean hasFailed() {
        return link.hasFailed();
    }

    @Override
    public boolean isRemembered() {
        return !wish.name().isEmpty();
    }

    @Override
    public Optional<byte[]> mark() {
        return Optional.ofNullable(mark);
    }

    @Override
    public void shown(List<StreamPlace> places, byte[] newMark) {
        if (!link.canSpeak() || !isWatched) {
            return;
        }
        overdue.addAll(places);
        heldBack = isHeldBack() ? Optional.of(newMark) : Optional.empty();
        if (heldBack.isEmpty()) {
            sayShown(newMark);
        }
    }

    private void sayShown(byte[] newMark) {
        try {
            shown++;
            var all = List.copyOf(overdue);
            overdue.clear();
            link.say(new PushRequest.Shown(atRelay(all), ByteBuffer.wrap(newMark)));
        } catch (IOException e) {
            link.fail(e);
        }
    }

    /// What is said with the mark is all that was shown before it: also in streams that were there
    /// on an earlier connection, and have not yet begun on this one. Some may have ended.
    private boolean isHeldBack() {
        return received.isAwaiting() && clock.nanos() - beganNanos < MOST_HELD_BACK_NANOS;
    }

    /// Those in streams of this connection, by the relay's numbers; of equal ones the last.
    private List<StreamPlace> atRelay(List<StreamPlace> places) {
        var known = new LinkedHashMap<Long, StreamPlace>();
        for (StreamPlace each : places) {
            if (each.stream() >>> Integer.SIZE == received.connections()) {
                long id = each.stream() & 0xFFFF_FFFFL;
                known.put(id, new StreamPlace(id, each.place()));
            }
        }
        return List.copyOf(known.values());
    }

    /// Why nothing more comes, if it is so.
    Optional<IOException> failure() {
        return link.failure();
    }

    /// What it has received is known to a next connection.
    void leave(ReceivedPackets to) {
        for (PushedPackets each : streams.values()) {
            each.last().ifPresent(last -> to.add(each.begun(), last));
        }
        to.next();
    }

    @Override
    public void begin(byte[] newMark) {
        shown(List.of(), newMark);
        try {
            while (remembered < shown && link.canSpeak()) {
                Optional<PushMessage> heard = link.hear(MOST_FAREWELL_NANOS);
                if (heard.isPresent()) {
                    take(heard.get());
                }
            }
        } catch (IOException e) {
            link.fail(e);
        }
    }

    @Override
    public boolean isOver() {
        return link.hasFailed() || isOver && found.isEmpty();
    }

    @Override
    public Optional<Message> takeNote() {
        return Optional.ofNullable(link.notes().poll());
    }

    @Override
    public void check() throws IOException {
        if (link.failure().isPresent()) {
            throw link.failure().get();
        }
    }

    /// What has been shown is remembered before it goes.
    @Override
    public void close() throws IOException {
        try (link) {
            if (link.canSpeak()) {
                heldBack.ifPresent(this::sayShown);
            }
            long begin = clock.nanos();
            while (remembered < shown
                    && link.canSpeak()
                    && clock.nanos() - begin < MOST_FAREWELL_NANOS) {
                Optional<PushMessage> heard = link.hear(MOST_FAREWELL_NANOS);
                if (heard.isPresent()
                        && heard.get() instanceof PushMessage.Remembered(long count)) {
                    remembered = count;
                }
            }
        } catch (IOException e) {
            link.fail(e); // the relay finds out that nobody is there
        }
    }
}
