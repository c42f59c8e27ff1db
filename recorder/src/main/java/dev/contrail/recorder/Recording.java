// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// One session's part in one domain. Called by the control thread only, but for [#rings].
public interface Recording {
    /// Makes the tracer match `plan`: creates what is missing, enables, disables.
    ///
    /// @param isActive whether the session is started: only then are events recorded
    /// @return completes when everybody has followed, with one line for each who could not; it
    ///   never fails. The caller bounds its wait.
    /// @throws RefusedException when nothing was changed
    CompletableFuture<List<String>> apply(ChannelPlan plan, boolean isActive)
            throws RefusedException;

    /// The rings that there are now, dead applications' among them: a copy that any thread may ask
    /// for; only the consumer thread uses the rings.
    List<Ring> rings();

    /// Restricts what is recorded to a process and the children that it will have, where the domain
    /// sees more than one.
    default void follow(long pid) throws RefusedException {}

    /// Ends the session's part: stops recording, gives the buffers back, forgets the state. The
    /// consumer has let go of the rings before.
    void destroy();
}
