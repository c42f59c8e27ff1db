// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.recorder.domain.Capture;
import dev.contrail.recorder.domain.RingAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Snapshots of numbered records that are written at full speed meanwhile.
@ExtendWith(TracefsCondition.class)
@Timeout(1200)
class KernelSnapshotTest {
    private static final int SMALL = 4096;
    private static int threads;
    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isOneStretchOfRecordsWithoutGaps(boolean isMapped) throws Exception {
        try (var session = session(isMapped).sized(SMALL, 32).apply(true)) {
            session.mark(0, 1000);
            var marked = new AtomicInteger(1000);
            var isEnded = new AtomicBoolean();
            // On one CPU: of several, each is copied at a moment of its own.
            Future<Integer> marking = onCpu(0, () -> markUntil(session, marked, isEnded));
            try {
                for (int i = 0; i < 30; i++) {
                    int before = marked.get();
                    Capture capture = session.ring().capture();
                    var sink = new DirectorySink(directory.resolve("snapshot" + i));
                    capture.write(sink);
                    List<TraceEvents.Event> complete = complete(sink, capture.oldestTicks());
                    assertThat(complete).isNotEmpty();
                    List<Long> numbers = numbers(complete);
                    long first = numbers.getFirst();
                    assertThat(numbers)
                            .isEqualTo(KernelRingTest.range(first, first + numbers.size()));
                    assertThat(first + numbers.size()).isGreaterThanOrEqualTo(before);
                    assertThat(sink.discarded()).isZero();
                }
            } finally {
                isEnded.set(true);
            }
            assertThat(marking.get()).isGreaterThan(1000);
        }
    }

    /// The writer stays on one CPU: the newest record's number then says how many were written.
    @Test
    void accountsForEveryRecordWhileOthersAreWritten() throws Exception {
        try (var session = session(true).sized(64 << 10, 16).apply(true)) {
            var isEnded = new AtomicBoolean();
            Future<Integer> marking =
                    onCpu(0, () -> markUntil(session, new AtomicInteger(), isEnded));
            try {
                while (session.ring().account().recorded() == 0) {
                    assertThat(marking.isDone()).isFalse();
                }
                for (int i = 0; i < 20; i++) {
                    Capture capture = session.ring().capture();
                    while (capture.account().isEmpty()) { // the ring has gone round meanwhile
                        capture = session.ring().capture();
                    }
                    RingAccount account = capture.account().orElseThrow();
                    var sink = new DirectorySink(directory.resolve("snapshot" + i));
                    capture.write(sink);
                    List<Long> numbers = KernelRingTest.markersIn(sink);
                    assertThat(account.recorded()).isEqualTo(numbers.getLast() + 1);
                    assertThat(account.overwritten()).isEqualTo(numbers.getFirst());
                    assertThat(sink.recordCount())
                            .isEqualTo(account.recorded() - account.overwritten());
                    assertThat(account.discarded()).isZero();
                    assertThat(capture.account()).as("after it was written").isEmpty();
                }
            } finally {
                isEnded.set(true);
            }
            assertThat(marking.get()).isPositive();
        }
    }

    /// The ring loses nothing, but the memory beside it does: it is as large as the ring.
    @Test
    void knowsWhatItForgotOfARingThatIsRead() throws Exception {
        try (var session = session(false).sized(SMALL, 32).apply(true)) {
            assertThat(onCpu(1, () -> session.mark(0, 3000)).get()).isZero();
            for (int round = 1; round <= 4; round++) {
                int first = round * 3000;
                assertThat(onCpu(0, () -> session.mark(first, 3000)).get()).isZero();
                var sink = new DirectorySink(directory.resolve("snapshot" + round));
                Capture capture = session.ring().capture();
                capture.write(sink);
                List<Long> numbers = numbers(complete(sink, capture.oldestTicks()));
                assertThat(numbers)
                        .isEqualTo(KernelRingTest.range(numbers.getFirst(), first + 3000));
            }
            assertThat(session.ring().account().overwritten()).isZero();
        }
    }

    /// Runs `work` on one CPU, the first or the second of those that we may use (of one, on that),
    /// in a thread of its own.
    private static <T> Future<T> onCpu(int place, Callable<T> work) throws Exception {
        var isRunning = new CountDownLatch(1);
        var isPinned = new CountDownLatch(1);
        var task =
                new FutureTask<T>(() -> {
                    isRunning.countDown(); // by now the kernel knows its name
                    isPinned.await();
                    return work.call();
                });
        String name = "marker" + ++threads; // one that ends may still be there
        Thread.ofPlatform().name(name).start(task);
        isRunning.await();
        List<Integer> cpus = cpus();
        pin(name, cpus.get(place % cpus.size()));
        isPinned.countDown();
        return task;
    }

