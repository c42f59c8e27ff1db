// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.producer;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.net.Listener;
import dev.contrail.relay.net.Peer;
import dev.contrail.relay.store.RelaySessions;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.relay.CommandHeader;
import dev.contrail.wire.relay.RelayCommand;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.RelayReplyCodec;
import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.RelayRequestDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Serves control connections: one request after the other, each answered before the next is read.
public final class ControlService implements Listener.Service {
    /// The metadata in one message. What is longer ends the connection.
    static final int MAX_METADATA_BYTES = 16 * 1024 * 1024;

    private final RelaySessions sessions;
    private final Bindings bindings;
    private final boolean mayClear;

    /// @param mayClear what producers are told
    public ControlService(RelaySessions sessions, Bindings bindings, boolean mayClear) {
        this.sessions = sessions;
        this.bindings = bindings;
        this.mayClear = mayClear;
    }

    @Override
    public void serve(Peer peer) throws IOException {
        var requests = new ProducerRequests(sessions, mayClear);
        try {
            while (peer.await(CommandHeader.BYTES) && serveOne(peer, requests)) {
                requests.session().ifPresent(each -> bindings.opened(each, peer));
            }
        } catch (ProtocolException e) {
            RelayLog.warn("producer %s: %s".formatted(peer, Reason.of(e)));
        } finally {
            requests.session().ifPresent(bindings::controlEnded);
        }
    }

    /// @return whether the connection goes on
    private static boolean serveOne(Peer peer, ProducerRequests requests)
            throws IOException, ProtocolException {
        CommandHeader header = CommandHeader.decode(peer.take(CommandHeader.BYTES));
        int kept = header.keptBytes();
        Optional<RelayCommand> command = header.command();
        if (command.isPresent()
                && command.get() == RelayCommand.SEND_METADATA
                && kept > MAX_METADATA_BYTES) {
            throw new ProtocolException(
                    "%d bytes of metadata, want at most %d".formatted(kept, MAX_METADATA_BYTES));
        }
        if (kept > 0 && !peer.await(kept)) {
            return false;
        }
        RelayVersion version = requests.version();
        RelayRequest request = RelayRequestDecoder.decode(header, version, peer.take(kept));
        peer.skip(header.skippedBytes());
        peer.speaks();
        ProducerRequests.Answer answer = requests.answer(request);
        if (!answer.why().isEmpty()) {
            RelayLog.warn("producer %s is refused: %s".formatted(peer, answer.why()));
        }
        if (answer.reply().isPresent()) {
            RelayReply reply = answer.reply().get();
            // The reply to a request has the form of the version that the request had.
            ByteBuffer bytes = ByteBuffer.allocate(RelayReplyCodec.bytes(reply, version));
            RelayReplyCodec.encode(reply, version, bytes);
            peer.send(bytes.flip());
        }
        return !answer.isLast();
    }
}
