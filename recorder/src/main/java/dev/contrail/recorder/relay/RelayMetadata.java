// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.StreamMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// The metadata stream of one trace at a relay: packets of TSDL text, as LTTng's own tracers send
/// them (`ctf.md` section 3), whatever the text is cut into. Owned by one thread.
final class RelayMetadata {
    private static final int MAGIC = 0x75D11D57;

    /// Magic, UUID, checksum, two sizes, three schemes, two versions.
    private static final int HEADER_BYTES = 37;

    private static final int PACKET_BYTES = 4096;

    private final long handle;
    private final UUID trace;
    private final boolean isMarked;
    private final long resumedBytes;
    private String sent = "";

    /// @param isMarked whether the relay keeps how much of the text it has
    /// @param resumedBytes of the text that it has already
    RelayMetadata(long handle, UUID trace, boolean isMarked, long resumedBytes) {
        this.handle = handle;
        this.trace = trace;
        this.isMarked = isMarked;
        this.resumedBytes = resumedBytes;
    }

    long handle() {
        return handle;
    }

    /// Sends what is new of the text.
    ///
    /// @return whether there was something
    boolean send(String text, RelayCommands to) throws IOException {
        if (text.equals(sent)) {
            return false;
        }
        if (!text.startsWith(sent)) {
            throw new IOException("the metadata is no longer what the relay has");
        }
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        long before = Math.max(resumedBytes, sent.getBytes(StandardCharsets.UTF_8).length);
        int most = PACKET_BYTES - HEADER_BYTES;
        for (long at = before; at < all.length; at += most) {
            int length = (int) Math.min(most, all.length - at);
            RelayRequest.SendMetadata packet = packet(all, (int) at, length);
            to.send(isMarked ? marked(packet, at + length) : packet);
        }
        sent = text;
        return all.length > before;
    }

    private static RelayRequest marked(RelayRequest.SendMetadata packet, long upTo) {
        return new RelayRequest.SendMarkedMetadata(
                packet.streamId(), packet.paddingBytes(), new StreamMark(upTo, 0), packet.bytes());
    }

    private RelayRequest.SendMetadata packet(byte[] text, int at, int length) {
        var packet = ByteBuffer.allocate(HEADER_BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        packet.putInt(MAGIC).order(ByteOrder.BIG_ENDIAN);
        packet.putLong(trace.getMostSignificantBits()).putLong(trace.getLeastSignificantBits());
        packet.order(ByteOrder.LITTLE_ENDIAN).putInt(0);
        packet.putInt((HEADER_BYTES + length) * Byte.SIZE).putInt(PACKET_BYTES * Byte.SIZE);
        packet.put((byte) 0).put((byte) 0).put((byte) 0);
        packet.put((byte) 1).put((byte) 8);
        packet.put(text, at, length).flip();
        return new RelayRequest.SendMetadata(handle, PACKET_BYTES - packet.limit(), packet);
    }
}
