// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.Reason;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.output.Busy;
import dev.contrail.recorder.output.LostRecords;
import dev.contrail.recorder.output.SessionOutput;
import dev.contrail.recorder.output.TraceUuids;
import dev.contrail.recorder.output.WriteTrouble;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.TimeSource;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Sends traces to a relay. What cannot be sent waits with who gives it; [RelayConnection] says
/// what becomes of a connection that breaks.
///
/// A relay of ours says what it has of a stream, and gets the rest. Of another nobody knows: the
/// packet that was under way may then be in two sessions, with one number.
///
/// Owned by one thread.
public final class RelayOutput implements SessionOutput {
    /// So long, and two beats, a viewer has for the end of a stream.
    private static final long VIEWERS_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final RelayEndpoints relay;
    private final RelayIdentity identity;
    private final TimeSource clock;
    private final TraceUuids uuids;
    private final LostRecords lost;
    private final WriteTrouble trouble;
    private final RelayConnection connection;
    private final Busy busy;
    private final UnderWay underWay;
    private final SentStreams streams;

    /// When each stream has ended that viewers may still be in.
    private final Map<StreamKey, Long> ended = new HashMap<>();

    private final Deque<Unsettled> unsettled = new ArrayDeque<>();

    /// A packet that was given and is not known to be stored.
    ///
    /// @param sent how many the session must have stored then
    private record Unsettled(StreamKey stream, long sequence, long sent) {}

    private long cuts;

    /// Since when word of a packet is awaited; 0 while none is.
    private volatile long dueSince;

    private volatile String problem = "";
    private volatile boolean hasLost;
    private volatile boolean isResumable;
    private volatile boolean isConnected;
    private volatile long viewers;
    private volatile String directory = "";

    /// @param seed the traces' UUIDs follow from it and their directories' names
    /// @param lost what an output before this one, of the same session, has lost
    /// @param created where the seconds of earlier sessions at the relay are kept; empty for a
    ///   snapshot, which is sent once
    public RelayOutput(
            RelayEndpoints relay,
            Network network,
            TimeSource clock,
            RelayIdentity identity,
            UUID seed,
            LostRecords lost,
            Optional<CreationFile> created) {
        this.relay = relay;
        this.identity = identity;
        this.clock = clock;
        this.busy = new Busy(clock);
        this.uuids = new TraceUuids(seed);
        this.lost = lost;
        this.trouble = WriteTrouble.with(relay.toString());
        this.connection = new RelayConnection(relay, network, clock, identity, seed, created);
        this.underWay = new UnderWay(created.map(CreationFile::isAgain).orElse(false), lost);
        this.streams =
                new SentStreams(
                        identity.isLive(), uuids::of, lost, underWay, connection::isAnother);
    }

    @Override
    public TraceUuids uuids() {
        return uuids;
    }

    @Override
    public LostRecords lost() {
        return lost;
    }

    /// A relay says it when a stream begins; [#store] passes over what it has.
    @Override
    public Optional<IndexEntry> last(StreamKey stream) {
        return Optional.empty();
    }

    @Override
    public void prepare() throws IOException {
        connection.hurry();
        try (var _ = busy.begin()) {
            if (connection.present().isPresent()) {
                try {
                    connection.present().get().check();
                } catch (IOException gone) {
                    fail(gone);
                    connection.hurry();
                }
            }
            session();
        }
    }

    private OpenSession session() throws IOException {
        OpenSession session = connection.session();
        isResumable = session.isResumable();
        if (!isConnected) {
            isConnected = true;
            trouble.succeeded();
            directory = directory(session);
            if (session.isResumable() && identity.isLive()) {
                streams.resume(session);
            }
        }
        return session;
    }

    private String directory(OpenSession session) {
        String its = session.directory();
        return its.isEmpty() || !identity.isSnapshot() ? its : its + "/" + identity.snapshot();
    }

    @Override
    public long beatNanos() {
        return TimeUnit.MICROSECONDS.toNanos(identity.liveMicros());
    }

    @Override
    public void announce(StreamKey stream) throws IOException {
        try (var _ = busy.begin()) {
            OpenSession to = session();
            boolean isNew = !to.has(stream);
            streams.begin(to, stream);
            if (isNew && identity.isLive()) {
                streams.show(to);
            }
        } catch (IOException e) {
            fail(e);
            throw e;
        }
    }

    @Override
    public boolean shows(StreamKey stream) {
        return connection.present().isPresent() && connection.present().get().hasPackets(stream);
    }

    @Override
    public void beat(long ticks) {
        if (!identity.isLive()) {
            return;
        }
        Optional<OpenSession> session = connection.present();
        try (var _ = busy.begin()) {
            if (session.isPresent()) {
                session.get().beat(ticks);
            } else {
                session(); // it may be back, and nothing is recorded now
                return;
            }
        } catch (IOException e) {
            fail(e);
        }
        endSeen();
    }

    @Override
    public void beginLast() {
        connection.hurry();
    }

    @Override
    public void metadata(String traceDirectory, String text) {
        streams.metadata(traceDirectory, text);
    }

