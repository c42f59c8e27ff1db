// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.relay.chunk.TraceChunk;
import dev.contrail.relay.journal.JournalEntry;
import dev.contrail.relay.label.SessionLabel;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.request.Refusal;
import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequest.SendIndex;
import dev.contrail.wire.relay.ResultCode;
import dev.contrail.wire.relay.StreamMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// A stream of packets. Packets come on one connection, their index entries on another: they are
/// joined by number here, whichever comes first.
///
/// Its lock is held for one append, or for one step of a viewer's. Viewers are told without it:
/// they would wait for it at once.
public final class DataStream extends StoredStream {
    private final StreamFiles files;
    private final Unjoined unjoined = new Unjoined();
    private final boolean isIndexed;

    /// Signed, as the real relay compares them.
    private long lastPacket = RelayRequest.NONE;

    /// Of an index whose packet is there, or was dropped.
    private long lastJoined = RelayRequest.NONE;

    /// Number in the packet context of the last one that is joined.
    private long lastSequence = RelayRequest.NONE;

    /// Its producer's, of the last packet.
    private StreamMark mark = StreamMark.NONE;

    /// The last packet that viewers may see. One that the journal does not have yet may be another
    /// one when its producer sends it again.
    private long shown = Long.MAX_VALUE;

    /// Up to here another stream has it, which was closed; none when there is none.
    private long elsewhere = RelayRequest.NONE;

    private Optional<SendIndex> beacon = Optional.empty();
    private Optional<Rotation> rotation = Optional.empty();
    private boolean isClosing;
    private long closingAt;
    private boolean isClosed;
    private long droppedPackets;

    private record Rotation(@Nullable TraceChunk next, long firstPacketSequence) {}

    /// @param isIndexed whether an index entry comes for each packet
    DataStream(long handle, StreamGroup group, CString name, StreamFiles files, boolean isIndexed) {
        super(handle, group, name);
        this.files = files;
        this.isIndexed = isIndexed;
    }

    /// Stores a whole packet; one for which there is no room is dropped, and counted.
    ///
    /// @param padding zeros after it
    /// @throws IOException when its producer is not to be believed: it has sent that packet already
    public void append(long netSeqNum, ByteBuffer packet, long padding) throws IOException {
        if (store(netSeqNum, packet, padding)) {
            group().changed();
        }
    }

    private synchronized boolean store(long netSeqNum, ByteBuffer packet, long padding)
            throws IOException {
        if (lastPacket == netSeqNum && netSeqNum != RelayRequest.NONE
                || unjoined.hasPacket(netSeqNum)) {
            throw new IOException("packet " + netSeqNum + " comes twice");
        }
        Unjoined.Place place = Unjoined.DROPPED;
        try {
            files.makeRoom(packet.remaining());
            StreamPart part = files.current();
            if (part != null && !isClosed) {
                long bytes = packet.remaining() + padding;
                place = new Unjoined.Place(part, part.append(packet, padding), bytes);
            }
        } catch (IOException e) {
            RelayLog.failed("a packet of " + files + " is lost", e);
        }
        return arrived(netSeqNum, place);
    }

    /// Goes on with what is stored of it.
    DataStream(
            long handle, StreamGroup group, CString name, StreamFiles files, JournalEntry stored) {
        this(handle, group, name, files, true);
        lastPacket = stored.number();
        lastJoined = stored.number();
        shown = stored.number();
        mark = stored.mark();
    }

    /// What is stored by now is shown as another stream of that name, which its producer had closed
    /// before it went on.
    public synchronized void goesOnFromHere() {
        elsewhere = lastPacket;
    }

    /// The number up to which it is no part of this one; negative when all of it is.
    synchronized long elsewhere() {
        return elsewhere;
    }

    /// One that has ended before this relay began.
    DataStream(StreamGroup group, StreamFiles files, SessionLabel.Stream label) {
        this(0, group, label.channel(), files, true);
        lastPacket = label.lastNumber();
        lastJoined = lastPacket;
        droppedPackets = label.droppedPackets();
        isClosed = true;
    }

    /// What is to be remembered of it when nothing more comes.
    ///
    /// @param trace which of the session's it belongs to
    /// @param chunks which of the session's one is
    synchronized SessionLabel.Stream label(int trace, ToIntFunction<TraceChunk> chunks) {
        return new SessionLabel.Stream(
                trace,
                channelName(),
                Math.min(lastPacket, shown),
                droppedPackets,
                files.all().stream()
                        .map(each -> each.label(chunks.applyAsInt(each.chunk())))
                        .toList());
    }

