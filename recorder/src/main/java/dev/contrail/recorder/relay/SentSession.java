// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.wire.CString;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.relay.DataHeader;
import dev.contrail.wire.relay.RelayCommand;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayRequest;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// One session at a relay, from its two connections on: after a failure of either it is of no use.
///
/// A packet counts as stored when the relay says that it has it and its index entry; one is under
/// way at a time. Owned by one thread.
final class SentSession implements Closeable {
    private static final long CHUNK = 0;
    private static final long SHORTEST_LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final RelayIdentity identity;
    private final long createdSeconds;
    private final RelayCommands commands;
    private final RelayLink data;
    private final Map<StreamKey, RelayStream> streams = new HashMap<>();
    private final Map<String, RelayMetadata> traces = new HashMap<>();
    private boolean isUnderWay;
    private final ByteBuffer header = ByteBuffer.allocate(DataHeader.BYTES);

    private SentSession(
            RelayIdentity identity, long createdSeconds, RelayCommands commands, RelayLink data) {
        this.identity = identity;
        this.createdSeconds = createdSeconds;
        this.commands = commands;
        this.data = data;
    }

    /// Opens a session.
    ///
    /// @param isAgain as in [RelayIdentity#request]
    static SentSession open(
            RelayEndpoints relay,
            Network network,
            RelayIdentity identity,
            long createdSeconds,
            boolean isAgain)
            throws IOException {
        RelayLink control = RelayLink.open(relay.control(), network);
        try {
            RelayCommands commands = RelayCommands.open(control);
            create(commands, identity.request(createdSeconds, isAgain));
            RelayLink data = RelayLink.open(relay.data(), network);
            try {
                if (commands.version().isAtLeast(11)) {
                    commands.order(
                            new RelayRequest.CreateTraceChunk(
                                    CHUNK, createdSeconds, CString.of(identity.snapshot())));
                }
                return new SentSession(identity, createdSeconds, commands, data);
            } catch (IOException e) {
                data.close();
                throw e;
            }
        } catch (IOException e) {
            control.close();
            throw e;
        }
    }

    private static void create(RelayCommands commands, RelayRequest.CreateSession request)
            throws IOException {
        var created = (RelayReply.SessionCreated) commands.ask(request);
        RelayCommands.check(RelayCommand.CREATE_SESSION, created.code());
    }

    /// Whether both connections are still there.
    void check() throws IOException {
        data.check();
        commands.check();
    }

    /// Whether the relay knows the stream.
    boolean has(StreamKey key) {
        return streams.containsKey(key);
    }

    /// Whether the relay has packets of the stream.
    boolean hasPackets(StreamKey key) {
        RelayStream stream = streams.get(key);
        return stream != null && stream.hasPackets();
    }

    /// Says of each stream that has packets, and whose last one ended before, that nothing is to
    /// come from before `ticks`, or a few ticks less: babeltrace2 complains of streams that say the
    /// same. Relays up to 2.14 pass over such a word about a stream without packets.
    void beat(long ticks) throws IOException {
        long its = ticks;
        for (RelayStream each : streams.values()) {
            if (each.isQuietUntil(its)) {
                commands.order(each.beacon(its));
                its--;
            }
        }
    }

    /// Makes the stream known, and the metadata that its packets need.
    ///
    /// @param trace UUID of its trace
    void begin(StreamKey key, UUID trace, String metadata) throws IOException {
        String directory = key.traceDirectory();
        RelayMetadata its = traces.get(directory);
        if (its == null) {
            its = new RelayMetadata(add(directory, "metadata", 0, 0), trace);
            traces.put(directory, its);
        }
        its.send(metadata, commands);
        if (streams.containsKey(key)) {
            return;
        }
        boolean isLimited = key.fileBytes() > 0 && key.fileCount() > 0; // a size alone kills relays
        long handle =
                add(
                        directory,
                        key.channel() + "_" + key.suffix(),
                        isLimited ? key.fileBytes() : 0,
                        isLimited ? key.fileCount() : 0);
        streams.put(key, new RelayStream(handle));
        if (!identity.isSnapshot()) {
            commands.order(new RelayRequest.StreamsSent());
        }
    }

    private long add(String directory, String name, long fileBytes, long fileCount)
            throws IOException {
        var added =
                (RelayReply.StreamAdded)
                        commands.ask(
                                new RelayRequest.AddStream(
                                        CString.of(name),
                                        identity.path(
                                                directory, createdSeconds, commands.version()),
                                        fileBytes,
                                        fileCount,
                                        CHUNK));
        RelayCommands.check(RelayCommand.ADD_STREAM, added.code());
        return added.handle();
    }

    /// Whether the last packet that could not be sent may be there all the same.
    boolean isUnderWay() {
        return isUnderWay;
    }

    /// Sends a packet of a stream that has begun, and waits until the relay has it.
    ///
    /// @param packet with its padding, which is not sent; position and limit stay
    void send(StreamKey key, IndexEntry entry, ByteBuffer packet) throws IOException {
        RelayStream stream = streams.get(key);
        if (stream == null) {
            throw new IllegalStateException("not begun: " + key);
        }
        isUnderWay = false;
        data.check();
        isUnderWay = true;
        int content = (int) ((entry.contentBits() + Byte.SIZE - 1) / Byte.SIZE);
        header.clear();
        new DataHeader(
                        0,
                        stream.handle(),
                        stream.nextNumber(),
                        content,
                        entry.packetBits() / Byte.SIZE - content)
                .encode(header);
        data.write(header.flip(), packet.slice(packet.position(), content));
        if (!identity.isSnapshot()) {
            // One question after the other: relays leave Nagle's algorithm on, and a second answer
            // would wait 40 ms for the acknowledgement of the first.
            commands.order(stream.index(entry));
        }
        awaitStored(stream);
        stream.stored(entry);
    }

    private void awaitStored(RelayStream stream) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        long pause = SHORTEST_LOOK_NANOS;
        while (true) {
            int state = ((RelayReply.Pending) commands.ask(stream.pending())).state();
            if (state == RelayReply.Pending.NO) {
                return;
            }
            if (state != RelayReply.Pending.YES) {
                throw new EOFException("the relay does not know the stream");
            }
            if (System.nanoTime() - deadline > 0) {
                throw new EOFException("the relay has not stored a packet in 30 seconds");
            }
            LockSupport.parkNanos(this, pause);
            pause = Math.min(2 * pause, LONGEST_LOOK_NANOS);
            data.check();
        }
    }

    /// Nothing more comes in the stream.
    void end(StreamKey key) throws IOException {
        RelayStream stream = streams.remove(key);
        if (stream != null) {
            commands.order(stream.close());
        }
    }

    /// Ends the session as a producer does whose session is destroyed: all that was sent is stored.
    void finish() throws IOException {
        for (RelayStream each : streams.values()) {
            commands.order(each.close());
        }
        streams.clear();
        for (RelayMetadata each : traces.values()) {
            commands.order(new RelayRequest.CloseStream(each.handle(), RelayRequest.NONE));
        }
        traces.clear();
        if (commands.version().isAtLeast(11)) {
            var closed =
                    (RelayReply.ChunkClosed)
                            commands.ask(
                                    new RelayRequest.CloseTraceChunk(
                                            CHUNK,
                                            Math.max(
                                                    createdSeconds,
                                                    System.currentTimeMillis() / 1000),
                                            false,
                                            0));
            RelayCommands.check(RelayCommand.CLOSE_TRACE_CHUNK, closed.code());
        }
    }

    /// Both connections, at once.
    @Override
    public void close() throws IOException {
        try (data) {
            commands.close();
        }
    }
}
