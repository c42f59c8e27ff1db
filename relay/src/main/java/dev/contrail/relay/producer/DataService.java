// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.producer;

import dev.contrail.ctf.Reason;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.net.Listener;
import dev.contrail.relay.net.Peer;
import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.session.RelaySessions;
import dev.contrail.relay.stream.DataStream;
import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.relay.DataHeader;
import java.io.IOException;
import java.util.Optional;

/// Serves data connections, which are never answered. The first packet says whose a connection is.
public final class DataService implements Listener.Service {
    /// A packet that is kept; a longer one is dropped, and counted. It is in memory until it is
    /// whole: half packets never get into a file.
    static final int MAX_PACKET_BYTES = 64 * 1024 * 1024;

    /// Zeros after a packet: as many as the longest sub-buffer has.
    static final long MAX_PADDING_BYTES = 1L << 30;

    private final RelaySessions sessions;
    private final Bindings bindings;

    public DataService(RelaySessions sessions, Bindings bindings) {
        this.sessions = sessions;
        this.bindings = bindings;
    }

    @Override
    public void serve(Peer peer) throws IOException {
        Optional<RelaySession> bound = Optional.empty();
        try {
            while (peer.await(DataHeader.BYTES)) {
                DataHeader header = DataHeader.decode(peer.take(DataHeader.BYTES));
                if (bound.isEmpty()) {
                    bound = bind(header, peer);
                    peer.speaks();
                    peer.holds(true);
                }
                receive(header, bound.get(), peer);
                bindings.received(bound.get());
            }
        } catch (ProtocolException e) {
            RelayLog.warn("data of %s: %s".formatted(peer, Reason.of(e)));
        } finally {
            bound.ifPresent(bindings::dataEnded);
        }
    }

    private Optional<RelaySession> bind(DataHeader header, Peer peer) throws ProtocolException {
        Optional<RelaySession> session = sessions.ofStream(header.streamId());
        if (session.isEmpty() || !bindings.bind(session.get(), peer)) {
            throw new ProtocolException("a packet of an unknown stream");
        }
        return session;
    }

    private static void receive(DataHeader header, RelaySession session, Peer peer)
            throws IOException, ProtocolException {
        if (!(session.stream(header.streamId()).orElse(null) instanceof DataStream stream)) {
            throw new ProtocolException("a packet of an unknown stream");
        }
        if (header.contentBytes() > MAX_PACKET_BYTES || header.paddingBytes() > MAX_PADDING_BYTES) {
            peer.skip(header.contentBytes());
            stream.drop(
                    header.netSeqNum(),
                    "%d bytes and %d of padding, at most %d and %d are kept"
                            .formatted(
                                    header.contentBytes(),
                                    header.paddingBytes(),
                                    MAX_PACKET_BYTES,
                                    MAX_PADDING_BYTES));
        } else {
            int bytes = (int) header.contentBytes();
            if (!peer.reserve(bytes)) {
                peer.skip(bytes);
                stream.drop(header.netSeqNum(), "no memory for its %d bytes".formatted(bytes));
                session.settle(stream);
                return;
            }
            if (bytes > 0 && !peer.await(bytes)) {
                return; // ended before the packet
            }
            stream.append(header.netSeqNum(), peer.take(bytes), header.paddingBytes());
        }
        session.settle(stream);
    }
}
