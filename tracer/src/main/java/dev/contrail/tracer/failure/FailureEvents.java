// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

/// Events of one kind of failure. Link thread.
interface FailureEvents {
    /// Sees them as long as a session wants them: after each change of what sessions want. Returns
    /// when that is so, or soon.
    void follow();

    /// Why they are not seen though a session wants them; empty when they are.
    String problem();

    /// Counts, where they were wanted, those that could not be recorded and are not counted yet.
    default void tellFailed() {}
}
