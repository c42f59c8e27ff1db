// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.metadata;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.Utf8;
import dev.contrail.ctf.ctf2.Ctf2Metadata;
import dev.contrail.ctf.tsdl.MetadataPackets;
import dev.contrail.ctf.tsdl.TsdlParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The metadata file of a trace, in either language: CTF 2 begins with the byte 0x1E, all else is
/// TSDL of CTF 1.8, plain or cut into packets.
public final class MetadataFile {
    /// Largest metadata file that is read: LTTng's kernel tracer writes less than 3 MB.
    public static final int MAX_BYTES = 256 << 20;

    private MetadataFile() {}

    /// Reads metadata of either language.
    ///
    /// @param name how messages call the file
    public static Metadata parse(String name, byte[] untrusted) throws CtfException {
        if (isCtf2(untrusted)) {
            return Ctf2Metadata.parse(name, untrusted);
        }
        MetadataPackets text = MetadataPackets.unpack(name, untrusted);
        return TsdlParser.parse(name, text.text(), text.warnings());
    }

    /// The text of a metadata file: TSDL, freed of packet headers if it has any, or CTF 2's.
    ///
    /// @param name how messages call the file
    public static String text(String name, byte[] untrusted) throws CtfException {
        return isCtf2(untrusted)
                ? new String(untrusted, StandardCharsets.UTF_8)
                : MetadataPackets.unpack(name, untrusted).text();
    }

    /// Whether a metadata file of CTF 1.8 is cut into packets (CTF 1.8.3 section 7.1).
    public static boolean isPacketized(byte[] untrusted) {
        return MetadataPackets.isPacketized(untrusted);
    }

    private static boolean isCtf2(byte[] untrusted) {
        return untrusted.length > 0 && untrusted[0] == Ctf2Metadata.SEPARATOR;
    }

    /// Reads TSDL text.
    public static Metadata parse(String name, String tsdl) throws CtfException {
        return parse(name, Utf8.bytes(tsdl));
    }

    /// Reads the metadata file of a trace.
    ///
    /// @param name how messages call the file
    public static Metadata read(String name, Path file) throws IOException, CtfException {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > MAX_BYTES) {
                throw new CtfException(
                        name,
                        "%d bytes of metadata, want at most %d"
                                .formatted(channel.size(), MAX_BYTES));
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                continue;
            }
            byte[] read = new byte[bytes.position()];
            bytes.flip().get(read);
            return parse(name, read);
        }
    }
}
