// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import dev.contrail.tracer.process.LookTimes;
import dev.contrail.tracer.process.TracerThread;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Changes the classes of the program so that the wanted methods, and no others, call probes. The
/// work is done by a thread of its own that ends with it, because class loaders and other agents'
/// code may run in it.
final class MethodCapture {
    private final Instrumentation agent;
    private final Runnable announce;
    private final Runnable whenDone;
    private final Probes probes;
    private final MethodTransformer transformer;
    private final LoadedClasses classes;
    private final Arrivals arrivals = new Arrivals();
    private final LookTimes looks = new LookTimes();
    private boolean isInstalled;

    private Set<MethodRule> wanted = Set.of();
    private boolean isChanged;
    private boolean isRunning;
    private boolean isSettled = true;

    private final Attempts attempts = new Attempts();

    /// @param announce tells daemons of new event classes, and waits for their orders
    /// @param whenDone called by the thread when all is as wanted
    MethodCapture(Instrumentation agent, Runnable announce, Runnable whenDone)
            throws ReflectiveOperationException, java.io.IOException {
        this.agent = agent;
        this.announce = announce;
        this.whenDone = whenDone;
        this.probes = new Probes(agent);
        this.transformer = new MethodTransformer(probes, announce, arrivals);
        Prepared.load();
        this.classes = new LoadedClasses(agent, transformer, arrivals);
    }

    synchronized boolean isSettled() {
        return isSettled;
    }

    /// Returns at once.
    synchronized void want(Set<MethodRule> rules) {
        if (rules.equals(wanted)) {
            return;
        }
        wanted = Set.copyOf(rules);
        isChanged = true;
        isSettled = false;
        attempts.begin();
        wake();
    }

    /// What is to be said of these rules; empty when nothing is.
    String problem(List<MethodRule> rules) {
        List<String> problems = new ArrayList<>();
        for (WantedMethods each : transformer.wanted()) {
            if (rules.contains(each.rule) && !each.problem().isEmpty()) {
                problems.add(each.problem());
            }
        }
        return String.join("; ", problems);
    }

    void tellLost() {
        probes.tellLost();
    }

    /// Looks whether there is something left to do; link thread.
    synchronized void look() {
        if (hasWork() || arrivals.hasNews()) {
            wake();
        }
    }

    private boolean hasWork() {
        return attempts.isLeft() && (isChanged || probes.hasUnarmed());
    }

    private synchronized void wake() {
        notifyAll();
        if (isRunning) {
            return;
        }
        isRunning = true;
        try {
            TracerThread.named("contrail-methods", this::work).start();
        } catch (Throwable e) {
            isRunning = false; // no thread to be had: at the next look
        }
    }

    private void work() {
        boolean isNews = true;
        while (true) {
            Set<MethodRule> rules = null;
            boolean isReady;
            synchronized (this) {
                if (arrivals.takeNews()) {
                    looks.begin();
                }
                isReady = hasWork() || looks.isDue();
                if (isReady && isChanged) {
                    rules = wanted;
                    isChanged = false;
                }
                isSettled |= !isReady;
            }
            if (isReady) {
                isNews |= tryTo(rules);
                continue;
            }
            if (isNews) {
                whenDone.run();
                isNews = false;
            }
            synchronized (this) {
                if (hasWork() || arrivals.hasNews()) {
                    continue;
                }
                if (!looks.isOn()) {
                    isRunning = false;
                    return;
                }
                pause(looks.millis());
            }
        }
    }

    private synchronized void pause(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            // nobody interrupts it: a look too early does no harm
        }
    }

    /// @param rules that are new; null: those of before, for what has come since
    /// @return whether there may be something to say
    private boolean tryTo(@Nullable Set<MethodRule> rules) {
        transformer.changing(Thread.currentThread());
        try {
            boolean isNews = rules != null || probes.hasUnarmed();
            if (rules != null) {
                change(rules);
                looks.begin();
            } else if (looks.isDue()) {
                isNews |= lookAgain();
            }
            if (probes.hasUnarmed()) {
                announce.run();
                probes.arm();
            }
            succeeded();
            return isNews;
        } catch (Throwable e) {
            failed(rules != null, e);
            return true;
        } finally {
            transformer.changing(null);
        }
    }

    /// All is as wanted only when these classes are changed and their events enabled.
    private synchronized void unsettle() {
        isSettled = false;
    }

    private synchronized void succeeded() {
        attempts.begin();
    }

    private synchronized void failed(boolean isChange, Throwable problem) {
        long pause = attempts.failed();
        if (attempts.isLeft()) {
            isChanged |= isChange;
            pause(pause);
            return;
        }
        for (WantedMethods each : transformer.wanted()) {
            each.remark("cannot change classes, and it is not tried again: " + problem);
        }
    }

    /// For classes that have come since, and were seen by the transformer under other rules or not
    /// at all.
    ///
    /// @return whether there were any
    private boolean lookAgain() {
        long from = System.nanoTime();
        try {
            List<Class<?>> found = classes.arrived();
            if (!found.isEmpty()) {
                unsettle(); // what is said of the rules changes before calls are recorded
            }
            classes.retransform(found);
            if (isOver()) {
                looks.end();
                leave();
            }
            return !found.isEmpty();
        } finally {
            looks.looked(from);
        }
    }

    /// Whether nobody wants anything, and each class is as it was.
    private boolean isOver() {
        return transformer.wanted().isEmpty() && !arrivals.hasOthers(transformer::matching);
    }

    /// Not before the last class is as it was: what is retransformed while no agent sees any class
    /// keeps what it has (JDK 25).
    private void leave() {
        if (isInstalled && !transformer.isNeeded()) {
            agent.removeTransformer(transformer);
            isInstalled = false;
        }
    }

    private void change(Set<MethodRule> rules) {
        Map<MethodRule, WantedMethods> before = new LinkedHashMap<>();
        transformer.wanted().forEach(each -> before.put(each.rule, each));
        List<WantedMethods> next = new ArrayList<>();
        List<WantedMethods> different = new ArrayList<>();
        for (MethodRule rule : rules) {
            WantedMethods known = before.remove(rule);
            next.add(known != null ? known : new WantedMethods(rule));
            if (known == null) {
                different.add(next.get(next.size() - 1));
            }
        }
        List<WantedMethods> added = List.copyOf(different);
        added.forEach(classes::refuseTooMany);
        different.addAll(before.values());
        transformer.want(next);
        if (!isInstalled && !next.isEmpty()) {
            agent.addTransformer(transformer, true);
            isInstalled = true;
        }
        Set<Class<?>> meant = new LinkedHashSet<>(classes.loaded(different, false));
        meant.addAll(classes.arrived());
        classes.retransform(List.copyOf(meant));
        if (isOver()) {
            leave();
        }
        List<WantedMethods> failed = new ArrayList<>(added);
        failed.removeIf(each -> !each.isRefused());
        if (!failed.isEmpty()) {
            classes.retransform(classes.loaded(failed, true));
        }
    }
}
