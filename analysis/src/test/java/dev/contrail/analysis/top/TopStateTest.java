// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.source.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopStateTest {
    private static final String CLOCK = "e5bfba5b-d66c-48b5-83b2-54b01fe2cf3c";
    private static final long SLEEPS = 1;
    private static final long RUNNABLE = 0;

    @TempDir private Path folder;

    /// Some cells of the rows, as text, in the order of the view.
    private static List<String> cells(Table table, String... keys) {
        Table sorted = table.sorted(table.view().order(), false);
        return sorted.rows().stream()
                .map(row ->
                        Arrays.stream(keys)
                                .map(key ->
                                        "" + row.cells()[table.view().column(key).orElseThrow()])
                                .toList()
                                .toString())
                .toList();
    }

    private static Table total(TopState state, TopView view) {
        return state.table(view, Period.TOTAL, Wanted.ALL);
    }

    @Test
    void saysWhoHadTheProcessorWhileAThreadWaited() throws IOException {
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.change(0, 0, 0, RUNNABLE, 11);
            scene.wake(1, 100, 12, 0);
            scene.change(0, 400, 11, SLEEPS, 13);
            scene.change(0, 500, 13, RUNNABLE, 12); // 12 has waited 300 for 11, 100 for 13
            scene.change(0, 700, 12, SLEEPS, 13); // 13 has waited 200 for 12
            scene.change(0, 1000, 13, SLEEPS, 0);
        }

        TopState state = KernelScene.state(folder);

        assertThat(cells(total(state, TopView.SCHEDULING), "tid", "wait", "waits", "had_by"))
                .containsExactly(
                        "[12, 400, 1, task-11 (11)]", "[13, 200, 1, task-12 (12)]", "[11, 0, 0, ]");
        assertThat(cells(total(state, TopView.SCHEDULING), "had_by_share"))
                .containsExactly("[75.0]", "[100.0]", "[null]");
        assertThat(cells(total(state, TopView.THREADS), "tid", "run", "cpu"))
                .containsExactly("[11, 400, 40.0]", "[13, 400, 40.0]", "[12, 200, 20.0]");
        assertThat(cells(total(state, TopView.CPUS), "cpu", "usage", "current"))
                .containsExactly("[0, 100.0, ]");
    }

    @Test
    void knowsWhoHadTheProcessorLongestAmongMany() throws IOException {
        int others = 3 * Task.MAX_CULPRITS;
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.change(0, 0, 0, RUNNABLE, 100);
            scene.wake(1, 0, 12, 0);
            for (int i = 1; i <= others; i++) {
                scene.change(0, 10L * i, 99 + i, SLEEPS, 100 + i);
            }
            scene.change(0, 10L * others + 1000, 100 + others, SLEEPS, 12);
            scene.change(0, 10L * others + 2000, 12, SLEEPS, 0);
        }

        Table table = total(KernelScene.state(folder), TopView.SCHEDULING);

        assertThat(cells(table, "tid", "wait", "had_by"))
                .contains("[12, %d, task-%d (%<d)]".formatted(10 * others + 1000, 100 + others));
    }

    @Test
    void countsAWaitingThreadWhereItWasMovedTo() throws IOException {
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.change(0, 0, 0, RUNNABLE, 11);
            scene.change(1, 0, 0, RUNNABLE, 21);
            scene.wake(0, 100, 12, 0);
            scene.event(
                    1,
                    300,
                    "sched_migrate_task",
                    "comm",
                    "task-12",
                    "tid",
                    12L,
                    "prio",
                    20L,
                    "orig_cpu",
                    0L,
                    "dest_cpu",
                    1L);
            scene.change(1, 400, 21, SLEEPS, 12);
            scene.change(1, 600, 12, SLEEPS, 0);
        }

        TopState state = KernelScene.state(folder);

        assertThat(cells(total(state, TopView.SCHEDULING), "tid", "wait", "migrations", "had_by"))
                .contains("[12, 300, 1, task-11 (11)]");
        assertThat(cells(total(state, TopView.SCHEDULING), "tid", "had_by_share"))
                .contains("[12, " + 200 * 100.0 / 300 + "]");
    }

    @Test
    void creditsNobodyWithTimeBetweenSwitchesThatDoNotBelongTogether() throws IOException {
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.change(0, 0, 0, RUNNABLE, 11);
            scene.change(0, 400, 12, SLEEPS, 13); // from 11 to 12 was not recorded
            scene.change(0, 1000, 13, SLEEPS, 0);
        }

        TopState state = KernelScene.state(folder);

        assertThat(cells(total(state, TopView.THREADS), "tid", "name", "run"))
                .containsExactly(
                        "[13, task-13, 600]", "[null, (unknown), 400]", "[12, task-12, 0]");
        assertThat(cells(total(state, TopView.CPUS), "run")).containsExactly("[1000]");
    }

    /// As of a kernel that records nothing of a processor's idle thread: the first time shows that
    /// it does not, then who is woken there is taken to run.
    @Test
    void knowsWhoRunsWhereTheIdleThreadIsNotRecorded() throws IOException {
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.change(0, 0, 11, SLEEPS, 0);
            scene.wake(1, 100, 12, 0);
            scene.change(0, 300, 12, SLEEPS, 0); // that 12 got the processor was not recorded
            scene.wake(1, 400, 12, 0);
            scene.wake(1, 500, 13, 0);
            scene.event(0, 600, "syscall_entry_getpid");
            scene.event(0, 610, "syscall_exit_getpid", "ret", 12L);
            scene.change(0, 700, 12, SLEEPS, 13);
            scene.change(0, 1000, 13, SLEEPS, 0);
            scene.change(1, 2000, 0, RUNNABLE, 21);
        }

        TopState state = KernelScene.state(folder);

        assertThat(cells(total(state, TopView.SCHEDULING), "tid", "wait", "waits", "had_by"))
                .containsExactlyInAnyOrder(
                        "[13, 200, 1, task-12 (12)]", "[12, 0, 0, ]", "[11, 0, 0, ]");
        assertThat(cells(total(state, TopView.PROCESSES), "pid", "run", "syscalls"))
                .contains("[12, 300, 1]", "[13, 300, 0]");
        assertThat(cells(total(state, TopView.CPUS), "cpu", "run")).contains("[0, 600]");
    }

    @Test
    void knowsOfNobodyWhoWaitsAfterAGap() throws IOException {
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.change(0, 0, 0, RUNNABLE, 11);
            scene.wake(0, 100, 12, 0); // what became of it is lost
            scene.flush();
            scene.lose(0, 7);
            scene.change(0, 500, 11, SLEEPS, 13);
            scene.flush();
            scene.change(0, 2000, 13, SLEEPS, 0);
        }

        TopState state = KernelScene.state(folder);

        assertThat(cells(total(state, TopView.SCHEDULING), "tid", "wait"))
                .containsExactlyInAnyOrder("[11, 0]", "[13, 0]", "[null, 0]");
        assertThat(cells(total(state, TopView.CPUS), "waiting")).containsExactly("[0]");
    }

    @Test
    void countsSystemCallsWithTheirErrorsAndWhatTheyMove() throws IOException {
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.event(
                    0,
                    0,
                    "lttng_statedump_process_state",
                    "tid",
                    11L,
                    "pid",
                    10L,
                    "name",
                    "task-11");
            scene.event(
                    0,
                    0,
                    "lttng_statedump_file_descriptor",
                    "pid",
                    10L,
                    "fd",
                    3L,
                    "filename",
                    "/var/log/web");
            scene.event(0, 5, "syscall_exit_read", "ret", 5L); // of nobody who is known
            scene.change(0, 10, 0, RUNNABLE, 11);
            scene.event(0, 15, "syscall_exit_read", "ret", 5L); // had begun before
            scene.event(0, 20, "syscall_entry_write", "fd", 3L, "count", 100L);
            scene.event(0, 50, "syscall_exit_write", "ret", 100L);
            scene.event(0, 60, "syscall_entry_write", "fd", 3L, "count", 100L);
            scene.event(0, 70, "syscall_exit_write", "ret", -11L);
            scene.event(0, 80, "syscall_entry_openat", "filename", "/etc/hosts");
            scene.event(0, 90, "syscall_exit_openat", "ret", 4L);
            scene.event(0, 100, "syscall_entry_read", "fd", 4L, "count", 4096L);
            scene.event(0, 140, "syscall_exit_read", "ret", 57L);
            scene.event(0, 150, "syscall_entry_close", "fd", 4L);
            scene.event(0, 160, "syscall_exit_close", "ret", 0L);
            scene.event(0, 170, "syscall_entry_read", "fd", 4L, "count", 4096L);
            scene.event(0, 175, "syscall_exit_read", "ret", 1L);
        }

        TopState state = KernelScene.state(folder);

        assertThat(cells(total(state, TopView.SYSCALLS), "syscall", "count", "failed", "time"))
                .containsExactly(
                        "[read, 2, 0, 45]",
                        "[write, 2, 1, 40]",
                        "[close, 1, 0, 10]",
                        "[openat, 1, 0, 10]");
        assertThat(cells(total(state, TopView.SYSCALLS), "minimum", "average", "maximum", "errors"))
                .startsWith("[5, 22.5, 40, ]", "[10, 20.0, 30, EAGAIN:1]");
        assertThat(cells(total(state, TopView.IO), "pid", "read", "written", "transfers", "failed"))
                .containsExactly("[10, 58, 100, 4, 1]");
        assertThat(cells(total(state, TopView.FILES), "file", "read", "written", "average"))
                .containsExactly(
                        "[/etc/hosts, 57, 0, 40.0]",
                        "[/var/log/web, 0, 100, 20.0]",
                        "[fd 4 of task-11 (10), 1, 0, 5.0]");
        assertThat(cells(total(state, TopView.PROCESSES), "pid", "name", "syscalls", "written"))
                .containsExactly("[10, task-11, 6, 100]");
    }

    @Test
    void takesAnAddressForNoPath() throws IOException {
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.change(0, 10, 0, RUNNABLE, 11);
            scene.event(0, 80, "syscall_entry_openat", "filename", "0x55e761de0cd0");
            scene.event(0, 90, "syscall_exit_openat", "ret", 4L);
            scene.event(0, 100, "syscall_entry_read", "fd", 4L, "count", 4096L);
            scene.event(0, 140, "syscall_exit_read", "ret", 57L);
        }

        assertThat(cells(total(KernelScene.state(folder), TopView.FILES), "file"))
                .containsExactly("[fd 4 of task-11 (11)]");
    }

    @Test
    void countsIntervalsForThemselves() throws IOException {
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.change(0, 0, 0, RUNNABLE, 11);
            scene.change(0, 600, 11, SLEEPS, 12);
            scene.change(0, 1000, 12, SLEEPS, 0);
        }
        var state = new TopState();
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            while (reader.next()) {
                if (reader.current() instanceof EventRecord && reader.nanos() == 1000) {
                    state.endInterval(800);
                }
                state.accept(reader.current());
            }
        }

        assertThat(cells(state.table(TopView.THREADS, Period.INTERVAL, Wanted.ALL), "tid", "run"))
                .containsExactly("[11, 600]", "[12, 200]");
        state.endInterval(1000);
        assertThat(cells(state.table(TopView.THREADS, Period.INTERVAL, Wanted.ALL), "tid", "cpu"))
                .containsExactly("[12, 100.0]");
        assertThat(cells(total(state, TopView.THREADS), "tid", "run"))
                .containsExactly("[11, 600]", "[12, 400]");
        state.endInterval(2000);
        assertThat(state.table(TopView.THREADS, Period.INTERVAL, Wanted.ALL).rows()).isEmpty();
    }

    /// A viewer that comes late is told what there was long before it came.
    @Test
    void knowsProcessesOfAnOldStateDumpWithoutItsTime() throws IOException {
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.event(
                    0, 5, "lttng_statedump_process_state", "tid", 12L, "pid", 11L, "name", "web");
            scene.event(0, 6, "lttng_statedump_end");
            scene.change(0, 1_000_000, 0, RUNNABLE, 12);
            scene.change(0, 1_000_400, 12, SLEEPS, 0);
        }

        TopState state = KernelScene.state(TopState.live(), folder);

        assertThat(cells(total(state, TopView.PROCESSES), "pid", "run", "cpu"))
                .containsExactly("[11, 400, 100.0]");
        assertThat(cells(total(state, TopView.EVENTS), "event", "count"))
                .containsExactly("[sched_switch, 2]");
        assertThat(state.events()).isEqualTo(2);
    }

    @Test
    void keepsMachinesApart() throws IOException {
        String[][] hosts = {
            {"web", CLOCK},
            {"db", "00000000-0000-0000-0000-000000000001"},
            {"web", "00000000-0000-0000-0000-000000000002"}
        };
        for (int i = 0; i < hosts.length; i++) {
            try (var scene = new KernelScene(folder.resolve("" + i), hosts[i][0], hosts[i][1])) {
                scene.change(0, i, 0, RUNNABLE, 11);
                scene.change(0, 100 + i, 11, SLEEPS, 0);
            }
        }

        TopState state = KernelScene.state(folder);

        assertThat(state.hosts()).containsExactly("web", "db", "web#2");
        assertThat(cells(total(state, TopView.THREADS), "host", "tid", "run"))
                .containsExactly("[db, 11, 100]", "[web, 11, 100]", "[web#2, 11, 100]");
        assertThat(
                        cells(
                                state.table(
                                        TopView.THREADS, Period.TOTAL, new Wanted("db", "task-11")),
                                "host"))
                .containsExactly("[db]");
        assertThat(state.table(TopView.THREADS, Period.TOTAL, new Wanted("db", "12")).rows())
                .isEmpty();
    }

    @Test
    void countsWhatWasLost() throws IOException {
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.change(0, 0, 0, RUNNABLE, 11);
            scene.flush();
            scene.lose(0, 7);
            scene.change(0, 100, 11, SLEEPS, 0);
        }

        TopState state = KernelScene.state(folder);

        assertThat(state.lostEvents()).isEqualTo(7);
        assertThat(cells(total(state, TopView.LOST), "stream", "lost_events"))
                .containsExactly("[channel0_0, 7]");
    }

    /// However many threads there are: those of the past are one row, and no time is lost by that.
    @Test
    void sumsUpWhatItDoesNotRemember() throws IOException {
        int threads = Scheduling.MAX_TASKS + 1000;
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            long previous = 0;
            for (int i = 1; i <= threads; i++) {
                scene.change(0, i * 10L, previous, SLEEPS, i);
                previous = i;
            }
            scene.change(0, (threads + 1) * 10L, previous, SLEEPS, 0);
        }

        Table table = total(KernelScene.state(folder), TopView.THREADS);

        int run = TopView.THREADS.column("run").orElseThrow();
        assertThat(table.rows()).hasSize(Scheduling.MAX_TASKS + 1);
        assertThat(table.rows().stream().mapToLong(row -> (long) row.number(run)).sum())
                .isEqualTo(threads * 10L);
        assertThat(table.rows().getLast().text(3)).isEqualTo("(others)");
        assertThat(table.rows().getLast().cells()[run]).isEqualTo(10_000L);
    }

    /// A gap on one processor: who had it then is not known, and who waits anywhere is not either,
    /// as others were woken there.
    @Test
    void creditsNobodyWithTheTimeOfAGap() throws IOException {
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.change(0, 0, 0, RUNNABLE, 11);
            scene.change(1, 0, 0, RUNNABLE, 21);
            scene.wake(0, 100, 12, 1);
            scene.change(0, 200, 11, SLEEPS, 13);
            scene.flush();
            scene.lose(0, 7);
            scene.change(0, 1000, 14, SLEEPS, 15);
            scene.change(0, 1500, 15, SLEEPS, 0);
            scene.change(1, 2000, 21, SLEEPS, 0);
        }

        TopState state = KernelScene.state(folder);

        assertThat(cells(total(state, TopView.THREADS), "tid", "run"))
                .containsExactly("[21, 2000]", "[null, 800]", "[15, 500]", "[11, 200]", "[14, 0]");
        assertThat(cells(total(state, TopView.CPUS), "cpu", "run", "waiting"))
                .containsExactly("[1, 2000, 0]", "[0, 1500, 0]");
    }

    @Test
    void knowsTheNameOfWhoWasOnlyWoken() throws IOException {
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.change(0, 0, 0, RUNNABLE, 11);
            scene.wake(0, 100, 12, 0);
            scene.change(0, 400, 11, RUNNABLE, 11);
        }

        assertThat(cells(total(KernelScene.state(folder), TopView.SCHEDULING), "tid", "name"))
                .contains("[12, task-12]");
    }

    /// Machines whose clocks disagree, or of which one is silent, do not disturb each other.
    @Test
    void countsEachLiveMachineByItsOwnClock() throws IOException {
        long[] clocks = {1_000, 50_000_000_000L};
        for (int i = 0; i < clocks.length; i++) {
            try (var scene = new KernelScene(folder.resolve("" + i), "host" + i, CLOCK)) {
                scene.change(0, clocks[i], 0, RUNNABLE, 11);
                scene.change(0, clocks[i] + 300, 11, SLEEPS, 0);
                scene.change(0, clocks[i] + 400, 0, SLEEPS, 11);
            }
        }
        TopState state = TopState.live();
        for (int i = clocks.length - 1; i >= 0; i--) {
            KernelScene.state(state, folder.resolve("" + i));
        }
        state.endInterval(state.now());

        assertThat(
                        cells(
                                state.table(TopView.CPUS, Period.INTERVAL, Wanted.ALL),
                                "host",
                                "run",
                                "usage"))
                .containsExactly("[host0, 300, 75.0]", "[host1, 300, 75.0]");
        assertThat(state.rate()).isEqualTo(2 * 3 * 1e9 / 400);
        state.endInterval(state.now());
        assertThat(state.table(TopView.THREADS, Period.INTERVAL, Wanted.ALL).rows()).isEmpty();
    }

    /// Of a machine whose kernel is silent, because its relay is away, nobody knows who runs.
    @Test
    void countsNoTimeThatTheKernelHasNotComeTo() throws IOException {
        try (var scene = new KernelScene(folder.resolve("kernel"), "web", CLOCK)) {
            scene.change(0, 1000, 0, RUNNABLE, 11);
            scene.wake(0, 1500, 12, 0);
        }
        for (int i = 1; i <= 2; i++) {
            try (var scene = new KernelScene(folder.resolve("jvm" + i), "web", CLOCK, "ust")) {
                scene.event(0, 50_000L * i, "shop:paid");
            }
        }
        TopState state = TopState.live();
        KernelScene.state(state, folder.resolve("kernel"));
        KernelScene.state(state, folder.resolve("jvm1"));
        state.endInterval(state.now());

        Table cpus = state.table(TopView.CPUS, Period.INTERVAL, Wanted.ALL);
        assertThat(cells(cpus, "run", "usage")).containsExactly("[500, 100.0]");
        KernelScene.state(state, folder.resolve("jvm2"));
        state.endInterval(state.now());
        assertThat(cells(state.table(TopView.CPUS, Period.INTERVAL, Wanted.ALL), "run"))
                .containsExactly("[0]");
        assertThat(cells(state.table(TopView.EVENTS, Period.INTERVAL, Wanted.ALL), "event", "rate"))
                .containsExactly("[shop:paid, 20000.0]");
    }

    /// All virtual machines have the name of what runs them.
    @Test
    void saysWhatAVirtualMachineRuns() throws IOException {
        try (var scene = new KernelScene(folder, "web", CLOCK)) {
            scene.event(
                    0, 0, "lttng_statedump_process_state", "tid", 11L, "pid", 11L, "name", "java");
            scene.event(
                    0, 0, "lttng_statedump_process_state", "tid", 12L, "pid", 11L, "name", "GC");
            scene.event(
                    0, 0, "lttng_statedump_process_state", "tid", 13L, "pid", 13L, "name", "java");
            scene.event(
                    0, 0, "lttng_statedump_process_state", "tid", 14L, "pid", 14L, "name", "sh");
            for (long tid = 11; tid <= 14; tid++) {
                scene.wake(0, tid, tid, 0);
            }
            scene.wake(0, 20, 16, 0); // whose begin was lost
            scene.event(0, 100, "sched_process_exec", "tid", 14L, "filename", "/usr/bin/java");
        }
        var asked = new ArrayList<Long>();
        LocalFacts facts =
                new LocalFacts() {
                    @Override
                    public Optional<LocalThread> thread(long tid) {
                        return switch ((int) tid) {
                            case 15, 16 -> Optional.of(new LocalThread(15, "java"));
                            default -> Optional.empty();
                        };
                    }

                    @Override
                    public String program(long pid) {
                        asked.add(pid);
                        return pid == 13 ? "" : "Shop" + pid;
                    }

                    @Override
                    public String file(long pid, long descriptor) {
                        return "";
                    }
                };

        TopState state = KernelScene.state(TopState.live(facts), folder);

        Table table = total(state, TopView.PROCESSES);
        assertThat(cells(table, "pid", "name"))
                .containsExactlyInAnyOrder(
                        "[11, java Shop11]",
                        "[13, java]",
                        "[14, java Shop14]",
                        "[15, java Shop15]");
        assertThat(cells(state.table(TopView.THREADS, Period.TOTAL, Wanted.ALL), "tid", "name"))
                .contains("[11, java]", "[12, GC]");
        assertThat(state.table(TopView.PROCESSES, Period.TOTAL, new Wanted("", "shop14")).rows())
                .hasSize(1);
        assertThat(asked).containsOnlyOnce(11L, 13L, 14L, 15L);
    }
}
