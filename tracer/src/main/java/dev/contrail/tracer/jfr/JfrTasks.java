// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import dev.contrail.tracer.process.ErrorLine;
import dev.contrail.tracer.process.TracerThread;
import java.util.ArrayDeque;
import java.util.Queue;

/// What JFR is to be told, one after the other, by a thread that ends when there is nothing more.
/// Any thread.
final class JfrTasks {
    private static final Queue<Runnable> TASKS = new ArrayDeque<>();
    private static boolean isWorking;
    private static volatile Runnable whenDone = () -> {};

    private JfrTasks() {}

    /// Called, by whatever thread, when the link thread has something to look for.
    static void whenDone(Runnable callback) {
        whenDone = callback;
    }

    /// Has the link thread look: a wish is done, or there are new event classes.
    static void tell() {
        whenDone.run();
    }

    static void add(Runnable task) {
        synchronized (TASKS) {
            TASKS.add(task);
            if (isWorking) {
                return;
            }
            isWorking = true;
        }
        try {
            TracerThread.named("contrail-jfr-orders", JfrTasks::work).start();
        } catch (Throwable e) { // then in this one
            ErrorLine.say(ErrorLine.About.THREADS, "no thread to be had for JFR: " + e);
            work();
        }
    }

    private static void work() {
        while (true) {
            Runnable task;
            synchronized (TASKS) {
                task = TASKS.poll();
                if (task == null) {
                    isWorking = false;
                    return;
                }
            }
            try {
                task.run();
            } catch (Throwable e) {
                ErrorLine.say(ErrorLine.About.ORDER, "JFR: " + e);
            }
        }
    }
}
