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
/// @param identity traces of equal identity that have a `uid` are the same trace (CTF 2)
/// @param uuid CTF 1.8: the trace's identity; CTF 2: of the metadata, which packets repeat; or
///   [#NO_UUID]
/// @param byteOrder that of fields that do not say theirs; CTF 2 has no such fields
/// @param environment facts about where the trace comes from: `String` or `Long` values, in order
public record TraceClass(
        CtfVersion version,
        Identity identity,
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

    /// A trace of CTF 1.8.
    public TraceClass(
            UUID uuid,
            ByteOrder byteOrder,
            StructureClass packetHeader,
            SequencedMap<String, Object> environment,
            List<ClockClass> clocks) {
        this(CtfVersion.CTF_1_8, Identity.NONE, uuid, byteOrder, packetHeader, environment, clocks);
    }

    /// A trace of CTF 1.8 for [dev.contrail.ctf.write.CtfWriter] that declares nothing besides.
    public TraceClass(ClockClass... clocks) {
        this(
                NO_UUID,
                ByteOrder.LITTLE_ENDIAN,
                StructureClass.ABSENT,
                new LinkedHashMap<>(),
                List.of(clocks));
    }

    /// From where one of its clocks counts: LTTng means the Unix epoch where it does not say so
    /// (`ctf.md` section 8).
    public ClockOrigin origin(ClockClass clock) {
        boolean isOfLttng =
                clock.name().equals("monotonic")
                        && environment().get("tracer_name") instanceof String tracer
                        && tracer.startsWith("lttng");
        return isOfLttng && clock.origin() instanceof ClockOrigin.Unknown
                ? new ClockOrigin.UnixEpoch()
                : clock.origin();
    }
}
