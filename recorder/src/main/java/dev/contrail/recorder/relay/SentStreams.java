// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.output.LostRecords;
import dev.contrail.recorder.relay.ToldPackets.Told;
import dev.contrail.wire.relay.StreamMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// The streams of a session as a relay gets them: each packet says, beside what its ring had
/// discarded, how many records were given up before it. Owned by one thread, but for [#lost].
final class SentStreams {
    private final boolean isLive;
    private final Function<String, UUID> uuids;
    private final LostRecords lost;
    private final UnderWay underWay;
    private final BooleanSupplier isAnother;
    private final Map<String, String> wanted = new HashMap<>();
    private final ToldPackets told = new ToldPackets();

    /// The last packet of each stream that a relay of ours has said to have.
    private final Map<StreamKey, Long> stored = new ConcurrentHashMap<>();

    /// Streams of which something was given up, and may have to be told.
    private final Set<StreamKey> losing = ConcurrentHashMap.newKeySet();

    /// @param uuids of traces, by their directories
    /// @param isAnother whether another session at the relay has what was sent before
    SentStreams(
            boolean isLive,
            Function<String, UUID> uuids,
            LostRecords lost,
            UnderWay underWay,
            BooleanSupplier isAnother) {
        this.isAnother = isAnother;
        this.isLive = isLive;
        this.uuids = uuids;
        this.lost = lost;
        this.underWay = underWay;
    }

    private UUID uuid(StreamKey stream) {
        return uuids.apply(stream.traceDirectory());
    }

    /// The metadata that the packets of a trace need from now on.
    void metadata(String traceDirectory, String text) {
        wanted.put(traceDirectory, text);
    }

    /// That packet is given up. Any thread.
    void lost(StreamKey stream, IndexEntry entry) {
        if (entry.sequence() <= stored.getOrDefault(stream, -1L)) {
            return; // the relay has it
        }
        if (underWay.isInDoubt(stream, entry.sequence())) {
            lost.addUnsure(stream, entry);
        } else {
            lost.add(stream, entry);
        }
        losing.add(stream);
        underWay.lost(stream, entry);
    }

    /// A daemon before this one has recorded it, and may have told of less than was lost. Any
    /// thread.
    void goesOn(StreamKey stream) {
        if (lost.of(stream).records() > 0) {
            losing.add(stream);
        }
    }

    /// Whether more was lost than the relay is known to have been told.
    boolean hasUntold() {
        return losing.stream()
                .anyMatch(each ->
                        lost.of(each).records() > told.of(each).map(Told::lostRecords).orElse(0L));
    }

    /// Makes the stream known.
    void begin(OpenSession to, StreamKey stream) throws IOException {
        String directory = stream.traceDirectory();
        boolean isNew = to.isResumable() && !to.has(stream);
        var last = to.begin(stream, uuid(stream), wanted.getOrDefault(directory, ""));
        if (isNew) {
            told.resume(stream, last);
            long position = last.map(each -> each.mark().position()).orElse(-1L);
            lost.settle(stream, position);
            stored.put(stream, position);
            underWay.resumed(stream);
        }
    }

    /// Makes all streams known that were sent: a relay that was started anew shows viewers what it
    /// has of a stream when that goes on, and some are quiet.
    void resume(OpenSession to) throws IOException {
        for (StreamKey each : told.streams()) {
            begin(to, each);
        }
    }

