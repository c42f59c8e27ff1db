// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.thread;

import dev.contrail.recorder.Schedules;
import java.util.concurrent.CompletableFuture;

/// A worker ends while others ask it: everybody is answered, and its thread ends.
public final class WorkerSchedule {
    private WorkerSchedule() {}

    public static void main(String[] arguments) throws InterruptedException {
        var worker = new Worker("worker", 2, new Supervisor(Schedules::fail));
        var answers = new CompletableFuture<?>[2];
        Thread first = Thread.ofPlatform().start(() -> answers[0] = worker.ask(() -> 1));
        Thread second = Thread.ofPlatform().start(() -> answers[1] = worker.ask(() -> 2));
        worker.end();
        first.join();
        second.join();

        Schedules.check(worker.awaitEnd(0), "its thread has ended");
        for (CompletableFuture<?> each : answers) {
            Schedules.check(each.isDone(), "everybody is answered");
        }
    }
}
