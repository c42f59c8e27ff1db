// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.JvmSchema;
import dev.contrail.ctf.LocalTimeZone;
import dev.contrail.ctf.Reason;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.PacketStart;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.output.Busy;
import dev.contrail.recorder.output.LostRecords;
import dev.contrail.recorder.output.SessionOutput;
import dev.contrail.recorder.output.WriteTrouble;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.net.Network;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Sends traces to a relay.
///
/// When a connection breaks, what cannot be sent waits with who gives it; a second later, and then
/// every second, another is tried. It begins another session at the relay, because LTTng's relays
/// know no other way and would empty the files of the first; [#problem] says so. The packet that
/// was under way may then be in both, with one number.
///
/// Owned by one thread.
public final class RelayOutput implements SessionOutput {
    /// So long, and two beats, a viewer has for the end of a stream.
    private static final long VIEWERS_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final RelayEndpoints relay;
    private final Network network;
    private final RelayIdentity identity;
    private final UUID seed;
    private final LostRecords lost;
    private final Optional<CreationFile> created;
    private final WriteTrouble trouble;
    private final Busy busy = new Busy();
    private final UnderWay underWay = new UnderWay();
    private final Map<String, UUID> uuids = new ConcurrentHashMap<>();
    private final Map<String, String> wanted = new HashMap<>();

    /// Of each stream: what its last packet said, as the relay has it.
    private final Map<StreamKey, Told> told = new HashMap<>();

    /// When each stream has ended that viewers may still be in.
    private final Map<StreamKey, Long> ended = new HashMap<>();

    private Optional<SentSession> session = Optional.empty();
    private boolean isAgain;
    private boolean isBroken;
    private long nextTry = System.nanoTime();
    private String lastReason = "";
    private volatile String problem = "";
    private volatile String cut = "";

    /// @param entry of the last packet, as it was sent
    /// @param start the bytes of that packet before its records
    /// @param shift by how much its number is more than that of the ring's packet
    /// @param lostRecords that are among those that it tells of
    private record Told(IndexEntry entry, byte[] start, long shift, long lostRecords) {}

    /// @param seed the traces' UUIDs follow from it and their directories' names
    /// @param lost what an output before this one, of the same session, has lost
    /// @param created where the seconds of earlier sessions at the relay are kept; empty for a
    ///   snapshot, which is sent once
    public RelayOutput(
            RelayEndpoints relay,
            Network network,
            RelayIdentity identity,
            UUID seed,
            LostRecords lost,
            Optional<CreationFile> created) {
        this.relay = relay;
        this.network = network;
        this.identity = identity;
        this.seed = seed;
        this.lost = lost;
        this.created = created;
        this.trouble = WriteTrouble.with(relay.toString());
        if (created.isPresent() && created.get().isAgain()) {
            isAgain = true;
            cut =
                    "An earlier session daemon, or one before a restart of the machine, has sent to %s: what was recorded since is there in a session of its own"
                            .formatted(relay);
        }
    }

    @Override
    public UUID traceUuid(String traceDirectory) {
        return uuids.computeIfAbsent(
                traceDirectory,
                trace ->
                        UUID.nameUUIDFromBytes(
                                (seed + "/" + trace).getBytes(StandardCharsets.UTF_8)));
    }

    /// A relay does not say what it has.
    @Override
    public Optional<IndexEntry> last(StreamKey stream) {
        return Optional.empty();
    }

    @Override
    public void prepare() throws IOException {
        nextTry = System.nanoTime();
        try (var _ = busy.begin()) {
            if (session.isPresent()) {
                try {
                    session.get().check();
                } catch (IOException gone) {
                    fail(gone);
                    nextTry = System.nanoTime();
                }
            }
            session();
        }
    }

    @Override
    public long beatNanos() {
        return TimeUnit.MICROSECONDS.toNanos(identity.liveMicros());
    }

    @Override
    public void announce(StreamKey stream) throws IOException {
        try (var _ = busy.begin()) {
            begin(session(), stream);
        } catch (IOException e) {
            fail(e);
            throw e;
        }
    }

    private void begin(SentSession to, StreamKey stream) throws IOException {
        String directory = stream.traceDirectory();
        to.begin(stream, traceUuid(directory), wanted.getOrDefault(directory, ""));
    }

