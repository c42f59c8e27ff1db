// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.domain;

import dev.contrail.wire.Warning;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// One session's part in one domain. Called by the domain's thread only (see [Domain]), but for
/// [#rings].
public interface Recording {
    /// Makes the tracer match `plan`: creates what is missing, enables, disables. When it returns,
    /// the order is taken: what a next daemon must know is kept, and the next order for the session
    /// may come.
    ///
    /// @param isActive whether the session is started: only then are events recorded
    /// @return completes when everybody has followed, with a warning for each who could not; it
    ///   never fails. It may take for ever: who waits for it gives up when the session is
    ///   destroyed.
    /// @throws RefusedException when nothing was changed
    CompletableFuture<List<Warning>> apply(ChannelPlan plan, boolean isActive)
            throws RefusedException;

    /// The rings that there are now, dead applications' among them: a copy that any thread may ask
    /// for; only the consumer thread uses the rings.
    List<Ring> rings();

    /// What keeps it from recording all that it should, as of now. Any thread.
    default List<Warning> obstacles() {
        return List.of();
    }

    /// Restricts what is recorded to a process and the children that it will have, where the domain
    /// sees more than one.
    default void follow(long pid) throws RefusedException {}

    /// Completes when all that has happened is in the rings: where a tracer tells its events late,
    /// or after some seconds in any case.
    default CompletableFuture<Void> settle() {
        return CompletableFuture.completedFuture(null);
    }

    /// Takes the state dump again, where the tracer has one and a rule wants it. Only while the
    /// session is started.
    ///
    /// @return completes when it is in the rings, with a warning for each who could not take it; it
    ///   never fails
    default CompletableFuture<List<Warning>> regenerateStateDump() {
        return CompletableFuture.completedFuture(List.of());
    }

    /// Ends the session's part: stops recording, gives the buffers back, forgets the state. The
    /// consumer has let go of the rings before.
    void destroy();
}
