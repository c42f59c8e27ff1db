// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.packed.Fields;
import java.nio.ByteBuffer;

/// What goes before a packet on the data connection: 32 bytes, big-endian, `u64` circuit id, `u64`
/// stream, `u64` number, `u32` size of what follows, `u32` padding (`relay-protocol.md` section 2).
///
/// @param circuitId 0 from real producers; means nothing
/// @param streamId the handle that [RelayReply.StreamAdded] gave
/// @param netSeqNum number of the packet in its stream, up by one with each; need not begin at 0
/// @param contentBytes that follow: the packet without the padding at its end; 32 bits
/// @param paddingBytes zeros that are not sent, and belong to the packet all the same; 32 bits
public record DataHeader(
        long circuitId, long streamId, long netSeqNum, long contentBytes, long paddingBytes) {
    public static final int BYTES = 32;

    /// Takes a header out of a buffer.
    ///
    /// @throws ProtocolException when it is cut
    public static DataHeader decode(ByteBuffer untrusted) throws ProtocolException {
        Fields.need(untrusted, BYTES, "header of a packet");
        return new DataHeader(
                untrusted.getLong(),
                untrusted.getLong(),
                untrusted.getLong(),
                Fields.unsigned(untrusted.getInt()),
                Fields.unsigned(untrusted.getInt()));
    }

    /// Puts the header into a buffer.
    public void encode(ByteBuffer out) {
        out.putLong(circuitId).putLong(streamId).putLong(netSeqNum);
        out.putInt(Fields.word(contentBytes)).putInt(Fields.word(paddingBytes));
    }

    /// The size of the whole packet; up to twice 2³².
    public long packetBytes() {
        return contentBytes + paddingBytes;
    }
}
