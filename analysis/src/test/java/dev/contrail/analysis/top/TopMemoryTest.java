// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is kept of a machine that has run for days.
class TopMemoryTest {
    private static final String CLOCK = "e5bfba5b-d66c-48b5-83b2-54b01fe2cf3c";
    private static final long SLEEPS = 1;
    private static final long DEAD = 16;
    private static final long SLEEPER = 5;
    private static final int PROCESSES = 1_000_000;
    private static final int AT_ONCE = 50_000;
    private static final int RUN = TopView.THREADS.column("run").orElseThrow();

    @TempDir private Path folder;

    /// Processes that come and go make no room for themselves where others live.
    @Test
    void keepsWhatLivesWhileAMillionProcessesComeAndGo() throws IOException {
        var state = new TopState();
        try (var scene = new KernelScene(folder.resolve("begin"), "web", CLOCK)) {
            scene.event(
                    0,
                    0,
                    "lttng_statedump_process_state",
                    "tid",
                    SLEEPER,
                    "pid",
                    4L,
                    "name",
                    "sleeper");
            scene.event(
                    0,
                    0,
                    "lttng_statedump_file_descriptor",
                    "pid",
                    4L,
                    "fd",
                    3L,
                    "filename",
                    "/var/log/web");
            scene.change(0, 1, 0, SLEEPS, 7);
            scene.change(0, 11, 7, SLEEPS, 0);
        }
        KernelScene.state(state, folder.resolve("begin"));
        for (int done = 0; done < PROCESSES; done += AT_ONCE) {
            Path part = folder.resolve("part" + done);
            try (var scene = new KernelScene(part, "web", CLOCK)) {
                for (int i = done; i < done + AT_ONCE; i++) {
                    comeAndGo(scene, 100L + 10L * i, 1000L + i);
                }
            }
            KernelScene.state(state, part);
        }
        long end = 200 + 10L * PROCESSES;
        try (var scene = new KernelScene(folder.resolve("end"), "web", CLOCK)) {
            scene.change(0, end, 0, SLEEPS, SLEEPER);
            scene.event(0, end + 1, "syscall_entry_write", "fd", 3L);
            scene.event(0, end + 2, "syscall_exit_write", "ret", 9L);
            scene.change(0, end + 5, SLEEPER, SLEEPS, 0);
        }
        KernelScene.state(state, folder.resolve("end"));

        Table threads = state.table(TopView.THREADS, Period.TOTAL, Wanted.ALL);
        assertThat(threads.rows()).hasSizeLessThanOrEqualTo(Scheduling.MAX_ENDED + 4);
        assertThat(threads.rows().stream().mapToLong(row -> (long) row.number(RUN)).sum())
                .isEqualTo(10 + 5L * PROCESSES + 5);
        assertThat(state.table(TopView.THREADS, Period.TOTAL, new Wanted("", "4")).rows())
                .anyMatch(row -> row.cells()[1].equals(SLEEPER) && row.cells()[2].equals(4L));
        assertThat(state.table(TopView.FILES, Period.TOTAL, Wanted.ALL).rows())
                .extracting(row -> row.text(1))
                .containsExactly("/var/log/web");
    }

    private static void comeAndGo(KernelScene scene, long at, long tid) throws IOException {
        scene.event(
                0,
                at,
                "sched_process_fork",
                "parent_tid",
                7L,
                "parent_pid",
                7L,
                "child_tid",
                tid,
                "child_pid",
                tid,
                "child_comm",
                "sh");
        scene.change(0, at + 1, 0, SLEEPS, tid);
        scene.event(0, at + 5, "sched_process_exit", "comm", "sh", "tid", tid, "prio", 20L);
        scene.change(0, at + 6, tid, DEAD, 0);
    }
}
