// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.kernel.buffer.SubBuffer;
import dev.contrail.recorder.domain.RingAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// With numbered records that the test itself writes into the kernel's rings.
@ExtendWith(TracefsCondition.class)
@Timeout(1200)
class KernelRingTest {
    private static final int SMALL = 4096;
    @TempDir Path directory;

    @Test
    void storesEachRecordOnceAndInOrder() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session().sized(SMALL, 64).apply(true)) {
            for (int i = 0; i < 50; i++) {
                session.mark(100 * i, 100);
                session.ring().drain(sink, i % 7 == 6);
            }
            session.apply(false).ring().drain(sink, true);
            assertThat(markersIn(sink)).isEqualTo(range(0, 5000));
            assertAccount(session.ring().account(), sink, 5000);
            assertThat(sink.discarded()).isZero();
        }
    }

    @Test
    void leavesTheSubBufferThatIsWritten() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session().apply(true)) {
            session.mark(0, 10);
            session.ring().drain(sink, false);
            assertThat(sink.recordCount()).isZero();
            session.ring().drain(sink, true);
            session.mark(10, 5);
            session.ring().drain(sink, false);
            assertThat(sink.recordCount()).isEqualTo(10);
            session.ring().drain(sink, true);
            assertThat(markersIn(sink)).isEqualTo(range(0, 15));
        }
    }

    @Test
    void takesWholeSubBuffersWithoutBeingAskedForTheRest() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session().sized(SMALL, 256).apply(true)) {
            session.mark(0, 5000);
            session.ring().drain(sink, false);
            long perSubBuffer = (SMALL - SubBuffer.DATA) / 20;
            int cpus = Runtime.getRuntime().availableProcessors();
            assertThat(sink.recordCount())
                    .isLessThan(5000)
                    .isGreaterThan(5000 - 2 * (cpus + 1) * perSubBuffer);
            session.ring().drain(sink, true);
            assertThat(markersIn(sink)).isEqualTo(range(0, 5000));
        }
    }

    @Test
    void countsExactlyWhatItDiscards() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session().sized(SMALL, 4).apply(true)) {
            int refused = session.mark(0, 5000);
            session.ring().drain(sink, false);
            refused += session.mark(5000, 5000);
            session.apply(false).ring().drain(sink, true);
            assertThat(sink.discarded()).isPositive().isEqualTo(refused);
            assertThat(sink.recordCount() + sink.discarded()).isEqualTo(10_000);
            assertThat(session.ring().account().discarded()).isEqualTo(refused);
            assertThat(markersIn(sink)).doesNotHaveDuplicates().isSorted();
        }
    }

    /// One CPU, whose ring overflows again and again: before each packet's first record so many are
    /// missing as were lost until then.
    @Test
    void placesALossBetweenTheRecordsAroundIt() throws Exception {
        var sink = new DirectorySink(directory);
        List<Integer> cpus = Affinity.ofThisThread();
        Affinity.pinThisThread(cpus.subList(0, 1));
        try (var session = session().sized(SMALL, 4).apply(true)) {
            int marked = 0;
            for (int count : new int[] {100, 3000, 700, 2000, 10, 5000}) {
                session.mark(marked, count);
                marked += count;
                session.ring().drain(sink, false);
            }
            session.apply(false).ring().drain(sink, true);
            List<Long> markers = markersIn(sink);
            int stored = 0;
            for (IndexEntry packet : sink.cpuStreams().getFirst()) {
                if (packet.recordCount() > 0) {
                    assertThat(packet.discardedEvents()).isEqualTo(markers.get(stored) - stored);
                    stored += (int) packet.recordCount();
                }
            }
            assertThat(sink.discarded()).isPositive().isEqualTo(marked - stored);
        } finally {
            Affinity.pinThisThread(cpus);
        }
    }

    @Test
    void countsExactlyWhatWasOverwritten() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session().overwriting().sized(SMALL, 4).apply(true)) {
            session.mark(0, 5000);
            session.ring().drain(sink, false);
            session.mark(5000, 5000);
            session.ring().drain(sink, true);
            session.mark(10_000, 100);
            session.apply(false).ring().drain(sink, true);
            assertThat(sink.discarded()).isPositive();
            assertThat(sink.recordCount() + sink.discarded()).isEqualTo(10_100);
            assertThat(session.ring().account().overwritten()).isEqualTo(sink.discarded());
            assertThat(markersIn(sink)).doesNotHaveDuplicates().isSorted().endsWith(10_099L);
        }
    }

    @Test
    void losesNothingWhenTheSinkFailsAndRecovers() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session().sized(SMALL, 64).apply(true)) {
            session.mark(0, 3000);
            for (int packets = 0; packets < 4; packets++) {
                sink.failAfter(packets);
                assertThatThrownBy(() -> session.ring().drain(sink, true))
                        .isInstanceOf(IOException.class);
            }
            sink.failAfter(Integer.MAX_VALUE);
            session.apply(false).ring().drain(sink, true);
            assertThat(markersIn(sink)).isEqualTo(range(0, 3000));
        }
    }

    @Test
    void goesOnWhereADaemonThatDiedStopped() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session().sized(SMALL, 256).apply(true)) {
            int marked = 0;
            for (int packets = 0; packets < 6; packets++) {
                session.mark(marked, 2000);
                marked += 2000;
                sink.failAfter(packets);
                assertThatThrownBy(() -> session.ring().drain(sink, true))
                        .isInstanceOf(IOException.class);
                sink.failAfter(Integer.MAX_VALUE);
                session.takeOver();
                session.apply(true);
                if (packets % 2 == 0) {
                    session.ring().drain(sink, packets % 4 == 0);
                }
            }
            session.apply(false).ring().drain(sink, true);
            assertThat(markersIn(sink)).isEqualTo(range(0, marked));
            assertThat(sink.discarded()).isZero();
        }
    }

    @Test
    void losesNothingThatWaitsForASlowSink() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session().drainedAside().sized(SMALL, 64).apply(true)) {
            for (int i = 0; i < 200; i++) { // ten times what the rings hold
                assertThat(session.mark(1000 * i, 1000)).isZero();
                session.awaitRoom(SMALL * 64 / 2);
            }
            assertThat(sink.recordCount()).isZero();
            session.ring().drain(sink, false);
            assertThat(sink.recordCount()).isGreaterThan(150_000);
            session.apply(false).ring().drain(sink, true);
            assertThat(markersIn(sink)).isEqualTo(range(0, 200_000));
            assertAccount(session.ring().account(), sink, 200_000);
        }
    }

    /// Nobody waits for a sub-buffer to be full.
    @Test
    void storesTheFewRecordsOfARingThatIsSlow() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session().drainedAside().apply(true)) {
            for (int i = 0; i < 3; i++) {
                assertThat(session.mark(10 * i, 10)).isZero();
                while (sink.recordCount() < 10 * (i + 1)) {
                    session.ring().drain(sink, false);
                    Thread.onSpinWait();
                }
            }
            session.apply(false).ring().drain(sink, true);
            assertThat(markersIn(sink).stream().sorted().toList()).isEqualTo(range(0, 30));
            assertAccount(session.ring().account(), sink, 30);
        }
    }

    @Test
    void sharesTheCpusAmongThreads() throws Exception {
        var sink = new DirectorySink(directory);
        List<Integer> cpus = Affinity.ofThisThread();
        try (var session = session().drainedBy(2, 3).sized(SMALL, 64).apply(true)) {
            for (int i = 0; i < 100; i++) {
                Affinity.pinThisThread(List.of(cpus.get(i % cpus.size())));
                assertThat(session.mark(1000 * i, 1000)).isZero();
                session.awaitRoom(SMALL * 64 / 2);
                session.ring().drain(sink, false);
            }
            session.apply(false).ring().drain(sink, true);
            assertThat(markersIn(sink).stream().sorted().toList()).isEqualTo(range(0, 100_000));
            assertAccount(session.ring().account(), sink, 100_000);
        } finally {
            Affinity.pinThisThread(cpus);
        }
    }

    @Test
    void recordsNothingWhileInactive() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session().apply(false)) {
            assertThat(session.mark(0, 1)).isEqualTo(1);
            session.apply(true).mark(1, 1);
            session.apply(false);
            assertThat(session.mark(2, 1)).isEqualTo(1);
            session.ring().drain(sink, true);
            assertThat(markersIn(sink)).containsExactly(1L);
        }
    }

    @Test
    void ordersPacketsAndTheirTimes() throws Exception {
        var sink = new DirectorySink(directory);
        try (var session = session().sized(SMALL, 64).apply(true)) {
            session.mark(0, 3000);
            session.apply(false).ring().drain(sink, true);
            for (List<IndexEntry> stream : sink.cpuStreams()) {
                long last = Long.MIN_VALUE;
                for (IndexEntry entry : stream) {
                    assertThat(entry.beginTicks()).isGreaterThanOrEqualTo(last);
                    assertThat(entry.endTicks()).isGreaterThanOrEqualTo(entry.beginTicks());
                    last = entry.endTicks();
                }
            }
            assertThat(InstalledBabeltrace.read(directory))
                    .noneMatch(line -> line.startsWith("WARNING"))
                    .filteredOn(line -> line.contains("ftrace_raw_data"))
                    .hasSize(3000);
        }
    }

    private KernelSession session() throws Exception {
        return new KernelSession(directory, false, true).markers();
    }

    private static void assertAccount(RingAccount account, DirectorySink sink, long emitted) {
        assertThat(account.recorded()).isEqualTo(emitted).isEqualTo(sink.recordCount());
        assertThat(account.discarded()).isZero();
        assertThat(account.overwritten()).isZero();
        assertThat(account.oldestTicks()).isEqualTo(Long.MAX_VALUE);
    }

    /// Numbers in time order.
    static List<Long> markersIn(DirectorySink sink) throws Exception {
        return TraceEvents.named(TraceEvents.read(sink), "ftrace_raw_data").stream()
                .sorted(Comparator.comparingLong(TraceEvents.Event::ticks))
                .map(event -> event.number("id"))
                .toList();
    }

    static List<Long> range(long first, long end) {
        return LongStream.range(first, end).boxed().toList();
    }
}
