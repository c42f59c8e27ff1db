// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.thread;

import dev.contrail.recorder.Schedules;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// The thread that empties a queue ends while others ask: each task is done or refused, never both,
/// never neither.
public final class TaskQueueSchedule {
    private TaskQueueSchedule() {}

    public static void main(String[] arguments) throws InterruptedException {
        var queue = new TaskQueue("owner", new Supervisor(Schedules::fail));
        var ran = new AtomicInteger();
        var answers = new CompletableFuture<?>[2];
        Thread first =
                Thread.ofPlatform().start(() -> answers[0] = queue.ask(ran::incrementAndGet));
        Thread second =
                Thread.ofPlatform().start(() -> answers[1] = queue.ask(ran::incrementAndGet));
        queue.runNext(0);
        queue.runNext(0);
        queue.end();
        first.join();
        second.join();

        int done = 0;
        for (CompletableFuture<?> each : answers) {
            Schedules.check(each.isDone(), "everybody is answered");
            done += each.isCompletedExceptionally() ? 0 : 1;
        }
        Schedules.check(done == ran.get(), "what was done is answered as done");
    }
}
