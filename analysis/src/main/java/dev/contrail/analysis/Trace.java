// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.TraceClass;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A trace: folders whose metadata name the same UUID are one.
///
/// @param name host name and path below the folder that the user named
public record Trace(String name, Metadata metadata) {

    /// Facts about where the trace comes from: `String` or `Long` values.
    public Map<String, Object> environment() {
        return metadata.trace().environment();
    }

    public Optional<UUID> uuid() {
        UUID uuid = metadata.trace().uuid();
        return uuid.equals(TraceClass.NO_UUID) ? Optional.empty() : Optional.of(uuid);
    }
}
