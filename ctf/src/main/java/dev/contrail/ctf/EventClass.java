// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import java.util.List;

/// What the records of one event share.
///
/// @param logLevel 0 (emergency) to 14 (debug), or [#NO_LOG_LEVEL]
/// @param emfUri the event's model in the Eclipse Modelling Framework, empty for none
public record EventClass(
        long id,
        long streamId,
        Identity identity,
        int logLevel,
        String emfUri,
        StructureClass context,
        StructureClass fields) {
    /// The event has no log level; kernel events have none.
    public static final int NO_LOG_LEVEL = -1;

    /// An event class with only a name, as all are in CTF 1.8.
    public EventClass(
            long id,
            long streamId,
            String name,
            int logLevel,
            String emfUri,
            StructureClass context,
            StructureClass fields) {
        this(id, streamId, Identity.named(name), logLevel, emfUri, context, fields);
    }

    /// An event class without a model.
    public EventClass(
            long id,
            long streamId,
            String name,
            int logLevel,
            StructureClass context,
            StructureClass fields) {
        this(id, streamId, name, logLevel, "", context, fields);
    }

    /// An event class without contexts and log level.
    public EventClass(long id, long streamId, String name, Member... fields) {
        this(
                id,
                streamId,
                name,
                NO_LOG_LEVEL,
                StructureClass.ABSENT,
                new StructureClass(List.of(fields), 1));
    }

    /// Empty when it has none.
    public String name() {
        return identity.name().orElse("");
    }
}