    /// Stores a whole packet together with its index entry. Viewers may see it once that is
    /// [#committed].
    ///
    /// @param padding zeros after it
    /// @throws IOException when it could not be stored, or is not the next one
    public synchronized void append(
            SendIndex index, StreamMark itsMark, ByteBuffer packet, long padding)
            throws IOException {
        if (index.netSeqNum() != lastPacket + 1) {
            throw new IOException(
                    "packet %d of %s, want %d".formatted(index.netSeqNum(), files, lastPacket + 1));
        }
        files.makeRoom(packet.remaining());
        StreamPart part = files.current();
        if (part == null || isClosed) {
            throw new IOException(files + " is closed");
        }
        if (shown == Long.MAX_VALUE) {
            shown = lastPacket;
        }
        part.append(packet, padding, index);
        lastPacket = index.netSeqNum();
        lastJoined = lastPacket;
        lastSequence = index.packetSequence();
        mark = itsMark;
        beacon = Optional.empty();
    }

    @Override
    public void committed(JournalEntry stored) {
        synchronized (this) {
            shown = stored.number();
        }
        group().changed();
    }

    /// Whether viewers may see a packet by now.
    boolean isShown(long number) {
        return number <= shown;
    }

    @Override
    public synchronized Optional<JournalEntry> stored() {
        StreamPart part = files.current();
        return part == null || lastPacket == RelayRequest.NONE
                ? Optional.empty()
                : Optional.of(
                        new JournalEntry(
                                key(),
                                files.fileNumber(),
                                part.dataBytes(),
                                part.entries(),
                                lastPacket,
                                mark));
    }

    @Override
    public synchronized Optional<RelayReply.LastStored> lastStored() throws IOException {
        if (lastPacket == RelayRequest.NONE) {
            return Optional.empty();
        }
        IndexEntry last =
                files.lastEntry()
                        .orElseGet(() -> new IndexEntry(0, 0, 0, 0, 0, 0, 0, 0, mark.position()));
        return Optional.of(
                new RelayReply.LastStored(
                        new SendIndex(
                                handle(),
                                lastPacket,
                                last.packetBits(),
                                last.contentBits(),
                                last.beginTicks(),
                                last.endTicks(),
                                last.discardedEvents(),
                                last.streamClassId(),
                                last.streamInstanceId(),
                                last.sequence()),
                        mark));
    }

    @Override
    public void sync() throws IOException {
        StreamPart part = files.current();
        if (part != null) {
            part.sync();
        }
    }

    @Override
    public List<Path> directories() throws IOException {
        StreamPart part = files.current();
        return part == null ? List.of() : part.directories();
    }

    /// Counts a packet that is not kept.
    ///
    /// @param why it is not
    public void drop(long netSeqNum, String why) {
        RelayLog.warn("a packet of %s is lost: %s".formatted(files, why));
        if (dropped(netSeqNum)) {
            group().changed();
        }
    }

    private synchronized boolean dropped(long netSeqNum) {
        return arrived(netSeqNum, Unjoined.DROPPED);
    }

    /// @return whether viewers may have something new
    private boolean arrived(long netSeqNum, Unjoined.Place place) {
        if (place.isDropped()) {
            droppedPackets++;
        }
        lastPacket = netSeqNum;
        SendIndex index = isIndexed ? unjoined.takeIndex(netSeqNum) : null;
        if (index != null) {
            join(index, place);
        } else if (isIndexed) {
            unjoined.put(netSeqNum, place);
        }
        closeIfComplete();
        return index != null;
    }

    /// Takes the index entry of a packet, or a beacon.
    public void append(SendIndex index) throws Refusal {
        if (take(index)) {
            group().changed();
        }
    }

    private synchronized boolean take(SendIndex index) throws Refusal {
        if (index.isBeacon()) {
            beacon = Optional.of(index);
            return true;
        }
        beacon = Optional.empty();
        if (unjoined.hasIndex(index.netSeqNum())) {
            throw Refusal.ending(ResultCode.UNKNOWN, "index " + index.netSeqNum() + " comes twice");
        }
        boolean isJoined = unjoined.join(index.netSeqNum(), place -> join(index, place));
        if (!isJoined && isIndexed && !unjoined.put(index)) {
            throw Refusal.ending(ResultCode.NO_MEMORY, "indexes without packets");
        }
        closeIfComplete();
        return isJoined;
    }

