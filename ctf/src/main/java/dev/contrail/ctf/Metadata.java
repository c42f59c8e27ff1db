// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// What a trace's metadata stream declares.
///
/// A scope that is not declared is [FieldClass.StructureClass#ABSENT] itself, see
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
    /// Deepest tree of field classes. Decoders recurse over it.
    public static final int MAX_DEPTH = 200;

    /// Most fields that one field class may hold, counted through the names that it uses.
    public static final int MAX_FIELDS = 1 << 18;

    /// Most fields of all event classes together: keeps plans in memory within bounds.
    public static final int MAX_TOTAL_FIELDS = 1 << 22;

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
}