    /// Sends it, unless the relay has it.
    void send(OpenSession to, StreamKey stream, IndexEntry given, ByteBuffer packet)
            throws IOException {
        begin(to, stream);
        if (to.isResumable() && told.has(stream, given)) {
            return;
        }
        boolean isNew = !to.hasPackets(stream);
        long lostRecords = lost.of(stream).records();
        IndexEntry entry = given.withDiscarded(given.discardedEvents() + lostRecords);
        if (isLive && given.recordCount() == 0) {
            entry = entry.until(entry.beginTicks()); // the next one may begin before its end
        }
        long shift = isNew ? 0 : told.of(stream).map(Told::shift).orElse(0L);
        byte[] start = ToldPackets.start(stream, packet);
        long known = discardedBefore(stream, given);
        if (isNew && entry.discardedEvents() > known) {
            // A reader counts what came between two packets.
            IndexEntry first =
                    ToldPackets.empty(entry, start, entry.beginTicks(), known, entry.sequence());
            sendEmpty(to, stream, first, start, new StreamMark(given.sequence() - 1, 0));
            shift = 1;
        }
        ByteBuffer sent = packet;
        if (shift > 0 || lostRecords > 0 || entry.endTicks() != given.endTicks()) {
            entry = entry.numbered(entry.sequence() + shift);
            sent = ToldPackets.withStart(packet, entry, uuid(stream));
        }
        try {
            to.send(stream, entry, new StreamMark(given.sequence(), lostRecords), sent);
        } catch (IOException e) {
            if (to.isResumable()) {
                underWay.cut(stream, given.sequence());
            } else if (to.isUnderWay()) {
                underWay.failed(stream, given);
            }
            throw e;
        }
        underWay.stored(stream, given);
        told.put(stream, new Told(entry, start, given.sequence(), lostRecords));
    }

    /// What a reader of all that was sent of the stream knows to be lost.
    private long discardedBefore(StreamKey stream, IndexEntry given) {
        Optional<Told> last = told.of(stream);
        if (last.isPresent()) {
            return last.get().entry().discardedEvents();
        }
        return isAnother.getAsBoolean() ? given.discardedEvents() : 0;
    }

    /// Lets viewers know that there is a new stream: relays tell LTTng's viewers so with a packet,
    /// but not where all streams are quiet.
    void show(OpenSession to) throws IOException {
        Optional<StreamKey> other = told.streams().stream().filter(to::hasPackets).findFirst();
        if (other.isEmpty()) {
            return;
        }
        StreamKey stream = other.get();
        Told last = told.of(stream).orElseThrow();
        IndexEntry entry =
                ToldPackets.empty(
                        last.entry(),
                        last.start(),
                        Math.max(last.entry().endTicks(), to.saidTicks(stream)),
                        last.entry().discardedEvents(),
                        last.entry().sequence() + 1);
        var mark = new StreamMark(last.position(), last.lostRecords());
        sendEmpty(to, stream, entry, last.start(), mark);
        told.put(stream, new Told(entry, last.start(), last.position(), last.lostRecords()));
    }

    /// Says of each stream what was lost, in an empty packet: those that the relay has do not
    /// change.
    void tellAll(OpenSession to) throws IOException {
        var streams = new HashSet<>(told.streams());
        streams.addAll(losing);
        for (StreamKey each : streams) {
            tell(to, each);
        }
    }

    /// Says what was lost since the last packet, if something was.
    void tell(OpenSession to, StreamKey stream) throws IOException {
        if (lost.of(stream).records() == 0) {
            return;
        }
        if (to.isResumable() && !to.has(stream)) {
            begin(to, stream); // which may settle that some of them are not
        }
        LostRecords.Lost all = lost.of(stream);
        Optional<IndexEntry> entry = told.ofLosses(stream, all);
        if (entry.isEmpty() || !to.has(stream)) {
            return;
        }
        Told last = told.of(stream).orElseThrow();
        var mark = new StreamMark(last.position(), all.records());
        sendEmpty(to, stream, entry.get(), last.start(), mark);
        told.put(stream, new Told(entry.get(), last.start(), last.position(), all.records()));
    }

    private void sendEmpty(
            OpenSession to, StreamKey stream, IndexEntry entry, byte[] start, StreamMark mark)
            throws IOException {
        ByteBuffer packet = ToldPackets.withStart(ByteBuffer.wrap(start), entry, uuid(stream));
        to.send(stream, entry, mark, packet);
    }

    /// Nothing more comes in the stream.
    void end(StreamKey stream) {
        told.remove(stream);
        losing.remove(stream);
        stored.remove(stream);
    }
}
