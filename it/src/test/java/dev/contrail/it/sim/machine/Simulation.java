// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim.machine;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Runs threads one at a time, on the caller's, in an order that a seed says; time passes when all
/// of them wait. Whatever they wait for must be of the simulation.
///
/// The threads are virtual ones, with this as their scheduler.
public final class Simulation {
    /// A thread that is woken through a monitor comes back by a thread of the JVM's: so long it is
    /// waited for. A longer one waits for a monitor whose owner waits, too.
    private static final long HANDED_ON_NANOS = TimeUnit.MILLISECONDS.toNanos(5000);

    private static final Constructor<?> BUILDER = builder();
    public static final boolean IS_LOGGED = Boolean.getBoolean("contrail.simulation.log");

    private final RandomGenerator random;
    private final ConcurrentLinkedQueue<Slice> coming = new ConcurrentLinkedQueue<>();
    private final List<Slice> ready = new ArrayList<>();
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private final Map<Runnable, Integer> numbers = new IdentityHashMap<>();
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(
                    Comparator.<Alarm>comparingLong(each -> each.at)
                            .thenComparing(each -> each.number));
    private long now;
    private long alarmCount;
    private long slices;
    private long trace = 17;

    private record Slice(SimulatedProcess process, Runnable run) {}

    /// Something that happens at a moment.
    static final class Alarm {
        private final long at;
        private final long number;
        private final Runnable work;
        private boolean isOff;

        private Alarm(long at, long number, Runnable work) {
            this.at = at;
            this.number = number;
            this.work = work;
        }

        /// It does not happen.
        void off() {
            isOff = true;
        }
    }

    public Simulation(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /// For everything that is left to chance.
    public RandomGenerator random() {
        return random;
    }

    /// Nanoseconds since the beginning.
    public long now() {
        return now;
    }

    /// Something to be told from a run by another seed: equal for two runs of one.
    public long trace() {
        return trace;
    }

    /// Goes into [#trace].
    public void note(long what) {
        trace = trace * 31 + what;
    }

    /// Whether something happens that has that probability.
    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /// Between the two, inclusive.
    public long between(long least, long most) {
        return least + random.nextLong(most - least + 1);
    }

    Alarm at(long nanos, Runnable work) {
        var alarm = new Alarm(Math.max(nanos, now), alarmCount++, work);
        alarms.add(alarm);
        return alarm;
    }

    public Alarm after(long nanos, Runnable work) {
        long at = now + Math.max(0, nanos);
        return at(at < 0 ? Long.MAX_VALUE : at, work);
    }

    /// For who looks for a fault: with `-Dcontrail.simulation.log=true`.
    public void log(String what) {
        if (IS_LOGGED) {
            System.out.printf("%12.6f %s%n", now / 1e9, what);
        }
    }

    void add(SimulatedProcess process) {
        processes.add(process);
    }

    void remove(SimulatedProcess process) {
        processes.remove(process);
        ready.removeIf(each -> each.process == process);
    }

    /// Threads of a process: what they would run is run here, one at a time.
    Thread.Builder.OfVirtual threads(SimulatedProcess process) {
        Executor scheduler = slice -> coming.add(new Slice(process, slice));
        try {
            return (Thread.Builder.OfVirtual) BUILDER.newInstance(scheduler);
        } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Constructor<?> builder() {
        try {
            Constructor<?> found =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            found.setAccessible(true); // needs --add-opens java.base/java.lang=ALL-UNNAMED
            return found;
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Waits, in a thread of the simulation, so long at most or until it is unparked.
    void park(Object blocker, long nanos) {
        Thread self = Thread.currentThread();
        Alarm alarm = after(nanos, () -> LockSupport.unpark(self));
        LockSupport.park(blocker);
        alarm.off();
    }

    /// Lets all run until that is over.
    ///
    /// @param until a moment
    /// @return whether it was over before
    public boolean run(BooleanSupplier isOver, long until) {
        while (!isOver.getAsBoolean()) {
            takeComing();
            if (!ready.isEmpty()) {
                Slice next = ready.remove(random.nextInt(ready.size()));
                if (next.process.isAlive()) {
                    slices++;
                    if (IS_LOGGED) {
                        log("slice " + number(next.run) + " of " + next.process);
                    }
                    next.process.run(next.run);
                    awaitHandedOn();
                }
                continue;
            }
            Alarm next = alarms.peek();
            if (next == null || next.at > until) {
                now = until;
                return isOver.getAsBoolean();
            }
            alarms.remove();
            if (next.isOff) {
                continue;
            }
            now = next.at;
            next.work.run();
        }
        return true;
    }

    private void takeComing() {
        if (coming.isEmpty()) {
            return;
        }
        int before = ready.size();
        for (Slice each = coming.poll(); each != null; each = coming.poll()) {
            ready.add(each);
        }
        List<Slice> came = ready.subList(before, ready.size());
        if (came.size() > 1) {
            came.sort(Comparator.comparingInt(each -> number(each.run)));
        }
        came.forEach(each -> note(number(each.run)));
    }

    /// Each thread's slices are one object.
    private int number(Runnable slice) {
        return numbers.computeIfAbsent(slice, _ -> numbers.size());
    }

    /// A thread that the last slice has woken through a monitor is ready before another runs.
    private void awaitHandedOn() {
        long begin = 0;
        while (awake() > ready.size() + coming.size()) {
            long real = System.nanoTime();
            begin = begin == 0 ? real : begin;
            if (real - begin > HANDED_ON_NANOS) {
                throw new IllegalStateException("a thread waits for a monitor whose owner waits");
            }
            Thread.onSpinWait();
        }
    }

    private int awake() {
        int count = 0;
        for (SimulatedProcess each : processes) {
            count += each.awake();
        }
        return count;
    }

    public long slices() {
        return slices;
    }
}
