// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.file;

import dev.contrail.recorder.Schedules;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// Several take from one budget: together no more than it has.
public final class SpillBudgetSchedule {
    private SpillBudgetSchedule() {}

    public static void main(String[] arguments) throws InterruptedException {
        var budget = new SpillBudget(10);
        var held = new AtomicLong();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 3; i++) {
            int wanted = 4 + i;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                if (budget.take(wanted)) {
                                    Schedules.check(held.addAndGet(wanted) <= 10, "no more");
                                    held.addAndGet(-wanted);
                                    budget.giveBack(wanted);
                                }
                            }));
        }
        for (Thread each : threads) {
            each.join();
        }
        Schedules.check(budget.take(10), "all was given back");
    }
}
