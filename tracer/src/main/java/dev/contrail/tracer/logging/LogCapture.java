// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import dev.contrail.tracer.process.TracerThread;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;

/// Makes the JVM's loggers show their records to [LogRecords], as long as somebody wants them.
/// Needs the agent.
///
/// Nothing of `java.util.logging` is initialised here, so that the application stays the one who
/// decides when that happens, and with which `LogManager`. The work is done by a thread of its own
/// that ends with it, because other agents' code may run in it.
final class LogCapture {
    private final Instrumentation agent;
    private final LoggerPatch patch = new LoggerPatch();
    private final Runnable whenDone;

    private boolean isWanted;
    private boolean isOn;
    private boolean isWorking;
    private String problem = "";

    /// @param whenDone called by the thread when the state is the wanted one
    LogCapture(Instrumentation agent, Runnable whenDone) {
        this.agent = agent;
        this.whenDone = whenDone;
    }

    /// Whether the loggers are not yet as they are wanted.
    synchronized boolean isWorking() {
        return isWorking;
    }

    /// Why there are no records though they are wanted; empty when there are.
    synchronized String problem() {
        return problem.isEmpty() ? patch.problem() : problem;
    }

    /// Returns at once.
    synchronized void want(boolean wanted) {
        isWanted = wanted;
        if (isWorking || isOn == wanted) {
            return;
        }
        isWorking = true;
        try {
            TracerThread.named("contrail-loggers", this::work).start();
        } catch (Throwable e) {
            isWorking = false;
            problem = "no thread to be had for the log records: " + e;
        }
    }

    private void work() {
        while (true) {
            boolean next;
            synchronized (this) {
                if (isOn == isWanted) {
                    isWorking = false;
                    break;
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
                failure = "cannot see the log records: " + e;
            }
            synchronized (this) {
                isOn = next;
                problem = failure;
            }
        }
        whenDone.run();
    }

    private void install() throws Exception {
        LogRecords.load();
        TapClass.send(agent, LogRecords.TAP);
        agent.addTransformer(patch, true);
        retransform();
    }

    private void remove() throws Exception {
        agent.removeTransformer(patch);
        retransform();
        TapClass.send(agent, null);
    }

    private void retransform() throws Exception {
        List<Class<?>> loggers = new ArrayList<>();
        for (Class<?> each : agent.getAllLoadedClasses()) {
            patch.look(each);
            if (LoggerPatch.isLogger(each)) {
                loggers.add(each);
            }
        }
        if (!loggers.isEmpty()) {
            agent.retransformClasses(loggers.toArray(new Class<?>[0]));
        }
    }
}
