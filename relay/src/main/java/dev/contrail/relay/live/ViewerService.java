// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.relay.net.Listener;
import dev.contrail.relay.net.Peer;
import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.session.RelaySessions;
import dev.contrail.wire.RelayVersion;
import dev.contrail.wire.live.ViewerCommand;
import dev.contrail.wire.live.ViewerHeader;
import dev.contrail.wire.live.ViewerReply;
import dev.contrail.wire.live.ViewerReplyCodec;
import dev.contrail.wire.live.ViewerRequest;
import dev.contrail.wire.live.ViewerRequestCodec;
import dev.contrail.wire.net.TimeSource;
import dev.contrail.wire.push.PushExtension;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/// Serves viewers: one request after the other, each answered with one write.
public final class ViewerService implements Listener.Service {
    /// Trace Compass sends no body with GET_NEW_STREAMS, and waits for the answer.
    private static final int LONGEST_BODY_MILLIS = 200;

    private final RelaySessions sessions;
    private final AtomicLong lastConnection = new AtomicLong();
    private final ViewedCounts counts = new ViewedCounts();
    private final ReplyBudget budget = new ReplyBudget();

    private final PushService push;

    /// @param threads for what is sent to our own viewers
    public ViewerService(RelaySessions sessions, ThreadFactory threads, TimeSource clock) {
        this.sessions = sessions;
        push = new PushService(sessions, counts, budget, threads, clock);
    }

    /// How many viewers have a session open.
    public int viewers(RelaySession session) {
        return counts.of(session);
    }

    /// Tells our own viewers that the relay ends; LTTng's cannot be told.
    public void end() throws InterruptedException {
        push.end();
    }

    @Override
    public void serve(Peer peer) throws IOException {
        if (!peer.await(ViewerHeader.BYTES)) {
            return;
        }
        Optional<ViewerRequest> first = next(peer);
        if (first.isEmpty()
                || !(first.get() instanceof ViewerRequest.Connect connect)
                || !RelayVersion.OURS.isSpokenWith(connect.version())
                || connect.type() != ViewerRequest.Connect.COMMANDS
                        && connect.type() != ViewerRequest.Connect.NOTIFICATIONS) {
            return;
        }
        peer.speaks();
        RelayVersion version = RelayVersion.OURS.agreedWith(connect.version());
        long number = lastConnection.incrementAndGet();
        OptionalInt extension = PushExtension.version(connect.viewerSessionId());
        if (extension.isPresent()) {
            long agreed = PushExtension.id(PushExtension.agreedWith(extension.getAsInt()));
            send(peer, version, new ViewerReply.Connected(agreed, RelayVersion.OURS, 0));
            push.serve(peer);
            return;
        }
        send(peer, version, new ViewerReply.Connected(number, RelayVersion.OURS, 0));
        try (var viewer = new Viewer(sessions, version, counts, budget)) {
            while (peer.await(ViewerHeader.BYTES)) {
                Optional<ViewerRequest> request = next(peer);
                if (request.isEmpty()) {
                    return;
                }
                ViewerReply reply = viewer.answer(request.get());
                peer.holds(viewer.isAttached());
                send(peer, version, reply);
                if (reply instanceof ViewerReply.UnknownCommand) {
                    return;
                }
            }
        }
    }

    private static Optional<ViewerRequest> next(Peer peer) throws IOException {
        ViewerHeader header = ViewerHeader.decode(peer.take(ViewerHeader.BYTES));
        int bytes = header.bodyBytes();
        boolean mayLack =
                header.number() == ViewerCommand.GET_NEW_STREAMS.number()
                        && header.untrustedBodyBytes() != bytes;
        if (mayLack) {
            ByteBuffer body =
                    peer.awaitFor(bytes, LONGEST_BODY_MILLIS)
                            ? peer.take(bytes)
                            : ByteBuffer.allocate(0);
            return Optional.of(ViewerRequestCodec.decode(header, body));
        }
        return peer.await(bytes)
                ? Optional.of(ViewerRequestCodec.decode(header, peer.take(bytes)))
                : Optional.empty();
    }

    private void send(Peer peer, RelayVersion version, ViewerReply reply) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(ViewerReplyCodec.bytes(reply, version));
        ViewerReplyCodec.encode(reply, version, bytes);
        int unread = bytes.flip().remaining();
        budget.begin(unread);
        try {
            peer.send(bytes);
        } finally {
            budget.end(unread);
        }
    }
}
