// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.kernel.buffer.DrainPlan;
import dev.contrail.kernel.schema.EventNames;
import dev.contrail.kernel.tracefs.InstanceName;
import dev.contrail.kernel.tracefs.Tracefs;
import dev.contrail.recorder.file.SpillBudget;
import java.util.UUID;

/// What a recording must know of its domain. Fixed for the daemon.
///
/// @param daemon identity of the daemon, the same after a restart: instances carry it
/// @param isPrivate whether nobody takes over from this daemon
/// @param drainPlan threads for each channel
/// @param spillBudget memory for sub-buffers that wait, in all sessions
record DomainFacts(
        Tracefs tracefs,
        EventNames names,
        UUID daemon,
        int uid,
        boolean isPrivate,
        boolean isMappingWanted,
        DrainPlan drainPlan,
        SpillBudget spillBudget) {

    /// The name of the instance of one channel of one session.
    String instanceName(long session, int channel) {
        return new InstanceName(uid, daemon, session, channel, isPrivate).toString();
    }
}
