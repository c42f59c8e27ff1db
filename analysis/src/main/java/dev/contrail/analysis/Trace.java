// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.TraceClass;
import java.util.Map;
import java.util.Optional;

/// A trace: folders whose metadata name the same UUID or identity are one.
///
/// @param name host name and path below the folder that the user named
public record Trace(String name, Metadata metadata) {

    /// Facts about where the trace comes from: `String` or `Long` values.
    public Map<String, Object> environment() {
        return metadata.trace().environment();
    }

    /// The UUID of the trace (CTF 1.8), or the `uid` of its identity (CTF 2).
    public Optional<String> uid() {
        TraceClass trace = metadata.trace();
        return switch (trace.version()) {
            case CTF_1_8 ->
                    trace.uuid().equals(TraceClass.NO_UUID)
                            ? Optional.empty()
                            : Optional.of(trace.uuid().toString());
            case CTF_2 -> trace.identity().uid();
        };
    }

    /// What folders of one trace have in common: nothing when that cannot be told.
    public Optional<Object> identity() {
        TraceClass trace = metadata.trace();
        return uid().map(uid -> trace.version() == CtfVersion.CTF_1_8 ? uid : trace.identity());
    }
}
