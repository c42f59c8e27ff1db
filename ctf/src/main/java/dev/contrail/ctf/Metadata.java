// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// What a trace's metadata stream declares.
///
/// A scope that is not declared is [LttngSchema#EMPTY] itself, see
/// [FieldClass.StructureClass#isAbsent]; a declared one without members is another object.
///
/// @param warnings what was passed over in reading and is no loss, one line each
/// @param damage what is missing at the end: a last block cut by a crash, one line each
public record Metadata(
        TraceClass trace,
        List<StreamClass> streams,
        List<EventClass> events,
        List<String> warnings,
        List<String> damage) {
    /// Largest metadata file that is read: LTTng's kernel tracer writes less than 3 MB.
    public static final int MAX_BYTES = 256 << 20;

    public Metadata {
        streams = List.copyOf(streams);
        events = List.copyOf(events);
        warnings = List.copyOf(warnings);
        damage = List.copyOf(damage);
    }

    /// Reads CTF 1.8 metadata, plain or cut into packets.
    ///
    /// @param name how messages call the file
    public static Metadata parse(String name, byte[] untrusted) throws CtfException {
        if (untrusted.length > 0 && untrusted[0] == 0x1E) {
            throw new CtfException(name, "this is CTF 2 metadata; CTF 2 is not read yet");
        }
        MetadataPackets text = MetadataPackets.unpack(name, untrusted);
        return TsdlParser.parse(name, text.text(), text.warnings());
    }

    /// Reads TSDL text.
    public static Metadata parse(String name, String tsdl) throws CtfException {
        return parse(name, tsdl.getBytes(StandardCharsets.UTF_8));
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
