// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.producer;

import dev.contrail.wire.relay.RelayRequest.SendPacket;
import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Packets as they were before they were packed. Of one connection's thread.
final class PackedPackets {
    private static final int MOST_KEPT_BYTES = 1024 * 1024;

    private final ZstdJavaDecompressor zstandard = new ZstdJavaDecompressor();
    private byte[] packed = new byte[0];
    private byte[] plain = new byte[0];

    /// The packet without its padding; worth something until the next call.
    ///
    /// @throws IOException when it is not what was sent
    ByteBuffer plain(SendPacket untrusted) throws IOException {
        ByteBuffer packet =
                switch (untrusted.encoding()) {
                    case SendPacket.PLAIN -> untrusted.bytes();
                    case SendPacket.PACKED -> unpacked(untrusted);
                    default -> throw new IOException("encoding " + untrusted.encoding());
                };
        var sum = new CRC32C();
        sum.update(packet.duplicate());
        if ((int) sum.getValue() != untrusted.checksum()) {
            throw new IOException("its checksum is another");
        }
        return packet;
    }

    /// Never more than the packet may have, whatever a few bytes say.
    private ByteBuffer unpacked(SendPacket untrusted) throws IOException {
        long bits = untrusted.index().contentBits();
        if (bits < 0 || bits > (long) SendPacket.MAX_PACKED_BYTES * Byte.SIZE) {
            throw new IOException(
                    "%s bits packed, want at most %d"
                            .formatted(
                                    Long.toUnsignedString(bits),
                                    (long) SendPacket.MAX_PACKED_BYTES * Byte.SIZE));
        }
        int bytes = (int) ((bits + Byte.SIZE - 1) / Byte.SIZE);
        forgetLong();
        int count = untrusted.bytes().remaining();
        packed = room(packed, count);
        plain = room(plain, bytes);
        untrusted.bytes().duplicate().get(packed, 0, count);
        try {
            int unpacked = zstandard.decompress(packed, 0, count, plain, 0, bytes);
            if (unpacked != bytes) {
                throw new IOException("%d bytes, want %d".formatted(unpacked, bytes));
            }
        } catch (MalformedInputException | IndexOutOfBoundsException e) {
            throw new IOException("it cannot be unpacked", e);
        }
        return ByteBuffer.wrap(plain, 0, bytes);
    }

    /// What a long one has needed is not kept: there may be many connections.
    private void forgetLong() {
        if (packed.length > MOST_KEPT_BYTES) {
            packed = new byte[0];
        }
        if (plain.length > MOST_KEPT_BYTES) {
            plain = new byte[0];
        }
    }

    private static byte[] room(byte[] known, int bytes) {
        return known.length >= bytes ? known : Arrays.copyOf(known, bytes);
    }
}
