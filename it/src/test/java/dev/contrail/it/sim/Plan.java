// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import dev.contrail.it.sim.machine.SimulatedProcess;
import dev.contrail.it.sim.machine.Simulation;

/// What a seed has chosen, for the whole of a run.
///
/// @param liveMicros 0 for a session that is not live
/// @param fileBytes at which a stream goes on in another file; 0 for no limit
/// @param losesPower whether the relay's machine does
record Plan(
        long seed,
        boolean isSynced,
        long liveMicros,
        long spoolBytes,
        long fileBytes,
        int applications,
        int streams,
        boolean isSpilled,
        boolean losesPower,
        int viewers,
        long recordNanos,
        long intervalNanos,
        double faultsAMinute) {
    static Plan of(long seed, Simulation simulation) {
        boolean isSynced = simulation.chance(0.5);
        boolean isLive = simulation.chance(0.7);
        long minutes = simulation.between(2, 20);
        long seconds = minutes * 60;
        int applications = (int) simulation.between(1, 2);
        int streams = (int) simulation.between(1, 3);
        long packets = simulation.between(100, 1500);
        return new Plan(
                seed,
                isSynced,
                isLive ? simulation.between(50, 2000) * 1000 : 0,
                simulation.chance(0.3) ? 300 << 10 : 8 << 20,
                simulation.chance(0.25) ? 50_000 : 0,
                applications,
                streams,
                simulation.chance(0.3),
                isSynced && simulation.chance(0.6),
                isLive ? (int) simulation.between(0, 2) : 0,
                SimulatedProcess.millis(1000) * seconds,
                SimulatedProcess.millis(1000) * seconds * applications * streams / packets,
                simulation.between(1, 60) / 10.0);
    }

    String session() {
        return "s" + Long.toHexString(seed);
    }
}
