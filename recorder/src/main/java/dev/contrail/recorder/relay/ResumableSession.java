// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.wire.CString;
import dev.contrail.wire.net.TimeSource;
import dev.contrail.wire.relay.RelayCommand;
import dev.contrail.wire.relay.RelayExtension;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.ResultCode;
import dev.contrail.wire.relay.StreamMark;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/// A session at a relay of ours (`relay-extension.md`): one connection, on which packets go out one
/// after the other, and word comes back of how many are stored. Owned by one thread.
final class ResumableSession implements OpenSession {
    static final long CHUNK = 0;

    /// What may be under way.
    static final long WINDOW_BYTES = 8 << 20;

    /// What goes out before the relay is asked whether it is stored.
    private static final long COMMIT_BYTES = 256 << 10;

    private static final int COMMIT_PACKETS = 64;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final RelayIdentity identity;
    private final long createdSeconds;
    private final String directory;
    private final RelayCommands commands;
    private final Optional<Packing> packing;
    private final TimeSource clock;
    private final Map<StreamKey, RelayStream> streams = new HashMap<>();
    private final Map<String, RelayMetadata> traces = new HashMap<>();

    /// The packets and bytes that were sent at each question that is not answered.
    private final Deque<Sent> asked = new ArrayDeque<>();

    private Sent sent = Sent.NOTHING;
    private Sent committed = Sent.NOTHING;
    private long storedPackets;
    private long storedBytes;
    private long viewers;

    /// A packet has not arrived as it was sent.
    static final class Damaged extends IOException {
        private static final long serialVersionUID = 1;

        Damaged(String message) {
            super(message);
        }
    }

    private record Sent(long packets, long bytes, boolean hasMetadata) {
        static final Sent NOTHING = new Sent(0, 0, false);
    }

    private ResumableSession(
            RelayIdentity identity,
            long createdSeconds,
            String directory,
            RelayCommands commands,
            Optional<Packing> packing,
            TimeSource clock) {
        this.packing = packing;
        this.identity = identity;
        this.createdSeconds = createdSeconds;
        this.directory = directory;
        this.commands = commands;
        this.clock = clock;
    }

    /// Opens a session, or goes on with one.
    ///
    /// @param commands with a relay of ours
    /// @param mayPack whether packets may be packed
    static ResumableSession open(
            RelayCommands commands,
            RelayIdentity identity,
            long createdSeconds,
            boolean isAgain,
            boolean mayPack,
            TimeSource clock)
            throws IOException {
        boolean isPacked = mayPack && commands.extension().orElseThrow().has(RelayExtension.PACKED);
        Optional<Packing> packing = isPacked ? Optional.of(new Packing()) : Optional.empty();
        UUID daemon = identity.origin().orElseThrow().daemon();
        String directory = commands.create(identity.request(createdSeconds, isAgain, daemon));
        commands.order(new RelayRequest.CreateTraceChunk(CHUNK, createdSeconds, CString.EMPTY));
        return new ResumableSession(identity, createdSeconds, directory, commands, packing, clock);
    }

    @Override
    public boolean isResumable() {
        return true;
    }

    @Override
    public String directory() {
        return directory;
    }

    @Override
    public void check() throws IOException {
        if (asked.isEmpty()) {
            commands.check();
        }
    }

    @Override
    public Map<StreamKey, RelayStream> streams() {
        return streams;
    }

    @Override
    public Optional<RelayReply.LastStored> begin(StreamKey key, UUID trace, String metadata)
            throws IOException {
        String directory = key.traceDirectory();
        RelayMetadata its = traces.get(directory);
        if (its == null) {
            RelayReply.StreamResumed resumed = resume(directory, "metadata", 0, 0);
            long bytes = resumed.last().map(last -> last.mark().position()).orElse(0L);
            its = new RelayMetadata(resumed.handle(), trace, true, Math.max(0, bytes));
            traces.put(directory, its);
        }
        if (its.send(metadata, commands)) {
            sent = new Sent(sent.packets(), sent.bytes(), true);
        }
        if (streams.containsKey(key)) {
            return Optional.empty();
        }
        boolean isLimited = key.fileBytes() > 0 && key.fileCount() > 0;
        RelayReply.StreamResumed resumed =
                resume(
                        directory,
                        key.channel() + "_" + key.suffix(),
                        isLimited ? key.fileBytes() : 0,
                        isLimited ? key.fileCount() : 0);
        streams.put(
                key,
                resumed.last().isEmpty()
                        ? new RelayStream(resumed.handle())
                        : RelayStream.resumed(resumed.last().get().index()));
        answered(RelayCommand.STREAMS_SENT, new RelayRequest.StreamsSent());
        return resumed.last();
    }

    private RelayReply.StreamResumed resume(
            String directory, String name, long fileBytes, long fileCount) throws IOException {
        var stream =
                new RelayRequest.AddStream(
                        CString.of(name),
                        identity.path(directory, createdSeconds, commands.version()),
                        fileBytes,
                        fileCount,
                        CHUNK);
        settleAll();
        var resumed =
                (RelayReply.StreamResumed) commands.ask(new RelayRequest.ResumeStream(stream));
        RelayCommands.check(RelayCommand.RESUME_STREAM, resumed.code());
        return resumed;
    }

