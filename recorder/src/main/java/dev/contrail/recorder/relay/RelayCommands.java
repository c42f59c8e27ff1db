// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.RelayCommand;
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

/// The control connection to a relay: requests, and their replies in the same order. Owned by one
/// thread.
final class RelayCommands implements Closeable {
    private static final int MOST_REPLY_BYTES = 16 + 4096;

    /// The first that has indexes, and names its sessions.
    private static final int OLDEST_MINOR = 4;

    private final RelayLink link;
    private RelayVersion version = RelayVersion.UNSAID;
    private final ByteBuffer in = ByteBuffer.allocate(MOST_REPLY_BYTES);

    private RelayCommands(RelayLink link) {
        this.link = link;
    }

    /// Agrees on a version.
    static RelayCommands open(RelayLink link) throws IOException {
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
        return commands;
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
                    "the relay refuses %s with error %d".formatted(command, code.number()));
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

    /// Waits for the reply to a request that was sent.
    RelayReply reply(RelayCommand command) throws IOException {
        in.clear().limit(0);
        int missing = RelayReplyCodec.missingBytes(command, version, in);
        while (missing > 0) {
            int have = in.limit();
            in.limit(have + missing).position(have);
            link.read(in);
            in.position(0);
            missing = RelayReplyCodec.missingBytes(command, version, in);
        }
        return RelayReplyCodec.decode(command, version, in);
    }

    @Override
    public void close() throws IOException {
        link.close();
    }
}
