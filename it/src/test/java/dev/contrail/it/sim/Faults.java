// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import dev.contrail.it.sim.machine.Machine;
import dev.contrail.it.sim.machine.SimulatedProcess;
import dev.contrail.it.sim.machine.Simulation;
import java.net.InetAddress;

/// What goes wrong in a [World], and is right again after a while.
final class Faults {
    private final World world;
    private final Simulation simulation;
    private boolean isOver;

    Faults(World world) {
        this.world = world;
        this.simulation = world.simulation();
        next();
    }

    private void next() {
        long mean = (long) (SimulatedProcess.millis(60_000) / world.plan().faultsAMinute());
        simulation.after(
                simulation.between(1, 2 * mean),
                () -> {
                    if (!isOver) {
                        happen();
                        next();
                    }
                });
    }

    private void happen() {
        Machine relaying = world.relaying();
        InetAddress here = world.traced().address();
        InetAddress there = relaying.address();
        int which = (int) simulation.between(0, 11);
        simulation.note(which);
        simulation.log("fault " + which);
        switch (which) {
            case 0, 1 -> {
                kill(world.relay(), seconds(0.1, 40), world::startRelay);
            }
            case 2, 3 -> {
                kill(world.daemon().process(), seconds(0.1, 20), this::restartDaemon);
            }
            case 4 -> later(0, 1, () -> world.network().cut(here, there));
            case 5 ->
                    world.network()
                            .silence(
                                    simulation.chance(0.5) ? here : there,
                                    simulation.chance(0.5) ? there : here,
                                    seconds(0.1, 90));
            case 6 -> {
                relaying.disk().room(simulation.between(0, 20_000));
                simulation.after(seconds(0.5, 60), () -> relaying.disk().room(Long.MAX_VALUE));
            }
            case 7 -> {
                relaying.disk().fail(simulation.between(1, 20) / 1000.0);
                simulation.after(seconds(0.5, 30), () -> relaying.disk().fail(0));
            }
            case 8 -> {
                if (world.plan().losesPower()) {
                    later(0, 1, relaying::losePower);
                    simulation.after(seconds(2, 60), world::startRelay);
                }
            }
            case 9 ->
                    (simulation.chance(0.5) ? relaying : world.traced())
                            .jump(simulation.between(-100_000, 100_000));
            case 10 -> world.watchers().forEach(each -> each.kill(simulation.between(0, 300)));
            default -> {
                world.network().flip(0.05);
                simulation.after(seconds(1, 20), () -> world.network().flip(0));
            }
        }
    }

    /// At one of its next steps; after a while another is started.
    private void kill(SimulatedProcess process, long pauseNanos, Runnable restart) {
        process.atEnd(() -> simulation.after(pauseNanos, restart));
        process.killAfter(simulation.between(0, 300));
    }

    private void later(double least, double most, Runnable fault) {
        simulation.after(
                seconds(least, most),
                () -> {
                    if (!isOver) {
                        fault.run();
                    }
                });
    }

    private void restartDaemon() {
        world.startDaemon(true);
    }

    private long seconds(double least, double most) {
        return simulation.between((long) (least * 1e9), (long) (most * 1e9));
    }

    /// All is well from now on.
    void end() {
        isOver = true;
        world.network().heal();
        world.relaying().disk().room(Long.MAX_VALUE);
        world.relaying().disk().fail(0);
        world.relay().killAfter(Long.MAX_VALUE);
        world.daemon().process().killAfter(Long.MAX_VALUE);
        world.watchers().forEach(Watcher::heal);
        world.startRelay();
        world.startDaemon(true);
    }
}
