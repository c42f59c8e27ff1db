// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;

/// Keeps the newest packets, at least one of each stream, within a bound on all of them together,
/// and sends them on at the end: `snapshot record --max-size`. They wait in a file, not in memory.
/// Owned by one thread.
public final class NewestPackets implements PacketSink {
    private static final Set<StandardOpenOption> OPTIONS =
            Set.of(
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);

    private record Kept(IndexEntry entry, long at, int length) {
        private boolean saysThatNothingIsLost() {
            return entry.recordCount() == 0 && entry.discardedEvents() == 0;
        }
    }

    private static final class Kin {
        private final List<Kept> packets = new ArrayList<>();

        /// The empty packet in front, without which readers know of a loss, and not how large.
        private Optional<Kept> front = Optional.empty();

        private long bytes;
        private int kept = 1;

        /// The newest packet that is not kept yet; only where there is one.
        private Kept next() {
            return packets.get(packets.size() - 1 - kept);
        }

        private boolean hasNext() {
            return kept < packets.size();
        }

        private void add(Kept packet) {
            if (packets.size() == 1 && front.isEmpty() && packets.get(0).saysThatNothingIsLost()) {
                front = Optional.of(packets.removeFirst());
                bytes = 0;
            }
            packets.add(packet);
            bytes += packet.length;
        }

        private int frontBytes() {
            return front.map(Kept::length).orElse(0);
        }
    }

    /// Records that a channel has recorded and that are not sent on.
    ///
    /// @param ring of its rings
    /// @param stateDump of the state dump
    public record LeftOut(long ring, long stateDump) {}

    private final PacketSink target;
    private final long maxBytes;
    private final Map<StreamKey, Kin> streams = new LinkedHashMap<>();
    private final Map<Integer, LeftOut> leftOut = new HashMap<>();
    private final FileChannel waiting;
    private long waitingBytes;
    private Optional<IOException> failure = Optional.empty();

    /// @param directory has room for all packets until [#close]
    public NewestPackets(PacketSink target, long maxBytes, Path directory) throws IOException {
        this.target = target;
        this.maxBytes = maxBytes;
        Path file = PrivateFiles.directory(directory).resolve(".packets");
        this.waiting = PrivateFiles.open(file, OPTIONS);
        Files.delete(file); // The channel has it; a kill leaves nothing behind.
    }

    @Override
    public UUID traceUuid(String traceDirectory) {
        return target.traceUuid(traceDirectory);
    }

    @Override
    public Optional<IndexEntry> last(StreamKey stream) throws IOException {
        return target.last(stream);
    }

    @Override
    public void metadata(String traceDirectory, String text) throws IOException {
        target.metadata(traceDirectory, text);
    }

    @Override
    public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        Kin kin = streams.computeIfAbsent(stream, _ -> new Kin());
        int length = packet.remaining();
        long at = waitingBytes;
        try {
            while (packet.hasRemaining()) {
                waitingBytes += waiting.write(packet, waitingBytes);
            }
        } catch (IOException e) {
            failure = Optional.of(e);
            throw e;
        }
        kin.add(new Kept(entry, at, length));
        // No stream may ever have more than the whole; the fair share is known at the end.
        while (kin.bytes > maxBytes && kin.packets.size() > 1) {
            kin.bytes -= kin.packets.getFirst().length;
            leaveOut(stream, kin.packets.removeFirst());
        }
    }

    private void leaveOut(StreamKey stream, Kept packet) {
        long records = packet.entry.recordCount();
        leftOut.merge(
                (int) packet.entry.streamClassId(),
                stream.isStateDump() ? new LeftOut(0, records) : new LeftOut(records, 0),
                (one, other) ->
                        new LeftOut(one.ring + other.ring, one.stateDump + other.stateDump));
    }

    /// What was left out until now, by channel.
    public Map<Integer, LeftOut> leftOut() {
        return leftOut;
    }

    /// Sends on what fits.
    ///
    /// @throws RefusedException when not even one packet of each stream fits, as LTTng refuses it
    public void flush() throws IOException, RefusedException {
        if (failure.isPresent()) {
            throw failure.get();
        }
        long one = 0;
        long fronts = 0;
        for (Kin kin : streams.values()) {
            one += kin.packets.getLast().length;
            fronts += kin.frontBytes();
        }
        if (one > maxBytes) {
            throw new RefusedException(
                    ("Snapshot max size %d is too small: one packet of each of %d streams needs %d"
                                    + " bytes")
                            .formatted(maxBytes, streams.size(), one));
        }
        boolean hasRoomForFronts = one + fronts <= maxBytes;
        choose(maxBytes - one - (hasRoomForFronts ? fronts : 0));
        for (Map.Entry<StreamKey, Kin> stream : streams.entrySet()) {
            Kin kin = stream.getValue();
            int first = kin.packets.size() - kin.kept;
            kin.packets.subList(0, first).forEach(packet -> leaveOut(stream.getKey(), packet));
            if (hasRoomForFronts && kin.front.isPresent()) {
                Kept front = kin.front.get();
                target.packet(stream.getKey(), front.entry, read(front));
            }
            for (Kept kept : kin.packets.subList(first, kin.packets.size())) {
                target.packet(stream.getKey(), kept.entry, read(kept));
            }
        }
    }

    /// Goes back in time over all streams, for as long as packets fit; a stream ends with the first
    /// that does not, so that its history has no gap.
    private void choose(long moreBytes) {
        long left = moreBytes;
        var open =
                new PriorityQueue<Kin>(
                        Comparator.comparingLong(kin -> -kin.next().entry.endTicks()));
        streams.values().stream().filter(Kin::hasNext).forEach(open::add);
        for (Kin newest = open.poll(); newest != null; newest = open.poll()) {
            if (newest.next().length <= left) {
                left -= newest.next().length;
                newest.kept++;
                if (newest.hasNext()) {
                    open.add(newest);
                }
            }
        }
    }

    private ByteBuffer read(Kept kept) throws IOException {
        ByteBuffer packet = ByteBuffer.allocate(kept.length);
        while (packet.hasRemaining()) {
            if (waiting.read(packet, kept.at + packet.position()) < 0) {
                throw new IOException("packets that waited to be written are gone");
            }
        }
        return packet.flip();
    }

    /// The target stays open.
    @Override
    public void close() throws IOException {
        waiting.close();
    }
}
