// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.producer;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.net.Listener;
import dev.contrail.relay.net.Peer;
import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.session.RelaySessions;
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
import java.util.List;
import java.util.function.ToIntFunction;

/// Serves control connections: one request after the other, each answered before the next is read.
public final class ControlService implements Listener.Service {
    /// The metadata in one message. What is longer ends the connection.
    static final int MAX_METADATA_BYTES = 16 * 1024 * 1024;

    private final RelaySessions sessions;
    private final Bindings bindings;
    private final AbsentProducers absent;
    private final boolean mayClear;
    private final ToIntFunction<RelaySession> viewers;

    /// @param mayClear what producers are told
    /// @param viewers how many a session has
    public ControlService(
            RelaySessions sessions,
            Bindings bindings,
            AbsentProducers absent,
            boolean mayClear,
            ToIntFunction<RelaySession> viewers) {
        this.sessions = sessions;
        this.bindings = bindings;
        this.absent = absent;
        this.mayClear = mayClear;
        this.viewers = viewers;
    }

    @Override
    public void serve(Peer peer) throws IOException {
        var requests = new ProducerRequests(sessions, mayClear, viewers, peer::close);
        try {
            boolean goesOn = true;
            while (goesOn && peer.await(CommandHeader.BYTES)) {
                goesOn = serveOne(peer, requests);
            }
        } catch (ProtocolException e) {
            RelayLog.warn("producer %s: %s".formatted(peer, Reason.of(e)));
        } finally {
            if (requests.isResumable()) {
                requests.session().ifPresent(absent::detached);
            } else {
                requests.session().ifPresent(bindings::controlEnded);
            }
        }
    }

    private static int most(CommandHeader header, ProducerRequests requests) {
        return switch (header.command().orElse(RelayCommand.VERSION)) {
            case SEND_METADATA, SEND_MARKED_METADATA ->
                    requests.session().isPresent() ? MAX_METADATA_BYTES : 0;
            case SEND_PACKET -> requests.isResumable() ? DataService.MAX_PACKET_BYTES : 0;
            default -> CommandHeader.MAX_PAYLOAD_BYTES;
        };
    }

    /// @return whether the connection goes on
    private boolean serveOne(Peer peer, ProducerRequests requests)
            throws IOException, ProtocolException {
        CommandHeader header = CommandHeader.decode(peer.take(CommandHeader.BYTES));
        int kept = header.keptBytes();
        int most = most(header, requests);
        if (kept > most) {
            throw new ProtocolException(
                    "%d bytes of command %d, want at most %d"
                            .formatted(kept, header.number(), most));
        }
        if (kept > 0 && !peer.await(kept)) {
            return false;
        }
        RelayVersion version = requests.version();
        RelayRequest request = RelayRequestDecoder.decode(header, version, peer.take(kept));
        peer.skip(header.skippedBytes());
        peer.speaks();
        boolean isMoreThere = peer.received().remaining() >= CommandHeader.BYTES;
        ProducerRequests.Answer answer = requests.answer(request, isMoreThere);
        peer.holds(requests.session().isPresent());
        if (!requests.isResumable()) { // before it knows, and connects with its data
            requests.session().ifPresent(each -> bindings.opened(each, peer));
        }
        if (!answer.why().isEmpty()) {
            RelayLog.warn("producer %s is refused: %s".formatted(peer, answer.why()));
        }
        List<RelayReply> replies = answer.replies();
        if (!replies.isEmpty()) {
            int size = 0;
            for (RelayReply each : replies) {
                // The reply to a request has the form of the version that the request had.
                size += RelayReplyCodec.bytes(each, version);
            }
            ByteBuffer bytes = ByteBuffer.allocate(size);
            replies.forEach(each -> RelayReplyCodec.encode(each, version, bytes));
            peer.send(bytes.flip());
        }
        return !answer.isLast();
    }
}
