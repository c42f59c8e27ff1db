// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim;

import dev.contrail.it.sim.machine.SimulatedProcess;
import dev.contrail.it.sim.machine.Simulation;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Runs seeds: `FIRST COUNT [until-failure]`.
final class SimulationMain {
    /// The exit status when one was not right.
    static final int FAILED = 3;

    private SimulationMain() {}

    private static Simulation present;

    private static void log() {
        Logger logger = Logger.getLogger("");
        for (Handler each : logger.getHandlers()) {
            logger.removeHandler(each);
        }
        logger.setLevel(Simulation.IS_LOGGED ? Level.FINE : Level.OFF);
        logger.addHandler(
                new Handler() {
                    @Override
                    public void publish(LogRecord entry) {
                        if (present != null && entry.getLoggerName().startsWith("dev.contrail")) {
                            String why = entry.getThrown() == null ? "" : ": " + entry.getThrown();
                            present.log(
                                    SimulatedProcess.current().map(Object::toString).orElse("")
                                            + " says: "
                                            + entry.getMessage()
                                            + why);
                        }
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                });
    }

    private static Optional<String> run(World world) {
        try {
            return world.run();
        } catch (RuntimeException e) {
            return Optional.of(e.toString());
        }
    }

    public static void main(String[] args) {
        log();
        long first = Long.parseLong(args[0]);
        long count = Long.parseLong(args[1]);
        long failed = 0;
        long simulated = 0;
        for (long seed = first; seed < first + count; seed++) {
            var world = new World(seed);
            present = world.simulation();
            long begin = System.nanoTime();
            Optional<String> failure = run(world);
            simulated += world.simulation().now();
            if (failure.isPresent()) {
                failed++;
                System.out.println("seed " + seed + " " + world.plan() + ": " + failure.get());
                if (args.length > 2) {
                    System.exit(FAILED);
                }
            }
            if (count <= 20) {
                System.out.printf(
                        "seed %d %d ms, %d slices, trace %x, %d s simulated%n",
                        seed,
                        (System.nanoTime() - begin) / 1_000_000,
                        world.simulation().slices(),
                        world.simulation().trace(),
                        world.simulation().now() / 1_000_000_000L);
            }
        }
        System.out.printf("%d seeds, %d failed, %.1f hours%n", count, failed, simulated / 3.6e12);
    }
}
