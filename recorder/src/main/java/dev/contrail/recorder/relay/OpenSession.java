// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.wire.relay.RelayReply;
import dev.contrail.wire.relay.StreamMark;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A session at a relay, while its connection lasts: after a failure it is of no use. Owned by one
/// thread.
interface OpenSession extends Closeable {
    /// Whether a later one goes on with what this one has sent.
    boolean isResumable();

    /// Where the relay puts it, below its output directory; empty where it does not say so.
    String directory();

    /// Whether the other end is still there.
    void check() throws IOException;

    /// The streams that the relay knows, as this connection has begun them.
    Map<StreamKey, RelayStream> streams();

    /// Whether the relay knows the stream.
    default boolean has(StreamKey key) {
        return streams().containsKey(key);
    }

    /// Whether the relay has packets of the stream.
    default boolean hasPackets(StreamKey key) {
        RelayStream stream = streams().get(key);
        return stream != null && stream.hasPackets();
    }

    /// Makes the stream known, and the metadata that its packets need.
    ///
    /// @param trace UUID of its trace
    /// @return what the relay has of a stream that it knows from an earlier connection; empty also
    ///   when this connection has begun it before
    Optional<RelayReply.LastStored> begin(StreamKey key, UUID trace, String metadata)
            throws IOException;

    /// Up to where viewers know what is in a stream that the relay has packets of.
    default long saidTicks(StreamKey key) {
        RelayStream stream = streams().get(key);
        if (stream == null) {
            throw new IllegalStateException("not begun: " + key);
        }
        return stream.saidTicks();
    }

    /// Says of each stream that has packets, and whose last one ended before, that nothing is to
    /// come from before `ticks`, or a few ticks less.
    void beat(long ticks) throws IOException;

    /// Sends a packet of a stream that has begun.
    ///
    /// @param packet with its padding, which is not sent; position and limit stay
    void send(StreamKey key, IndexEntry entry, StreamMark mark, ByteBuffer packet)
            throws IOException;

    /// How many packets were sent.
    long sent();

    /// How many of those, from the first on, the relay has stored.
    long stored();

    /// Waits no longer than that until more of what was sent is stored; [#stored] tells.
    void settle(long nanos) throws IOException;

    /// Whether what could not be sent may be there all the same.
    boolean isUnderWay();

    /// How many viewers the session has, as far as it is known.
    long viewers();

    /// Nothing more comes in the stream.
    void end(StreamKey key) throws IOException;

    /// Ends the session as a producer does whose session is destroyed: all that was sent is stored.
    void finish() throws IOException;
}
