// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Utf8;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The TSDL text of a metadata file, freed of packet headers if it has any (`ctf.md` section 3).
///
/// @param warnings what was passed over
public record MetadataPackets(String text, List<String> warnings) {
    static final int MAGIC = 0x75D11D57;

    /// Magic, UUID, checksum, two sizes, three schemes, two versions.
    static final int HEADER_BYTES = 37;

    /// Largest packet that is believed to be cut off at the end of the file, as live tracing and
    /// crashes leave it, rather than damaged.
    private static final long MAX_TORN_BITS = 16L << 23;

    /// Whether the file begins with a metadata packet, of either byte order.
    public static boolean isPacketized(byte[] untrusted) {
        if (untrusted.length < 4) {
            return false;
        }
        int magic = ByteBuffer.wrap(untrusted).getInt();
        return magic == MAGIC || Integer.reverseBytes(magic) == MAGIC;
    }

    public static MetadataPackets unpack(String name, byte[] untrusted) throws CtfException {
        if (!isPacketized(untrusted)) {
            return plain(untrusted);
        }
        ByteBuffer bytes = ByteBuffer.wrap(untrusted);
        if (bytes.getInt(0) != MAGIC) {
            bytes.order(ByteOrder.LITTLE_ENDIAN);
        }
        if (untrusted.length < HEADER_BYTES) {
            throw new CtfException(
                    name,
                    "ends at byte %d, within the first metadata packet's header of %d"
                            .formatted(untrusted.length, HEADER_BYTES));
        }
        var text = new ByteArrayOutputStream(untrusted.length);
        var warnings = new ArrayList<String>();
        UUID first = uuid(bytes, 0);
        int at = 0;
        for (int number = 0; untrusted.length - at >= HEADER_BYTES; number++) {
            String where = name + ": metadata packet " + number + " at byte " + at;
            long content = Integer.toUnsignedLong(bytes.getInt(at + 24));
            long packet = Integer.toUnsignedLong(bytes.getInt(at + 28));
            checkHeader(where, bytes, at, first);
            if (content % 8 != 0 || packet % 8 != 0 || content < HEADER_BYTES * 8) {
                throw new CtfException(
                        where,
                        "content of %d bits in %d, want whole bytes and at least %d"
                                .formatted(content, packet, HEADER_BYTES * 8));
            }
            int left = untrusted.length - at;
            boolean isTorn = content <= packet && packet <= MAX_TORN_BITS && packet / 8 > left;
            if (isTorn && content / 8 > left && at > 0) {
                break;
            }
            if (content > packet || content / 8 > left || !isTorn && packet / 8 > left) {
                throw new CtfException(
                        where,
                        "content of %d bits in %d, but %d bytes are left"
                                .formatted(content, packet, left));
            }
            text.write(untrusted, at + HEADER_BYTES, (int) (content / 8) - HEADER_BYTES);
            if (isTorn) {
                warnings.add(
                        "%s: the last metadata packet lacks %d bytes, none of them text"
                                .formatted(name, packet / 8 - left));
            }
            at += isTorn ? left : (int) (packet / 8);
        }
        if (at < untrusted.length) {
            warnings.add(
                    "%s: %d bytes after the last metadata packet are ignored"
                            .formatted(name, untrusted.length - at));
        }
        return new MetadataPackets(Utf8.text(text.toByteArray()), warnings);
    }

    private static MetadataPackets plain(byte[] text) {
        return new MetadataPackets(Utf8.text(text), List.of());
    }

    private static void checkHeader(String where, ByteBuffer bytes, int at, UUID first)
            throws CtfException {
        if (bytes.getInt(at) != MAGIC) {
            throw new CtfException(
                    where,
                    "magic number %s, want %s"
                            .formatted(inFile(bytes, bytes.getInt(at)), inFile(bytes, MAGIC)));
        }
        if (!uuid(bytes, at).equals(first)) {
            throw new CtfException(where, "UUID " + uuid(bytes, at) + ", want " + first);
        }
        if (bytes.getInt(at + 20) != 0 || bytes.get(at + 34) != 0) {
            throw new CtfException(where, "it has a checksum, which is not supported");
        }
        if (bytes.get(at + 32) != 0) {
            throw new CtfException(where, "it is compressed, which is not supported");
        }
        if (bytes.get(at + 33) != 0) {
            throw new CtfException(where, "it is encrypted, which is not supported");
        }
        if (bytes.get(at + 35) != 1 || bytes.get(at + 36) != 8) {
            throw new CtfException(
                    where,
                    "version %d.%d, want 1.8"
                            .formatted(bytes.get(at + 35) & 0xFF, bytes.get(at + 36) & 0xFF));
        }
    }

    private static String inFile(ByteBuffer bytes, int number) {
        boolean isBigEndian = bytes.order() == ByteOrder.BIG_ENDIAN;
        return CtfException.bytes(isBigEndian ? number : Integer.reverseBytes(number));
    }

    private static UUID uuid(ByteBuffer bytes, int at) {
        ByteBuffer raw = bytes.slice(at + 4, 16);
        return new UUID(raw.getLong(), raw.getLong());
    }
}
