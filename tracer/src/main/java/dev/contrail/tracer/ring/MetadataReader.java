// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads the event classes in a metadata area: what [MetadataText] writes.
final class MetadataReader {
    private MetadataReader() {}

    static List<EventDescription> read(RingView view, PoolDescriptor pool) throws RingException {
        long from = Integer.toUnsignedLong(view.getInt(Layout.H_METADATA_OFFSET));
        long capacity = Integer.toUnsignedLong(view.getInt(Layout.H_METADATA_CAPACITY));
        long length =
                view.checked(
                        "metadata length",
                        Layout.H_METADATA_LENGTH,
                        view.getLongAcquire(Layout.H_METADATA_LENGTH), // rule 5
                        0,
                        Math.min(capacity, view.size() - from));
        List<EventDescription> events = new ArrayList<>();
        for (long at = from; at < from + length; ) {
            if (from + length - at < 4)
                throw RingException.at(
                        view.file(), at, "metadata left", "4 bytes", from + length - at);
            long size = Integer.toUnsignedLong(view.getInt(at));
            view.checked("metadata record", at, size, 1, from + length - at - 4);
            ByteBuffer text = ByteBuffer.allocate((int) size);
            view.copy(at + 4, text, (int) size);
            EventDescription event = parse(view, at + 4, UTF_8.decode(text).toString(), pool);
            if (event != null) events.add(event);
            at += 4 + size;
        }
        return events;
    }

    /// The event class in `text`; null when it is another pool's or none.
    private static EventDescription parse(RingView view, long at, String text, PoolDescriptor pool)
            throws RingException {
        try {
            Map<String, Object> fragment = map(new JsonParser(text).parse());
            if (!"event-record-class".equals(fragment.get("type"))) return null;
            Map<String, Object> ours =
                    map(map(fragment.get("attributes")).get(MetadataText.NAMESPACE));
            if (number(ours, "pool") != pool.index()
                    || number(ours, "generation") != pool.generation()) return null;
            List<EventField> fields = new ArrayList<>();
            List<?> members =
                    (List<?>) map(fragment.get("payload-field-class")).get("member-classes");
            for (Object member : members) fields.add(field(map(member)));
            return new EventDescription(
                    (int) number(fragment, "id"),
                    (String) fragment.get("name"),
                    (int) number(ours, "log-level"),
                    fields);
        } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw new RingException(view.file(), "byte " + at + ": no event class: " + e, e);
        }
    }

    private static EventField field(Map<String, Object> member) {
        Map<String, Object> fieldClass = map(member.get("field-class"));
        String name = (String) member.get("name");
        if ("null-terminated-string".equals(fieldClass.get("type")))
            return new EventField(name, FieldType.STRING);
        Object wanted = map(fieldClass.get("attributes")).get(MetadataText.NAMESPACE);
        for (FieldType type : FieldType.values())
            if (type.metadataName().equals(wanted)) return new EventField(name, type);
        throw new IllegalArgumentException("field type " + wanted);
    }

    private static long number(Map<String, Object> in, String key) {
        return (Long) in.get(key);
    }

    @SuppressWarnings("unchecked") // every object of a JsonParser has string keys
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
