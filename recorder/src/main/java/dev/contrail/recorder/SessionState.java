// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

/// Where a session is in its life.
enum SessionState {
    CREATED,
    ACTIVE,
    STOPPED;

    /// The state after `start`.
    ///
    /// @throws RefusedException with LTTng's status 80 when it is active already
    SessionState started(String session) throws RefusedException {
        return switch (this) {
            case CREATED, STOPPED -> ACTIVE;
            case ACTIVE ->
                    throw new RefusedException(
                            80, "Tracing already started for session " + session);
        };
    }

    /// The state after `stop`.
    ///
    /// @throws RefusedException with LTTng's status 81 when it is not active
    SessionState stopped(String session) throws RefusedException {
        return switch (this) {
            case ACTIVE -> STOPPED;
            case CREATED, STOPPED ->
                    throw new RefusedException(
                            81, "Tracing already stopped for session " + session);
        };
    }

    boolean wasStarted() {
        return this != CREATED;
    }
}
