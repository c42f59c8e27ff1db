// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.metadata;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.JsonValue;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// What a trace's metadata stream declares.
///
/// A scope that is not declared is [dev.contrail.ctf.LttngSchema#EMPTY] itself, see
/// [FieldClass.StructureClass#isAbsent]; a declared one without members is another object.
///
/// @param warnings what was passed over in reading and is no loss, one line each
/// @param damage what is missing at the end: a last block cut by a crash, one line each
/// @param attributes what CTF 2 metadata says of the trace class, of clock, stream, event and field
///   classes, members and options besides: JSON objects, by the identity of what they belong to
public record Metadata(
        TraceClass trace,
        List<StreamClass> streams,
        List<EventClass> events,
        List<String> warnings,
        List<String> damage,
        Map<Object, JsonValue> attributes) {
    /// Largest metadata file that is read: LTTng's kernel tracer writes less than 3 MB.
    public static final int MAX_BYTES = 256 << 20;

    public Metadata {
        streams = List.copyOf(streams);
        events = List.copyOf(events);
        warnings = List.copyOf(warnings);
        damage = List.copyOf(damage);
        var copy = new IdentityHashMap<Object, JsonValue>();
        copy.putAll(attributes);
        attributes = Collections.unmodifiableMap(copy);
    }

    /// Metadata without attributes, as all of CTF 1.8.
    public Metadata(
            TraceClass trace,
            List<StreamClass> streams,
            List<EventClass> events,
            List<String> warnings,
            List<String> damage) {
        this(trace, streams, events, warnings, damage, Map.of());
    }

    /// Reads metadata: CTF 2, which begins with the byte 0x1E, or CTF 1.8, plain or cut into
    /// packets.
    ///
    /// @param name how messages call the file
    public static Metadata parse(String name, byte[] untrusted) throws CtfException {
        if (untrusted.length > 0 && untrusted[0] == Ctf2Metadata.SEPARATOR) {
            return Ctf2Metadata.parse(name, untrusted);
        }
        MetadataPackets text = MetadataPackets.unpack(name, untrusted);
        return TsdlParser.parse(name, text.text(), text.warnings());
    }

    /// The text of a metadata file: TSDL, freed of packet headers if it has any, or CTF 2's.
    ///
    /// @param name how messages call the file
    public static String text(String name, byte[] untrusted) throws CtfException {
        return untrusted.length > 0 && untrusted[0] == Ctf2Metadata.SEPARATOR
                ? new String(untrusted, StandardCharsets.UTF_8)
                : MetadataPackets.unpack(name, untrusted).text();
    }

    /// Whether a metadata file of CTF 1.8 is cut into packets (CTF 1.8.3 section 7.1).
    public static boolean isPacketized(byte[] untrusted) {
        return MetadataPackets.isPacketized(untrusted);
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
