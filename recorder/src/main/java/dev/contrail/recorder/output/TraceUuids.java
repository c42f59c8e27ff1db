// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// The UUIDs of a session's traces: they follow from its seed and the traces' directories, so that
/// a restarted daemon goes on with the same. Any thread.
public final class TraceUuids {
    private final UUID seed;
    private final Map<String, UUID> known = new ConcurrentHashMap<>();

    public TraceUuids(UUID seed) {
        this.seed = seed;
    }

    /// That of the trace in a directory.
    public UUID of(String traceDirectory) {
        return known.computeIfAbsent(
                traceDirectory,
                trace ->
                        UUID.nameUUIDFromBytes(
                                (seed + "/" + trace).getBytes(StandardCharsets.UTF_8)));
    }
}
