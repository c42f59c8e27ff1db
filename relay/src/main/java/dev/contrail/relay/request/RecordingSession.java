// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.request;

import dev.contrail.wire.relay.RelayRequest.CreateSession;
import java.util.UUID;

/// A recording session as its session daemon numbers it: each of its consumer daemons has a session
/// of its own with the relay.
public record RecordingSession(UUID daemonUuid, long sessionId) {
    /// The one that a consumer daemon opens a session for.
    public static RecordingSession of(CreateSession request) {
        return new RecordingSession(request.daemonUuid(), request.sessionId());
    }
}
