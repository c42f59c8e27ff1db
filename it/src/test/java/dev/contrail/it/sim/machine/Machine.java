// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim.machine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// A machine: its disk, its clocks, its processes.
public final class Machine {
    private static final long EPOCH_MILLIS = 1_800_000_000_000L;

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final InetAddress address;
    private final SimulatedDisk disk;
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private final long bootNanos;
    private long jumpMillis;

    public Machine(Simulation simulation, SimulatedNetwork network, int number) {
        this.simulation = simulation;
        this.network = network;
        bootNanos = simulation.between(1, 1_000_000_000_000L);
        try {
            address = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
        disk = new SimulatedDisk(simulation);
    }

    SimulatedNetwork network() {
        return network;
    }

    public InetAddress address() {
        return address;
    }

    public SimulatedDisk disk() {
        return disk;
    }

    public long nanos() {
        return bootNanos + simulation.now();
    }

    long epochMillis() {
        return EPOCH_MILLIS + jumpMillis + simulation.now() / 1_000_000;
    }

    /// The time of day is set.
    public void jump(long millis) {
        jumpMillis += millis;
    }

    void begun(SimulatedProcess process) {
        processes.add(process);
    }

    void ended(SimulatedProcess process) {
        processes.remove(process);
    }

    /// All its processes stop, and what was not synced may be gone.
    public void losePower() {
        List.copyOf(processes).forEach(SimulatedProcess::kill);
        disk.losePower();
    }
}