    @Override
    public void beat(long ticks) {
        if (!identity.isLive() || session.isEmpty()) {
            return;
        }
        try (var _ = busy.begin()) {
            session.get().beat(ticks);
        } catch (IOException e) {
            fail(e);
        }
        endSeen();
    }

    @Override
    public void beginLast() {
        nextTry = System.nanoTime();
    }

    @Override
    public void metadata(String traceDirectory, String text) {
        wanted.put(traceDirectory, text);
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
        try (var _ = busy.begin()) {
            send(session(), stream, entry, packet);
            trouble.succeeded();
        } catch (IOException e) {
            fail(e);
            throw e;
        } catch (RuntimeException e) { // such as a name that the protocol has no room for
            var failed = new IOException(Reason.of(e), e);
            fail(failed);
            throw failed;
        }
    }

    private void send(SentSession to, StreamKey stream, IndexEntry given, ByteBuffer packet)
            throws IOException {
        boolean isNew = !to.hasPackets(stream);
        begin(to, stream);
        long lostRecords = lost.of(stream).records();
        IndexEntry entry = given.withDiscarded(given.discardedEvents() + lostRecords);
        if (identity.isLive() && given.recordCount() == 0) {
            entry = entry.until(entry.beginTicks()); // the next one may begin before its end
        }
        long shift = isNew ? 0 : shift(stream);
        byte[] start = start(stream, packet);
        long known = discardedBefore(stream, given);
        if (isNew && entry.discardedEvents() > known) {
            // A reader counts what came between two packets.
            IndexEntry first = empty(entry, start, entry.beginTicks(), known, entry.sequence());
            sendEmpty(to, stream, first, start);
            shift = 1;
        }
        ByteBuffer sent = packet;
        if (shift > 0 || lostRecords > 0 || entry.endTicks() != given.endTicks()) {
            entry = numbered(entry, entry.sequence() + shift);
            sent = withStart(packet, entry, stream);
        }
        try {
            to.send(stream, entry, sent);
        } catch (IOException e) {
            if (to.isUnderWay()) {
                underWay.failed(stream, given);
            }
            throw e;
        }
        underWay.stored(stream, given);
        told.put(stream, new Told(entry, start, shift, lostRecords));
    }

    private long shift(StreamKey stream) {
        Told last = told.get(stream);
        return last == null ? 0 : last.shift;
    }

    /// What a reader of all that was sent of the stream knows to be lost.
    private long discardedBefore(StreamKey stream, IndexEntry given) {
        Told last = told.get(stream);
        if (last != null) {
            return last.entry.discardedEvents();
        }
        return isAgain ? given.discardedEvents() : 0;
    }

    /// In a live session a moment later: to a viewer, LTTng's relays up to 2.13 end a stream that
    /// is closed wherever that viewer is (`relay-protocol.md` section 12).
    @Override
    public void end(StreamKey stream) {
        if (identity.isLive()) {
            ended.put(stream, System.nanoTime());
        } else {
            endNow(stream);
        }
    }

    private void endNow(StreamKey stream) {
        try (var _ = busy.begin()) {
            if (session.isPresent()) {
                tell(session.get(), stream);
                session.get().end(stream);
            }
        } catch (IOException e) {
            fail(e);
        }
        told.remove(stream);
    }