    /// Replies come in the order of requests.
    private void answered(RelayCommand command, RelayRequest request) throws IOException {
        settleAll();
        commands.send(request);
        commands.done(command);
    }

    @Override
    public void beat(long ticks) throws IOException {
        long its = ticks;
        for (RelayStream each : streams.values()) {
            if (each.isQuietUntil(its)) {
                answered(RelayCommand.SEND_INDEX, each.beacon(its));
                its--;
            }
        }
    }

    @Override
    public void send(StreamKey key, IndexEntry entry, StreamMark mark, ByteBuffer packet)
            throws IOException {
        RelayStream stream = streams.get(key);
        if (stream == null) {
            throw new IllegalStateException("not begun: " + key);
        }
        while (sent.bytes() - storedBytes > WINDOW_BYTES) {
            settle(PATIENCE_NANOS);
        }
        int content = (int) ((entry.contentBits() + Byte.SIZE - 1) / Byte.SIZE);
        ByteBuffer bytes = packet.slice(packet.position(), content);
        var sum = new CRC32C();
        sum.update(bytes.duplicate());
        Optional<ByteBuffer> packed = packing.flatMap(its -> its.packed(bytes));
        commands.send(
                new RelayRequest.SendPacket(
                        stream.index(entry),
                        mark,
                        packed.isPresent()
                                ? RelayRequest.SendPacket.PACKED
                                : RelayRequest.SendPacket.PLAIN,
                        (int) sum.getValue(),
                        packed.orElse(bytes)));
        stream.sent(entry);
        sent = new Sent(sent.packets() + 1, sent.bytes() + content, sent.hasMetadata());
        if (sent.bytes() - committed.bytes() >= COMMIT_BYTES
                || sent.packets() - committed.packets() >= COMMIT_PACKETS) {
            commit();
            takeAnswers();
        }
    }

    private void commit() throws IOException {
        commands.send(new RelayRequest.Commit());
        committed = sent;
        sent = new Sent(sent.packets(), sent.bytes(), false);
        asked.add(committed);
    }

    private boolean isAllAsked() {
        return committed.packets() == sent.packets() && !sent.hasMetadata();
    }

    /// Those that have come.
    private void takeAnswers() throws IOException {
        while (!asked.isEmpty() && commands.hasAnswer(0)) {
            takeAnswer();
        }
    }

    private void takeAnswer() throws IOException {
        var answer = (RelayReply.Committed) commands.reply(RelayCommand.COMMIT);
        if (answer.code().equals(ResultCode.INVALID)) {
            throw new Damaged("the relay says: " + answer.why());
        }
        if (!answer.code().isOk()) {
            throw new IOException("the relay cannot store it: " + answer.why());
        }
        Sent its = asked.remove();
        if (answer.packets() < its.packets() || answer.packets() > sent.packets()) {
            throw new IOException(
                    "the relay says that it has stored %d packets, want %d"
                            .formatted(answer.packets(), its.packets()));
        }
        storedPackets = its.packets();
        storedBytes = its.bytes();
        viewers = answer.viewers();
    }

    @Override
    public long sent() {
        return sent.packets();
    }

    @Override
    public long stored() {
        return storedPackets;
    }

    @Override
    public void settle(long nanos) throws IOException {
        if (!isAllAsked()) {
            commit();
        }
        if (!asked.isEmpty() && commands.hasAnswer(nanos)) {
            takeAnswer();
            takeAnswers();
        }
    }

    private void settleAll() throws IOException {
        long begin = clock.nanos();
        while (!isAllAsked() || !asked.isEmpty()) {
            settle(PATIENCE_NANOS);
            if (clock.nanos() - begin > PATIENCE_NANOS) {
                throw new SocketTimeoutException("no answer");
            }
        }
    }

    @Override
    public boolean isUnderWay() {
        return sent.packets() > storedPackets;
    }

    @Override
    public long viewers() {
        return viewers;
    }

    @Override
    public void end(StreamKey key) throws IOException {
        RelayStream stream = streams.remove(key);
        if (stream != null) {
            answered(RelayCommand.CLOSE_STREAM, stream.close());
        }
    }

    @Override
    public void finish() throws IOException {
        for (RelayStream each : streams.values()) {
            answered(RelayCommand.CLOSE_STREAM, each.close());
        }
        streams.clear();
        for (RelayMetadata each : traces.values()) {
            answered(
                    RelayCommand.CLOSE_STREAM,
                    new RelayRequest.CloseStream(each.handle(), RelayRequest.NONE));
        }
        traces.clear();
        settleAll();
        commands.closeChunk(CHUNK, Math.max(createdSeconds, clock.epochMillis() / 1000));
    }

    @Override
    public void close() throws IOException {
        commands.close();
    }
}
