// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import dev.contrail.it.sim.machine.Machine;
import dev.contrail.it.sim.machine.SimulatedProcess;
import dev.contrail.relay.RelayDaemon;
import dev.contrail.relay.RelayHost;
import dev.contrail.relay.RelaySettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/// A relay daemon on a [Machine], with the usual ports.
final class SimulatedRelay {
    private static final int CONTROL_PORT = 5342;

    private SimulatedRelay() {}

    /// Where it listens to control connections; those of data and of viewers follow.
    static InetSocketAddress control(Machine machine) {
        return new InetSocketAddress(machine.address(), CONTROL_PORT);
    }

    /// Its output directory.
    static Path traces(Machine machine) {
        return machine.disk().path("/traces");
    }

    /// Called by a thread of its process.
    static void open(SimulatedProcess process, int openFiles) throws IOException {
        Machine machine = process.machine();
        var settings =
                new RelaySettings(
                        control(machine),
                        new InetSocketAddress(machine.address(), CONTROL_PORT + 1),
                        new InetSocketAddress(machine.address(), CONTROL_PORT + 2),
                        machine.disk().path("/trust"),
                        List.of(machine.address()),
                        traces(machine),
                        false,
                        true,
                        openFiles);
        var host =
                new RelayHost(
                        process.network(),
                        process.clock(),
                        process.threads(),
                        process.threads(),
                        process.simulation().random());
        RelayDaemon.open(settings, host);
    }
}
