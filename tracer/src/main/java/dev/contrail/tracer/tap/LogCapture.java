// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.tap;

import dev.contrail.tracer.code.Redefinitions;
import dev.contrail.tracer.process.LookTimes;
import dev.contrail.tracer.process.TracerThread;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/// Makes the JVM's loggers of one log system show their records, as long as somebody wants them.
/// Needs the agent.
///
/// Nothing of the log system is initialised here, so that the application stays the one who decides
/// when that happens, and how it is configured. The work is done by a thread of its own that ends
/// with it, because other agents' code may run in it.
public final class LogCapture {
    /// Loads what the first record needs.
    public interface Preparation {
        void run() throws ClassNotFoundException;

        /// The program has that class already.
        default void loaded(Class<?> type) {}
    }

    private final Instrumentation agent;
    private final LoggerPatch patch;
    private final List<?> targets;
    private final Preparation preparation;
    private final Runnable whenDone;

    private final LookTimes looks = new LookTimes();

    /// Loggers that are as they were wanted last: a logger that is being loaded meanwhile is not.
    private final Set<Class<?>> done = Collections.newSetFromMap(new WeakHashMap<>());

    /// Of the thread that does the work.
    private boolean isInstalled;

    private boolean isWanted;
    private boolean isOn;
    private boolean isWorking;
    private boolean isRunning;
    private String problem = "";

    /// @param targets what the taps of the patch call: a `Consumer`, or a `BiConsumer` where there
    ///   are two arguments
    /// @param whenDone called by the thread when the state is the wanted one
    public LogCapture(
            Instrumentation agent,
            LoggerPatch patch,
            List<?> targets,
            Preparation preparation,
            Runnable whenDone) {
        this.agent = agent;
        this.patch = patch;
        this.targets = targets;
        this.preparation = preparation;
        this.whenDone = whenDone;
    }

    /// Whether the loggers are not yet as they are wanted.
    public synchronized boolean isWorking() {
        return isWorking;
    }

    /// Why there are no records though they are wanted; empty when there are.
    public synchronized String problem() {
        return problem.isEmpty() ? patch.problem() : problem;
    }

    /// Records that could not be shown, because there was no stack for it, so far.
    public long failed() {
        long failed = 0;
        for (TapClass tap : patch.taps()) {
            failed += tap.failed();
        }
        return failed;
    }

    /// Returns when the loggers are so, or soon.
    public void wantNow(boolean wanted) {
        want(wanted);
        TracerThread.awaitSoon(this::isWorking);
    }

    /// Returns at once.
    public synchronized void want(boolean wanted) {
        isWanted = wanted;
        isWorking |= isOn != wanted;
        notifyAll();
        if (isRunning || !isWorking) {
            return;
        }
        isRunning = true;
        try {
            TracerThread.named("contrail-loggers", this::work).start();
        } catch (Throwable e) {
            isRunning = false;
            isWorking = false;
            problem = "no thread to be had: " + e;
        }
    }

    private void work() {
        while (true) {
            settle();
            whenDone.run();
            while (true) {
                synchronized (this) {
                    if (isOn != isWanted) {
                        break;
                    }
                    if (!looks.isOn()) {
                        isRunning = false;
                        return;
                    }
                    pause(looks.millis());
                }
                if (looks.isDue()) {
                    lookAgain();
                }
            }
        }
    }

    private synchronized boolean isOn() {
        return isOn;
    }

    private synchronized void pause(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            // nobody interrupts it: a look too early does no harm
        }
    }

    private void settle() {
        while (true) {
            boolean next;
            synchronized (this) {
                if (isOn == isWanted) {
                    isWorking = false;
                    return;
                }
                next = isWanted;
            }
            String failure = "";
            try {
                if (next) {
                    install();
                } else {
                    remove();
                }
            } catch (Throwable e) {
                failure = "cannot instrument the JVM: " + e;
            }
            lookFor(next);
            synchronized (this) {
                isOn = next;
                problem = failure;
            }
        }
    }

    /// For loggers that nobody has seen, when they are wanted; else for those that were changed.
    private void lookFor(boolean wanted) {
        if (wanted || patch.isArriving()) {
            looks.begin();
        } else {
            looks.end();
        }
    }

    private void lookAgain() {
        long from = System.nanoTime();
        try {
            retransform(isOn());
        } catch (Throwable e) {
            // those are as they were: what they log is missing, as that of a logger that fails
        } finally {
            looks.looked(from);
            if (!isOn() && !patch.isArriving()) {
                looks.end();
                leave();
            }
        }
    }

    private void install() throws Exception {
        load();
        preparation.run();
        for (int i = 0; i < targets.size(); i++) {
            patch.taps().get(i).send(agent, targets.get(i));
        }
        patch.want(true);
        if (!isInstalled) {
            agent.addTransformer(patch, true);
            isInstalled = true;
        }
        done.clear();
        retransform(true);
    }

    /// Loads what the transformer needs, so that no application's thread has to.
    private static void load() throws ClassNotFoundException {
        Class<?>[] needed = {
            ClassFile.class,
            ClassFile.Code.class,
            CallInsertion.class,
            CodeAttributes.class,
            FrameTable.class,
            FrameTable.InsertionPoint.class,
            Instructions.class,
            LoggerPatch.Place.class
        };
        load(needed);
        Redefinitions.load();
    }

    /// Loads and initialises classes, so that no application's thread has to.
    public static void load(Class<?>... needed) throws ClassNotFoundException {
        for (Class<?> each : needed) {
            Class.forName(each.getName(), true, each.getClassLoader());
        }
    }

    private void remove() throws Exception {
        patch.want(false);
        done.clear();
        retransform(false);
        if (!patch.isArriving()) {
            leave();
        }
        for (TapClass tap : patch.taps()) {
            tap.send(agent, null);
        }
    }

    /// Not before the last logger is as it was: what is retransformed while no agent sees any class
    /// keeps what it has (JDK 25).
    private void leave() {
        if (isInstalled && !patch.isNeeded()) {
            agent.removeTransformer(patch);
            isInstalled = false;
        }
    }

    /// @param wanted whether loggers are to be changed, else back
    private void retransform(boolean wanted) throws Exception {
        List<Class<?>> loggers = new ArrayList<>();
        for (Class<?> each : agent.getAllLoadedClasses()) {
            String name = each.getName().replace('.', '/');
            patch.look(name);
            preparation.loaded(each);
            if (patch.isLogger(name) && !done.contains(each)) {
                boolean isChanged = patch.arrived(each);
                (isChanged && wanted ? done : loggers).add(each);
            }
        }
        if (!loggers.isEmpty()) {
            patch.changing(Thread.currentThread());
            try {
                agent.retransformClasses(loggers.toArray(new Class<?>[0]));
            } finally {
                patch.changing(null);
            }
            done.addAll(loggers);
        }
    }
}