    private void join(SendIndex index, Unjoined.Place place) {
        lastJoined = index.netSeqNum();
        lastSequence = index.packetSequence();
        try {
            if (!place.isDropped() && index.packetBits() == place.bytes() * Byte.SIZE) {
                place.part().append(place.offset(), index);
            } else if (!place.isDropped()) {
                RelayLog.warn(
                        "an index of %s says %s bits, the packet has %d bytes"
                                .formatted(
                                        files,
                                        Long.toUnsignedString(index.packetBits()),
                                        place.bytes()));
            }
        } catch (IOException e) {
            RelayLog.failed("an index entry of " + files + " is lost", e);
        }
        rotateIfDue();
    }

    @Override
    public synchronized void rotate(@Nullable TraceChunk next, long firstPacketSequence) {
        rotation.ifPresent(this::carryOut);
        if (next != null) {
            next.hold(); // until it is carried out: it must not be settled meanwhile
        }
        rotation = Optional.of(new Rotation(next, firstPacketSequence));
        rotateIfDue();
    }

    /// All packets of the old chunk are there, with their indexes.
    private void rotateIfDue() {
        if (rotation.isPresent()
                && (files.current() == null
                        || lastSequence + 1 >= rotation.get().firstPacketSequence())) {
            carryOut(rotation.get());
        }
    }

    private void carryOut(Rotation due) {
        rotation = Optional.empty();
        try {
            files.rotate(due.next(), unjoined);
        } catch (IOException e) {
            RelayLog.failed("rotation of " + files, e);
        } finally {
            if (due.next() != null) {
                due.next().release();
            }
        }
    }

    @Override
    public synchronized boolean isPending(long lastNetSeqNum) {
        long seen = isIndexed ? Math.min(lastPacket, lastJoined) : lastPacket;
        return seen - lastNetSeqNum < 0;
    }

    @Override
    public synchronized void close(long lastNetSeqNum) {
        isClosing = true;
        closingAt = lastNetSeqNum;
        closeIfComplete();
    }

    private void closeIfComplete() {
        if (isClosing && !isPending(closingAt)) {
            end();
        }
    }

    @Override
    public synchronized void end() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        rotation.ifPresent(this::carryOut);
        unjoined.clear();
        try {
            files.close();
        } catch (IOException e) {
            RelayLog.failed("close of " + files, e);
        }
        group().changed();
    }

    @Override
    public synchronized boolean isClosed() {
        return isClosed;
    }

    /// How many packets could not be stored.
    public synchronized long droppedPackets() {
        return droppedPackets;
    }

    /// What packets go to, if they go anywhere.
    @Nullable StreamPart current() {
        return files.current();
    }

    /// The oldest part of the present chunk that is still to be had.
    @Nullable StreamPart first() {
        return files.first();
    }

    /// The oldest part of all chunks that is still to be had.
    @Nullable StreamPart oldest() {
        return files.oldest();
    }

    /// The number of the last packet that can be read, or could.
    long lastJoined() {
        return Math.min(lastJoined, shown);
    }

    /// How many packets have come after that of a number, or at all where none did, that cannot be
    /// read; for a stream of which no more comes.
    ///
    /// @param number of the last one that can be read; negative when there is none
    public synchronized long missingAfter(long number) {
        return number < 0
                ? droppedPackets + lostBefore(null)
                : Math.max(0, Math.min(lastPacket, shown) - number);
    }

    /// Of those that should be there, how many were not when somebody looked.
    ///
    /// @param part up to which; null for all
    synchronized long lostBefore(@Nullable StreamPart part) {
        long lost = 0;
        for (StreamPart each = files.oldest(); each != null && each != part; each = each.next()) {
            lost += each.lost();
        }
        return lost;
    }

    /// How many a viewer still has to read, where it cannot: what declares them is gone.
    ///
    /// @param number of the last one that it has read; negative when there is none
    public synchronized long undeclaredAfter(long number) {
        if (number >= 0) {
            return missingAfter(number);
        }
        return droppedPackets + files.all().stream().mapToLong(StreamPart::entries).sum();
    }

    /// The last beacon, if nothing is known that must be shown before it.
    Optional<SendIndex> beacon() {
        return unjoined.hasIndexes() ? Optional.empty() : beacon;
    }
}
