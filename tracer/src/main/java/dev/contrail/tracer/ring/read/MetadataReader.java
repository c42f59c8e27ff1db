// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.Layout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Reads what a metadata area says of a pool: what `MetadataText` writes.
final class MetadataReader {
    private MetadataReader() {}

    /// The pool's event classes.
    static List<EventDescription> events(RingView view, PoolDescriptor pool) throws RingException {
        List<EventDescription> events = new ArrayList<>();
        read(view, pool, "event-record-class", fragment -> events.add(event(fragment)));
        return events;
    }

    /// The fields of the pool's `EventContext`.
    static List<EventField> context(RingView view, PoolDescriptor pool) throws RingException {
        List<EventField> fields = new ArrayList<>();
        read(
                view,
                pool,
                "data-stream-class",
                fragment ->
                        fields.addAll(fields(fragment, "event-record-common-context-field-class")));
        return fields;
    }

    /// Gives `reader` the fragments of that type and pool.
    private static void read(
            RingView view, PoolDescriptor pool, String type, Consumer<Map<String, Object>> reader)
            throws RingException {
        long from = Integer.toUnsignedLong(view.getInt(Layout.H_METADATA_OFFSET));
        long capacity = Integer.toUnsignedLong(view.getInt(Layout.H_METADATA_CAPACITY));
        long length =
                view.checked(
                        "metadata length",
                        Layout.H_METADATA_LENGTH,
                        view.getLongAcquire(Layout.H_METADATA_LENGTH), // rule 5
                        0,
                        Math.min(capacity, view.size() - from));
        for (long at = from; at < from + length; ) {
            if (from + length - at < 4) {
                throw RingException.at(
                        view.file(), at, "metadata left", "4 bytes", from + length - at);
            }
            long size = Integer.toUnsignedLong(view.getInt(at));
            view.checked("metadata record", at, size, 1, from + length - at - 4);
            ByteBuffer text = ByteBuffer.allocate((int) size);
            view.copy(at + 4, text, (int) size);
            try {
                Map<String, Object> fragment =
                        map(new FragmentParser(UTF_8.decode(text).toString()).parse());
                if (type.equals(fragment.get("type")) && isOf(pool, ours(fragment))) {
                    reader.accept(fragment);
                }
            } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
                throw new RingException(
                        view.file(), "byte " + (at + 4) + ": no event class: " + e, e);
            }
            at += 4 + size;
        }
    }

    private static Map<String, Object> ours(Map<String, Object> fragment) {
        return map(member(map(member(fragment, "attributes")), Layout.METADATA_NAMESPACE));
    }

    private static boolean isOf(PoolDescriptor pool, Map<String, Object> attributes) {
        return number(attributes, "pool") == pool.index()
                && number(attributes, "generation") == pool.generation();
    }

    private static EventDescription event(Map<String, Object> fragment) {
        return new EventDescription(
                (int) number(fragment, "id"),
                (String) member(fragment, "name"),
                (int) number(ours(fragment), "log-level"),
                fields(fragment, "payload-field-class"));
    }

    private static List<EventField> fields(Map<String, Object> fragment, String structure) {
        List<EventField> fields = new ArrayList<>();
        List<?> members = (List<?>) member(map(member(fragment, structure)), "member-classes");
        for (Object member : members) {
            fields.add(field(map(member)));
        }
        return fields;
    }

    private static EventField field(Map<String, Object> member) {
        Map<String, Object> fieldClass = map(member(member, "field-class"));
        String name = (String) member(member, "name");
        if ("null-terminated-string".equals(fieldClass.get("type"))) {
            return new EventField(name, FieldType.STRING);
        }
        Object wanted = map(member(fieldClass, "attributes")).get(Layout.METADATA_NAMESPACE);
        for (FieldType type : FieldType.values()) {
            if (type.metadataName().equals(wanted)) {
                return new EventField(name, type);
            }
        }
        throw new IllegalArgumentException("field type " + wanted);
    }

    private static long number(Map<String, Object> in, String key) {
        return (Long) member(in, key);
    }

    private static Object member(Map<String, Object> in, String key) {
        Object value = in.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no " + key);
        }
        return value;
    }

    @SuppressWarnings("unchecked") // every object of a FragmentParser has string keys
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