    /// Those that this process may run on.
    private static List<Integer> cpus() throws IOException {
        String name = "Cpus_allowed_list:";
        String allowed =
                Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith(name))
                        .findFirst()
                        .orElseThrow()
                        .substring(name.length());
        return Stream.of(allowed.strip().split(","))
                .map(range -> range.split("-"))
                .flatMapToInt(ends ->
                        IntStream.rangeClosed(
                                Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])))
                .boxed()
                .toList();
    }

    /// Keeps the thread of that name on one CPU.
    private static void pin(String thread, int cpu) throws Exception {
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                if (name(task).equals(thread)) {
                    var taskset =
                            new ProcessBuilder(
                                    "taskset",
                                    "-cp",
                                    Integer.toString(cpu),
                                    task.getFileName().toString());
                    assertThat(taskset.start().waitFor()).isZero();
                    return;
                }
            }
        }
        throw new AssertionError("no thread " + thread);
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException ended) {
            return "";
        }
    }

    @Test
    void consumesNothing() throws Exception {
        try (var session = session(true).sized(SMALL, 32).apply(true)) {
            session.mark(0, 1000);
            for (int i = 0; i < 3; i++) {
                var sink = new DirectorySink(directory.resolve("snapshot" + i));
                session.ring().capture().write(sink);
                assertThat(KernelRingTest.markersIn(sink)).isEqualTo(KernelRingTest.range(0, 1000));
                session.ring().drain(sink, true);
            }
            assertThat(session.ring().account().recorded()).isEqualTo(1000);
        }
    }

    @Test
    void beginsAndEndsWithTheStateOfTheMachine() throws Exception {
        try (var session = session(true).apply(true)) {
            session.mark(0, 10);
            var sink = new DirectorySink(directory);
            session.awaitStateDump();
            session.ring().capture().write(sink);
            List<TraceEvents.Event> events = TraceEvents.read(sink);
            assertThat(TraceEvents.named(events, "lttng_statedump_end")).hasSize(2);
            long firstMarker = TraceEvents.named(events, "ftrace_raw_data").getFirst().ticks();
            List<TraceEvents.Event> starts = TraceEvents.named(events, "lttng_statedump_start");
            assertThat(starts.getLast().ticks()).isGreaterThan(firstMarker);
            long self = ProcessHandle.current().pid();
            assertThat(TraceEvents.named(events, "lttng_statedump_process_state"))
                    .filteredOn(event -> event.number("tid") == self)
                    .hasSize(2)
                    .allMatch(event ->
                            event.number("pid") == self && event.text("name").equals("java"));
            assertThat(InstalledBabeltrace.read(directory))
                    .noneMatch(line -> line.startsWith("WARNING"));
        }
    }

    @Test
    void keepsTheStateOfTheStartOverARestartOfTheDaemon() throws Exception {
        try (var session = session(true).apply(true)) {
            session.awaitStateDump();
            session.takeOver();
            session.apply(true);
            var sink = new DirectorySink(directory);
            session.ring().capture().write(sink);
            assertThat(TraceEvents.named(TraceEvents.read(sink), "lttng_statedump_start"))
                    .hasSize(2);
        }
    }

    /// Marks from the number in `marked` on, which it brings up to date.
    private static int markUntil(KernelSession session, AtomicInteger marked, AtomicBoolean isEnded)
            throws IOException {
        while (!isEnded.get()) {
            assertThat(session.mark(marked.get(), 1000)).isZero();
            marked.addAndGet(1000);
        }
        return marked.get();
    }

    private static List<TraceEvents.Event> complete(DirectorySink sink, long oldestTicks)
            throws Exception {
        return TraceEvents.named(TraceEvents.read(sink), "ftrace_raw_data").stream()
                .filter(event -> event.ticks() >= oldestTicks)
                .sorted(Comparator.comparingLong(TraceEvents.Event::ticks))
                .toList();
    }

    private static List<Long> numbers(List<TraceEvents.Event> events) {
        return events.stream().map(event -> event.number("id")).toList();
    }

    private KernelSession session(boolean isMapped) throws Exception {
        return new KernelSession(directory, true, isMapped).overwriting().markers();
    }
}
