// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.relay;

import dev.contrail.wire.relay.RelayRequest.SendPacket;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Packs packets with Zstandard where that pays: records of one event class, one after the other as
/// they are, pack to a tenth, better than column by column. Owned by one thread.
final class Packing {
    /// Shorter ones are sent as they are.
    private static final int LEAST_BYTES = 256;

    /// What is packed must become shorter by that part.
    private static final int LEAST_GAIN_PART = 8;

    /// So many packets are sent as they are after one that did not become shorter.
    private static final int PAUSE_PACKETS = 16;

    private final ZstdJavaCompressor zstandard = new ZstdJavaCompressor();
    private byte[] plain = new byte[0];
    private byte[] packed = new byte[0];
    private int pause;

    /// The packet packed, worth something until the next call; empty when that does not pay.
    Optional<ByteBuffer> packed(ByteBuffer packet) {
        int count = packet.remaining();
        if (count < LEAST_BYTES || count > SendPacket.MAX_PACKED_BYTES) {
            return Optional.empty();
        }
        if (pause > 0) {
            pause--;
            return Optional.empty();
        }
        int most = zstandard.maxCompressedLength(count);
        if (plain.length < count) {
            plain = new byte[count];
        }
        if (packed.length < most) {
            packed = new byte[most];
        }
        packet.duplicate().get(plain, 0, count);
        int length = zstandard.compress(plain, 0, count, packed, 0, most);
        if (length > count - count / LEAST_GAIN_PART) {
            pause = PAUSE_PACKETS;
            return Optional.empty();
        }
        return Optional.of(ByteBuffer.wrap(packed, 0, length));
    }
}
