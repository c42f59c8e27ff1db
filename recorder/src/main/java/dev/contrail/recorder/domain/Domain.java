// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.domain;

import dev.contrail.wire.DomainName;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.PointType;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// A kind of tracer: what can be recorded, and how. One per daemon and kind.
///
/// One thread calls it and its recordings, in the order in which users asked: the control thread,
/// which every client and application waits for, so that nothing may wait there; or, where
/// [#mayWait], a thread of the domain's own. Then the daemon answers all else meanwhile, shows the
/// sessions concerned as busy, and goes on with what they were asked when the call returns. What a
/// call throws, errors too, becomes the answer to who asked.
public interface Domain extends AutoCloseable {
    /// Whether calls may take more than a moment: they use files, devices or other processes.
    /// Fixed; any thread may ask.
    default boolean mayWait() {
        return false;
    }

    /// The domains, as users say them, that this tracer serves. Any thread.
    Set<DomainName> names();

    /// What can be recorded now, ordered by provider and name.
    List<InstrumentationPoint> points(DomainName domain, PointType type) throws RefusedException;

    /// The same where others have to be asked first; completes within a few seconds, whoever does
    /// not answer.
    default CompletableFuture<List<InstrumentationPoint>> askForPoints(
            DomainName domain, PointType type) throws RefusedException {
        return CompletableFuture.completedFuture(points(domain, type));
    }

    /// Begins a session's part in this domain; or goes on with it, where an earlier daemon that
    /// died has left rings and state.
    Recording open(SessionFacts session) throws RefusedException;

    /// Ends the daemon's use of the tracer. Open recordings stay as they are, for a next daemon.
    @Override
    void close();
}