    private void endSeen() {
        long now = System.nanoTime();
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
            if (session.isPresent()) {
                for (StreamKey each : Map.copyOf(told).keySet()) {
                    tell(session.get(), each);
                }
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void tell(SentSession to, StreamKey stream) throws IOException {
        Told last = told.get(stream);
        LostRecords.Lost all = lost.of(stream);
        if (last == null || !to.has(stream) || all.records() <= last.lostRecords) {
            return;
        }
        long known = last.entry.discardedEvents() - last.lostRecords;
        IndexEntry entry =
                empty(
                        last.entry,
                        last.start,
                        Math.max(last.entry.endTicks(), all.endTicks()),
                        Math.max(known, all.discarded()) + all.records(),
                        last.entry.sequence() + 1);
        sendEmpty(to, stream, entry, last.start);
        told.put(stream, new Told(entry, last.start, last.shift + 1, all.records()));
    }

    private void sendEmpty(SentSession to, StreamKey stream, IndexEntry entry, byte[] start)
            throws IOException {
        to.send(stream, entry, withStart(ByteBuffer.wrap(start), entry, stream));
    }

    @Override
    public boolean isGrowing() {
        return false;
    }

    @Override
    public void lose(StreamKey stream, IndexEntry entry) {
        lost.add(stream, entry);
        underWay.lost(stream, entry);
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
        return busy.nanos();
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
        String all = cut;
        for (String each : List.of(problem, trouble.text(), underWay.text())) {
            all += all.isEmpty() || each.isEmpty() ? each : "; " + each;
        }
        return all.isEmpty() && lost.sum() > 0
                ? "A daemon before this one could not send to " + relay
                : all;
    }

    @Override
    public long lostRecords() {
        return lost.sum();
    }

    @Override
    public long lostRecords(boolean isKernel, String channel) {
        return lost.ofChannel(isKernel, channel);
    }

    @Override
    public long lostOfStateDump(String channel) {
        return lost.recordsOf("kernel/" + channel + "_" + StreamKey.STATE_DUMP);
    }

    @Override
    public void close() throws IOException {
        tellLosses();
        if (session.isEmpty()) {
            return;
        }
        try (var _ = busy.begin();
                SentSession last = session.get()) {
            last.finish();
        } catch (IOException e) {
            fail(e);
            throw e;
        } finally {
            session = Optional.empty();
        }
    }

    /// The one that is open, or another.
    private SentSession session() throws IOException {
        if (session.isPresent()) {
            return session.get();
        }
        if (isBroken && (identity.isSnapshot() || System.nanoTime() - nextTry < 0)) {
            throw new IOException(lastReason);
        }
        long second = identity.createdSeconds();
        if (!identity.isSnapshot()) {
            long now = System.currentTimeMillis() / 1000;
            long before = created.map(CreationFile::last).orElse(0L);
            second = CreationSeconds.take(identity.session(), now, before);
        }
        SentSession opened = SentSession.open(relay, network, identity, second, isAgain);
        if (created.isPresent()) {
            created.get().keep(second);
        }
        if (isAgain && isBroken) {
            cut =
                    "The connection to %s was lost, and made again at %s: what was recorded after that is there in a session of its own, %s-%s"
                            .formatted(
                                    relay,
                                    TIME.format(LocalTimeZone.at(Instant.now())),
                                    identity.session(),
                                    RelayIdentity.time(second));
        }
        isAgain = true;
        isBroken = false;
        session = Optional.of(opened);
        return opened;
    }

    private void fail(IOException why) {
        trouble.failed(why);
        if (session.isPresent() || !isBroken || System.nanoTime() - nextTry >= 0) {
            lastReason = Reason.of(why);
            nextTry = System.nanoTime() + PAUSE_NANOS;
        }
        isBroken = true;
        if (session.isPresent()) {
            try {
                session.get().close();
            } catch (IOException closed) {
                why.addSuppressed(closed);
            }
            session = Optional.empty();
        }
    }

    /// What comes before the records of a packet: header and context.
    private static byte[] start(StreamKey stream, ByteBuffer packet) {
        boolean isKernel = stream.traceDirectory().equals("kernel");
        int bytes = isKernel ? PacketStart.BYTES + Integer.BYTES : JvmSchema.PACKET_START_BYTES;
        byte[] start = new byte[Math.min(bytes, packet.remaining())];
        packet.get(packet.position(), start);
        return start;
    }

    private static IndexEntry empty(
            IndexEntry of, byte[] start, long ticks, long discarded, long sequence) {
        long bits = (long) start.length * Byte.SIZE;
        return new IndexEntry(
                bits,
                bits,
                ticks,
                ticks,
                0,
                discarded,
                of.streamClassId(),
                of.streamInstanceId(),
                sequence);
    }

    private static IndexEntry numbered(IndexEntry entry, long sequence) {
        return new IndexEntry(
                entry.packetBits(),
                entry.contentBits(),
                entry.beginTicks(),
                entry.endTicks(),
                entry.recordCount(),
                entry.discardedEvents(),
                entry.streamClassId(),
                entry.streamInstanceId(),
                sequence);
    }

    /// A copy whose header says what the entry says.
    private ByteBuffer withStart(ByteBuffer packet, IndexEntry entry, StreamKey stream) {
        var copy = ByteBuffer.allocate(packet.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(packet.duplicate()).flip();
        PacketStart.write(copy, traceUuid(stream.traceDirectory()), entry);
        return copy.position(0);
    }
}
