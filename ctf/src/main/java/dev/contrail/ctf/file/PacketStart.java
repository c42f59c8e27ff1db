// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.file;

import dev.contrail.ctf.LttngSchema;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/// Packet header and packet context in bytes, as [LttngSchema] declares them: what the packets of
/// our own stream files begin with.
///
/// @param traceUuid of the trace that the packet belongs to
/// @param entry what else the two say; the record count is not known
public record PacketStart(UUID traceUuid, IndexEntry entry) {
    /// Bytes of both, without what a domain adds to the context.
    public static final int BYTES =
            LttngSchema.PACKET_HEADER_BYTES + LttngSchema.PACKET_CONTEXT_BYTES;

    /// Writes both at the buffer's position, little-endian whatever its order.
    ///
    /// @param out with room for [#BYTES]
    public static void write(ByteBuffer out, UUID traceUuid, IndexEntry entry) {
        out.order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(LttngSchema.MAGIC);
        out.order(ByteOrder.BIG_ENDIAN);
        out.putLong(traceUuid.getMostSignificantBits());
        out.putLong(traceUuid.getLeastSignificantBits());
        out.order(ByteOrder.LITTLE_ENDIAN);
        out.putInt((int) entry.streamClassId());
        out.putLong(entry.streamInstanceId());
        out.putLong(entry.beginTicks());
        out.putLong(entry.endTicks());
        out.putLong(entry.contentBits());
        out.putLong(entry.packetBits());
        out.putLong(entry.sequence());
        out.putLong(entry.discardedEvents());
    }

    /// Takes what follows the magic number from the buffer's position, without checking it.
    ///
    /// @param untrusted little-endian, with [#BYTES] less the magic number's left
    static PacketStart take(ByteBuffer untrusted) {
        UUID uuid =
                new UUID(
                        Long.reverseBytes(untrusted.getLong()),
                        Long.reverseBytes(untrusted.getLong()));
        long streamClass = Integer.toUnsignedLong(untrusted.getInt());
        long streamInstance = untrusted.getLong();
        long begin = untrusted.getLong();
        long end = untrusted.getLong();
        long content = untrusted.getLong();
        long packet = untrusted.getLong();
        long sequence = untrusted.getLong();
        long discarded = untrusted.getLong();
        return new PacketStart(
                uuid,
                new IndexEntry(
                        packet,
                        content,
                        begin,
                        end,
                        -1,
                        discarded,
                        streamClass,
                        streamInstance,
                        sequence));
    }
}
