// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.wire.CString;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.TimeSource;
import dev.contrail.wire.relay.DataHeader;
import dev.contrail.wire.relay.RelayCommand;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.StreamMark;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// A session at any relay, in LTTng's protocol, on two connections.
///
/// A packet counts as stored when the relay says that it has it and its index entry; one is under
/// way at a time. Owned by one thread.
final class SentSession implements OpenSession {
    private static final long CHUNK = 0;
    private static final long SHORTEST_LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final RelayIdentity identity;
    private final long createdSeconds;
    private final String directory;
    private final RelayCommands commands;
    private final RelayLink data;
    private final TimeSource clock;
    private final Map<StreamKey, RelayStream> streams = new HashMap<>();
    private final Map<String, RelayMetadata> traces = new HashMap<>();
    private boolean isUnderWay;
    private long stored;
    private final ByteBuffer header = ByteBuffer.allocate(DataHeader.BYTES);

    private SentSession(
            RelayIdentity identity,
            long createdSeconds,
            String directory,
            RelayCommands commands,
            RelayLink data,
            TimeSource clock) {
        this.clock = clock;
        this.identity = identity;
        this.createdSeconds = createdSeconds;
        this.directory = directory;
        this.commands = commands;
        this.data = data;
    }

    /// Opens a session.
    ///
    /// @param commands with the relay; this one's from then on
    /// @param isAgain as in [RelayIdentity#request]
    /// @param daemon of nobody else
    static SentSession open(
            RelayCommands commands,
            RelayEndpoints relay,
            Network network,
            RelayIdentity identity,
            long createdSeconds,
            boolean isAgain,
            UUID daemon,
            TimeSource clock)
            throws IOException {
        String directory = commands.create(identity.request(createdSeconds, isAgain, daemon));
        RelayLink data = RelayLink.open(relay.data(), network);
        try {
            if (commands.version().isAtLeast(11)) {
                commands.order(
                        new RelayRequest.CreateTraceChunk(
                                CHUNK, createdSeconds, CString.of(identity.snapshot())));
            }
            return new SentSession(identity, createdSeconds, directory, commands, data, clock);
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    /// LTTng's relays forget a session with its connection.
    @Override
    public boolean isResumable() {
        return false;
    }

    @Override
    public String directory() {
        return directory;
    }

    /// Whether both connections are still there.
    @Override
    public void check() throws IOException {
        data.check();
        commands.check();
    }

    @Override
    public Map<StreamKey, RelayStream> streams() {
        return streams;
    }

    /// A tick less for each: babeltrace2 complains of streams that say the same. Relays up to 2.14
    /// pass over such a word about a stream without packets.
    @Override
    public void beat(long ticks) throws IOException {
        long its = ticks;
        for (RelayStream each : streams.values()) {
            if (each.isQuietUntil(its)) {
                commands.order(each.beacon(its));
                its--;
            }
        }
    }

    @Override
    public Optional<RelayReply.LastStored> begin(StreamKey key, UUID trace, String metadata)
            throws IOException {
        String directory = key.traceDirectory();
        RelayMetadata its = traces.get(directory);
        if (its == null) {
            its = new RelayMetadata(add(directory, "metadata", 0, 0), trace, false, 0);
            traces.put(directory, its);
        }
        its.send(metadata, commands);
        if (streams.containsKey(key)) {
            return Optional.empty();
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
        return Optional.empty();
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

    @Override
    public boolean isUnderWay() {
        return isUnderWay;
    }

    /// Waits until the relay has it.
    @Override
    public void send(StreamKey key, IndexEntry entry, StreamMark mark, ByteBuffer packet)
            throws IOException {
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
        stream.sent(entry);
        stored++;
    }

    @Override
    public long sent() {
        return stored;
    }

    @Override
    public long stored() {
        return stored;
    }

    @Override
    public void settle(long nanos) {}

    @Override
    public long viewers() {
        return 0;
    }

    private void awaitStored(RelayStream stream) throws IOException {
        long deadline = clock.nanos() + PATIENCE_NANOS;
        long pause = SHORTEST_LOOK_NANOS;
        while (true) {
            int state = ((RelayReply.Pending) commands.ask(stream.pending())).state();
            if (state == RelayReply.Pending.NO) {
                return;
            }
            if (state != RelayReply.Pending.YES) {
                throw new EOFException("the relay does not know the stream");
            }
            if (clock.nanos() - deadline > 0) {
                throw new EOFException("the relay has not stored a packet in 30 seconds");
            }
            pause(pause);
            pause = Math.min(2 * pause, LONGEST_LOOK_NANOS);
            data.check();
        }
    }

    private void pause(long nanos) throws IOException {
        try {
            clock.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void end(StreamKey key) throws IOException {
        RelayStream stream = streams.remove(key);
        if (stream != null) {
            commands.order(stream.close());
        }
    }

    @Override
    public void finish() throws IOException {
        for (RelayStream each : streams.values()) {
            commands.order(each.close());
        }
        streams.clear();
        for (RelayMetadata each : traces.values()) {
            commands.order(new RelayRequest.CloseStream(each.handle(), RelayRequest.NONE));
        }
        traces.clear();
        if (commands.version().isAtLeast(11)) {
            commands.closeChunk(CHUNK, Math.max(createdSeconds, clock.epochMillis() / 1000));
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
