// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.wire.LttngError;

/// Where a session is in its life.
public enum SessionState {
    CREATED,
    ACTIVE,
    STOPPED;

    /// The state after `start`.
    ///
    /// @throws RefusedException with [LttngError#TRACE_ALREADY_STARTED] when it is active already
    SessionState started(String session) throws RefusedException {
        return switch (this) {
            case CREATED, STOPPED -> ACTIVE;
            case ACTIVE ->
                    throw new RefusedException(
                            LttngError.TRACE_ALREADY_STARTED,
                            "Tracing already started for session " + session);
        };
    }

    /// The state after `stop`.
    ///
    /// @throws RefusedException with [LttngError#TRACE_ALREADY_STOPPED] when it is not active
    SessionState stopped(String session) throws RefusedException {
        return switch (this) {
            case ACTIVE -> STOPPED;
            case CREATED, STOPPED ->
                    throw new RefusedException(
                            LttngError.TRACE_ALREADY_STOPPED,
                            "Tracing already stopped for session " + session);
        };
    }

    /// Whether it has recorded, or does.
    public boolean wasStarted() {
        return this != CREATED;
    }
}
