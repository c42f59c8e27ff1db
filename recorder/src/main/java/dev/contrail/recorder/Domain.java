// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.InstrumentationPoint;
import dev.contrail.wire.control.PointType;
import java.util.List;
import java.util.Set;

/// A kind of tracer: what can be recorded, and how. One per daemon and kind.
///
/// Called by the control thread only.
public interface Domain extends AutoCloseable {
    /// The domains, as users say them, that this tracer serves.
    Set<DomainName> names();

    /// What can be recorded now, ordered by provider and name.
    List<InstrumentationPoint> points(DomainName domain, PointType type) throws RefusedException;

    /// Begins a session's part in this domain; or goes on with it, where an earlier daemon that
    /// died has left rings and state.
    Recording open(SessionFacts session) throws RefusedException;

    /// Ends the daemon's use of the tracer. Open recordings stay as they are, for a next daemon.
    @Override
    void close();
}
