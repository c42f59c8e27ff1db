// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.recorder.consumer.PacketQueueSchedule;
import dev.contrail.recorder.file.SpillBudgetSchedule;
import dev.contrail.recorder.thread.TaskQueueSchedule;
import dev.contrail.recorder.thread.WorkerSchedule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/// The races of `bench/schedules.sh`, in the schedules that this machine happens to choose.
@Timeout(300)
class SchedulesTest {
    private static final String[] NONE = {};

    @RepeatedTest(100)
    void hold() throws Exception {
        List<Throwable> uncaught = new ArrayList<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, thrown) -> uncaught.add(thrown));
        try {
            WorkerSchedule.main(NONE);
            TaskQueueSchedule.main(NONE);
            SpillBudgetSchedule.main(NONE);
            PacketQueueSchedule.main(NONE);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(uncaught).isEmpty();
    }
}
