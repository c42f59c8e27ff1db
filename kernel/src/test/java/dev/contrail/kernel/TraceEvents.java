// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Reads a trace back with the decoder of `ctf`, which shares no code with the converter.
public final class TraceEvents {
    private TraceEvents() {}

    /// One event record. Values are `Long`, `String` or a list of these.
    public record Event(String stream, String name, long ticks, Map<String, Object> fields) {
        public long number(String field) {
            return (Long) fields.get(field);
        }

        public String text(String field) {
            return (String) fields.get(field);
        }
    }

    /// All records, stream after stream.
    public static List<Event> read(DirectorySink sink) throws IOException, CtfException {
        var events = new ArrayList<Event>();
        Path trace = sink.trace();
        var plan =
                TracePlan.of("metadata", MetadataFile.read("metadata", trace.resolve("metadata")));
        List<Path> streams;
        try (Stream<Path> files = Files.list(trace)) {
            streams = files.filter(file -> !file.endsWith("metadata")).sorted().toList();
        }
        for (Path file : streams) {
            String name = file.getFileName().toString();
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            var decoder = new PacketDecoder(plan);
            int at = 0;
            for (var entry : sink.packets(name.substring(name.lastIndexOf('_') + 1))) {
                int length = (int) (entry.packetBits() / 8);
                decoder.begin(bytes.slice(at, length), name, entry.sequence(), at, length);
                while (decoder.next()) {
                    events.add(event(name, decoder));
                }
                at += length;
            }
            if (at != bytes.limit()) {
                throw new AssertionError(
                        name + ": " + bytes.limit() + " bytes, packets end at " + at);
            }
        }
        return events;
    }

    public static List<Event> named(List<Event> events, String name) {
        return events.stream().filter(event -> event.name().equals(name)).toList();
    }

    private static Event event(String stream, PacketDecoder decoder) {
        var fields = new LinkedHashMap<String, Object>();
        FieldLayout payload = decoder.layout(Scope.PAYLOAD).orElseThrow();
        int slot = decoder.firstSlot(Scope.PAYLOAD);
        for (int i = 0; i < payload.childCount(); i++) {
            FieldLayout child = payload.child(i);
            fields.put(payload.name(i), value(child, slot, decoder));
            slot = child.skip(decoder.slots(), slot);
        }
        String name = decoder.event().eventClass().name();
        return new Event(stream, name, decoder.ticks(), fields);
    }

    private static Object value(FieldLayout layout, int slot, PacketDecoder decoder) {
        long[] slots = decoder.slots();
        return switch (layout.kind()) {
            case INTEGER, FLOAT -> slots[slot];
            case TEXT -> {
                byte[] text = new byte[(int) slots[slot + 1]];
                decoder.bytes().get((int) slots[slot], text);
                yield new String(text, StandardCharsets.UTF_8);
            }
            case ARRAY, SEQUENCE -> {
                boolean isSequence = layout.length() < 0;
                long count = isSequence ? slots[slot] : layout.length();
                int at = isSequence ? slot + 1 : slot;
                var elements = new ArrayList<Object>();
                for (long i = 0; i < count; i++) {
                    elements.add(value(layout.child(0), at, decoder));
                    at = layout.child(0).skip(slots, at);
                }
                yield elements;
            }
            case STRUCTURE, VARIANT, BLOB, OPTIONAL -> "";
        };
    }
}
