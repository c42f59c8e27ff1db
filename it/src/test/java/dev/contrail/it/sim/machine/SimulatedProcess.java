// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim.machine;

import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A process: threads that live and die together. Killed, it stops wherever it is: nothing that it
/// has begun is ended.
public final class SimulatedProcess {
    private final Simulation simulation;
    private final Machine machine;
    private final String name;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Runnable> atEnd = new ArrayList<>();
    private final Thread.Builder.OfVirtual builder;
    private static Optional<SimulatedProcess> current = Optional.empty();

    private boolean isAlive = true;
    private long stepsLeft = Long.MAX_VALUE;

    public SimulatedProcess(Simulation simulation, Machine machine, String name) {
        this.simulation = simulation;
        this.machine = machine;
        this.name = name;
        builder = simulation.threads(this);
        simulation.add(this);
        simulation.log(name + " begins");
        machine.begun(this);
    }

    /// The one whose thread runs, if one does.
    public static Optional<SimulatedProcess> current() {
        return current;
    }

    /// One of its threads goes on until it waits.
    void run(Runnable slice) {
        current = Optional.of(this);
        try {
            slice.run();
        } finally {
            current = Optional.empty();
        }
    }

    public boolean isAlive() {
        return isAlive;
    }

    public Machine machine() {
        return machine;
    }

    public Simulation simulation() {
        return simulation;
    }

    /// Threads of the process.
    public ThreadFactory threads() {
        return work -> {
            threads.removeIf(each -> each.getState() == Thread.State.TERMINATED);
            Thread made = builder.unstarted(work);
            threads.add(made);
            return made;
        };
    }

    /// Starts a thread.
    public void start(String work, Runnable run) {
        Thread made = threads().newThread(run);
        made.setName(name + "-" + work);
        made.start();
    }

    /// Its threads that have not ended.
    public int threadCount() {
        threads.removeIf(each -> each.getState() == Thread.State.TERMINATED);
        return threads.size();
    }

    /// How many of its threads do not wait, or only for the JVM to wake them.
    int awake() {
        int count = 0;
        for (Thread each : threads) {
            Thread.State state = each.getState();
            if (state == Thread.State.RUNNABLE || state == Thread.State.BLOCKED) {
                count++;
            }
        }
        return count;
    }

    /// What other processes notice when it ends, however that is.
    public void atEnd(Runnable work) {
        atEnd.add(work);
    }

    /// It stops: at once, or when a thread of it next comes to something that others can see.
    public void kill() {
        if (!isAlive) {
            return;
        }
        isAlive = false;
        simulation.log(name + " is killed");
        simulation.note(name.hashCode());
        simulation.remove(this);
        machine.ended(this);
        atEnd.forEach(Runnable::run);
        atEnd.clear();
    }

    /// It stops after so many more steps.
    public void killAfter(long steps) {
        stepsLeft = steps;
    }

    /// A thread of it is about to do something that others can see: it may die before that.
    public void step() {
        if (isAlive && stepsLeft-- <= 0) {
            kill();
        }
        while (!isAlive) {
            LockSupport.park(this); // for ever
        }
    }

    /// Its machine's time.
    public TimeSource clock() {
        return new TimeSource() {
            @Override
            public long nanos() {
                return machine.nanos();
            }

            @Override
            public long epochMillis() {
                return machine.epochMillis();
            }

            @Override
            public void sleep(long nanos) {
                long end = simulation.now() + nanos;
                while (simulation.now() < end) {
                    simulation.park(this, end - simulation.now());
                }
            }

            @Override
            public void park(Object blocker, long nanos) {
                if (nanos > 0) {
                    simulation.park(blocker, nanos);
                }
            }

            @Override
            public void later(long nanos, Runnable work) {
                simulation.after(
                        nanos,
                        () -> {
                            if (isAlive) {
                                start("later", work);
                            }
                        });
            }
        };
    }

    public Network network() {
        return machine.network().of(this);
    }

    public static long millis(long count) {
        return TimeUnit.MILLISECONDS.toNanos(count);
    }

    @Override
    public String toString() {
        return name;
    }
}
