// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayCommand;
import dev.contrail.wire.relay.RelayExtension;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayReplyCodec;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequestEncoder;
import dev.contrail.wire.relay.ResultCode;
import dev.contrail.wire.secure.KnownRelays;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// The control connection to a relay: requests, and their replies in the same order. Owned by one
/// thread.
final class RelayCommands implements Closeable {
    private static final int MOST_REPLY_BYTES = 20 + 4096;

    /// The first that has indexes, and names its sessions.
    private static final int OLDEST_MINOR = 4;

    private final RelayLink link;
    private RelayVersion version = RelayVersion.UNSAID;
    private Optional<RelayExtension> extension = Optional.empty();

    /// The beginning of the next reply.
    private final ByteBuffer in = ByteBuffer.allocate(MOST_REPLY_BYTES).limit(0);

    private RelayCommands(RelayLink link) {
        this.link = link;
    }

    /// Agrees on a version, and on what relays of ours know besides.
    ///
    /// @param wanted of that; empty for nothing
    static RelayCommands open(RelayLink link, Optional<RelayExtension> wanted) throws IOException {
        var commands = new RelayCommands(link);
        RelayReply.Version reply;
        try {
            reply = (RelayReply.Version) commands.ask(new RelayRequest.Version(RelayVersion.OURS));
        } catch (EOFException | SocketException e) {
            throw link.isLocal() ? e : new IOException(KnownRelays.advice(link.host()), e);
        }
        RelayVersion agreed = RelayVersion.OURS.agreedWith(reply.version());
        if (!RelayVersion.OURS.isSpokenWith(reply.version()) || !agreed.isAtLeast(OLDEST_MINOR)) {
            throw new ProtocolException(
                    "the relay speaks version %s of the protocol, want 2.%d to %s"
                            .formatted(reply.version(), OLDEST_MINOR, RelayVersion.OURS));
        }
        commands.version = agreed;
        if (wanted.isPresent() && agreed.isAtLeast(RelayExtension.LEAST_MINOR)) {
            long query = wanted.get().bits();
            var known =
                    (RelayReply.Configuration)
                            commands.ask(new RelayRequest.GetConfiguration(query));
            if (known.code().isOk()) {
                commands.extension = RelayExtension.of(known.flags());
            }
        }
        return commands;
    }

    /// What a relay of ours knows besides the protocol; empty for another relay.
    Optional<RelayExtension> extension() {
        return extension;
    }

    /// Opens a session.
    ///
    /// @return its directory below the relay's output directory; empty where the relay does not say
    ///   it
    String create(RelayRequest.CreateSession request) throws IOException {
        var created = (RelayReply.SessionCreated) ask(request);
        if (created.code().equals(ResultCode.INVALID)) {
            throw new CannotResume();
        }
        if (created.code().equals(ResultCode.PROTOCOL)) {
            throw new ProtocolException(
                    "the relay still ends an earlier connection of this session");
        }
        check(RelayCommand.CREATE_SESSION, created.code());
        return created.outputPath().toString();
    }

    /// Closes a trace chunk, whose directory stays where it is.
    void closeChunk(long chunk, long seconds) throws IOException {
        var closed =
                (RelayReply.ChunkClosed)
                        ask(new RelayRequest.CloseTraceChunk(chunk, seconds, false, 0));
        check(RelayCommand.CLOSE_TRACE_CHUNK, closed.code());
    }

    /// A relay of ours does not go on with a session: what it has stored of it is gone, or another
    /// session's.
    static final class CannotResume extends IOException {
        private static final long serialVersionUID = 1;

        CannotResume() {
            super("the relay cannot go on with what it has of this session");
        }
    }

    /// No answer is due: whether the connection is still there.
    void check() throws IOException {
        link.check();
    }

    /// What both ends speak.
    RelayVersion version() {
        return version;
    }

    /// Sends a request that is answered, and waits for that.
    RelayReply ask(RelayRequest request) throws IOException {
        send(request);
        return reply(RelayRequestEncoder.command(request));
    }

    /// As [#ask], where the reply is a result: one that it was done.
    void order(RelayRequest request) throws IOException {
        send(request);
        done(RelayRequestEncoder.command(request));
    }

    /// Waits for the result of a request that was sent.
    void done(RelayCommand command) throws IOException {
        check(command, ((RelayReply.Result) reply(command)).code());
    }

    /// @throws ProtocolException when the relay has not done it
    static void check(RelayCommand command, ResultCode code) throws ProtocolException {
        if (!code.isOk()) {
            throw new ProtocolException(
                    "the relay refuses %s with error %d: its log says why"
                            .formatted(command, code.number()));
        }
    }

    /// Sends requests, as one piece.
    void send(RelayRequest... requests) throws IOException {
        int bytes =
                Arrays.stream(requests)
                        .mapToInt(each -> RelayRequestEncoder.bytes(each, version))
                        .sum();
        ByteBuffer out = ByteBuffer.allocate(bytes);
        for (RelayRequest each : requests) {
            RelayRequestEncoder.encode(each, version, out);
        }
        link.write(out.flip());
    }

    /// Whether some of the next reply comes within that time.
    ///
    /// @param patienceNanos 0 for what has come
    boolean hasAnswer(long patienceNanos) throws IOException {
        if (!in.hasRemaining()) {
            in.clear().limit(1);
            boolean isThere = link.readSome(in, patienceNanos) > 0;
            in.flip();
            return isThere;
        }
        return true;
    }

    /// Waits for the reply to a request that was sent.
    RelayReply reply(RelayCommand command) throws IOException {
        int missing = RelayReplyCodec.missingBytes(command, version, in);
        while (missing > 0) {
            int have = in.limit();
            in.limit(have + missing).position(have);
            link.read(in);
            in.position(0);
            missing = RelayReplyCodec.missingBytes(command, version, in);
        }
        RelayReply reply = RelayReplyCodec.decode(command, version, in);
        in.clear().limit(0);
        return reply;
    }

    @Override
    public void close() throws IOException {
        link.close();
    }
}