    @Override
    public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) {
        try {
            store(stream, entry, packet);
        } catch (IOException e) {
            lose(stream, entry);
        }
    }

    @Override
    public void store(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        send(stream, entry, packet);
        while (unsettled() > 0) {
            settle(PATIENCE_NANOS);
        }
    }

    @Override
    public void send(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        try (var _ = busy.begin()) {
            OpenSession to = session();
            streams.send(to, stream, entry, packet);
            if (unsettled.isEmpty()) {
                progressed(true);
            }
            unsettled.add(new Unsettled(stream, entry.sequence(), to.sent()));
        } catch (IOException e) {
            fail(e);
            throw e;
        } catch (RuntimeException e) { // such as a name that the protocol has no room for
            var failed = new IOException(Reason.of(e), e);
            fail(failed);
            throw failed;
        }
    }

    @Override
    public int unsettled() {
        if (connection.present().isPresent()) {
            long stored = connection.present().get().stored();
            if (!unsettled.isEmpty() && unsettled.peek().sent() <= stored) {
                while (!unsettled.isEmpty() && unsettled.peek().sent() <= stored) {
                    unsettled.remove();
                }
                progressed(!unsettled.isEmpty());
                trouble.succeeded();
            }
        }
        return unsettled.size();
    }

    private void progressed(boolean isMoreDue) {
        dueSince = isMoreDue ? clock.nanos() | 1 : 0;
    }

    @Override
    public long cuts() {
        return cuts;
    }

    @Override
    public void settle(long nanos) throws IOException {
        if (unsettled() == 0) {
            return;
        }
        try (var _ = busy.begin()) {
            OpenSession from = session();
            from.settle(nanos);
            viewers = from.viewers();
            if (unsettled() > 0 && clock.nanos() - dueSince > PATIENCE_NANOS) {
                throw new SocketTimeoutException("no answer");
            }
        } catch (IOException e) {
            fail(e);
            throw e;
        }
    }

    /// In a live session a moment later: to a viewer, LTTng's relays up to 2.13 end a stream that
    /// is closed wherever that viewer is (`relay-protocol.md` section 12).
    @Override
    public void end(StreamKey stream) {
        if (identity.isLive()) {
            ended.put(stream, clock.nanos());
        } else {
            endNow(stream);
        }
    }

    private void endNow(StreamKey stream) {
        try (var _ = busy.begin()) {
            if (connection.present().isPresent()) {
                OpenSession to = connection.present().get();
                streams.tell(to, stream);
                to.end(stream);
            }
        } catch (IOException e) {
            fail(e);
        }
        streams.end(stream);
    }

    private void endSeen() {
        long now = clock.nanos();
        long delay = VIEWERS_NANOS + 2 * beatNanos();
        for (StreamKey each : List.copyOf(ended.keySet())) {
            if (now - ended.getOrDefault(each, now) > delay) {
                ended.remove(each);
                endNow(each);
            }
        }
    }

    /// In an empty packet, where the relay can be reached: those that it has do not change.
    @Override
    public void tellLosses() {
        try (var _ = busy.begin()) {
            if (connection.present().isEmpty() && streams.hasUntold() && connection.isResumable()) {
                session();
            }
            if (connection.present().isPresent()) {
                streams.tellAll(connection.present().get());
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    @Override
    public void goesOn(StreamKey stream) {
        streams.goesOn(stream);
    }

    @Override
    public boolean isGrowing() {
        return false;
    }

    @Override
    public boolean isSpooled() {
        return true;
    }

    @Override
    public boolean isConnected() {
        return isConnected;
    }

    @Override
    public long viewers() {
        return viewers;
    }

    @Override
    public String directoryThere() {
        return directory;
    }

    @Override
    public boolean isKept() {
        return isResumable;
    }

    @Override
    public void lose(StreamKey stream, IndexEntry entry) {
        hasLost = true;
        streams.lost(stream, entry);
    }

    @Override
    public void lose(StreamKey stream, IndexEntry entry, String why) {
        if (problem.isEmpty()) {
            problem = why;
        }
        lose(stream, entry);
    }

    @Override
    public long busyNanos() {
        long since = dueSince;
        return Math.max(busy.nanos(), since == 0 ? 0 : clock.nanos() - since);
    }

    @Override
    public String place() {
        return relay.toString();
    }

    /// The relay begins other files, and asks nobody.
    @Override
    public long roomLeft(StreamKey stream) {
        return 0;
    }

    @Override
    public String problem() {
        String all = connection.notice();
        for (String each : List.of(problem, trouble.text(), underWay.text())) {
            all += all.isEmpty() || each.isEmpty() ? each : "; " + each;
        }
        if (!all.isEmpty() || lost.sum() == 0) {
            return all;
        }
        return hasLost
                ? "More waited for %s than there is room for".formatted(relay)
                : "A daemon before this one could not send to " + relay;
    }

    @Override
    public void close() throws IOException {
        tellLosses();
        try (var _ = busy.begin()) {
            connection.finish();
        } catch (IOException e) {
            fail(e);
            throw e;
        }
    }

    private void fail(IOException why) {
        trouble.failed(why);
        connection.fail(why);
        isConnected = false;
        viewers = 0;
        if (!unsettled.isEmpty()) {
            unsettled.forEach(each -> underWay.cut(each.stream(), each.sequence()));
            unsettled.clear();
            cuts++;
            progressed(false);
        }
    }
}
