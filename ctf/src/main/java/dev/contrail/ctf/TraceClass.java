// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import dev.contrail.ctf.FieldClass.StructureClass;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.UUID;

/// What all streams of a trace share.
///
/// @param uuid the trace's identity, or [#NO_UUID]
/// @param environment facts about where the trace comes from: `String` or `Long` values, in order
public record TraceClass(
        UUID uuid,
        ByteOrder byteOrder,
        StructureClass packetHeader,
        SequencedMap<String, Object> environment,
        List<ClockClass> clocks) {
    /// The trace declares no UUID.
    public static final UUID NO_UUID = new UUID(0, 0);

    public TraceClass {
        environment = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(environment));
        clocks = List.copyOf(clocks);
    }
}
