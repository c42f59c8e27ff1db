// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.kernel.statedump.Interruptions;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.wire.PointType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Other users of ftrace write the files of a session's instance.
@ExtendWith(TracefsCondition.class)
@Timeout(1200)
class InterruptionsTest {
    @TempDir Path directory;

    private KernelSession session(boolean isSnapshot) throws Exception {
        return new KernelSession(directory, isSnapshot, true).sized(4096, 256).markers();
    }

    /// With a buffer that has room: the kernel refuses to give the set of CPUs piece by piece.
    private static String read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(8192), StandardCharsets.UTF_8);
        }
    }

    private static void write(Path file, String value) throws IOException {
        Files.writeString(file, value, StandardOpenOption.WRITE);
    }

    @ParameterizedTest
    @CsvSource({
        "tracing_on, 0, switched off or on",
        "buffer_size_kb, 64, rings of another size",
        "trace_options, nooverwrite, other options",
        "trace_options, stacktrace, other options",
        "set_event_pid, 1, restricted to some processes",
        "tracing_cpumask, 1, restricted to other CPUs",
        "trace_clock, global, another clock",
        "events/sched/sched_switch/enable, 0, deprived of 1 of its events",
        "events/sched/sched_waking/enable, 1, given 1 events more",
        "events/sched/sched_switch/filter, prev_pid == 1, given filters for 1 of its events",
    })
    void areUndoneAndTold(String file, String value, String told) throws Exception {
        // A ring that is mapped keeps its size.
        boolean isMapped = !file.equals("buffer_size_kb");
        try (var session = new KernelSession(directory, true, isMapped).overwriting()) {
            session.sized(4096, 256).markers();
            session.rule(PointType.TRACEPOINT, "sched_switch").apply(true);
            Path changed = session.instance().resolve(file);
            String right = read(changed);
            write(changed, value);
            assertThat(read(changed)).isNotEqualTo(right);
            session.recording().check();

            assertThat(read(changed)).isEqualTo(right);
            assertThat(session.ring().account().notes()).singleElement().asString().contains(told);
            session.recording().check();
            assertThat(session.ring().account().notes())
                    .as("nothing more has happened")
                    .singleElement()
                    .asString()
                    .startsWith("interrupted: ");
        }
    }

    @Test
    void areNoneWhereNobodyHasDoneAnything() throws Exception {
        try (var session = session(false)) {
            session.rule(PointType.SYSCALL, "*").rule(PointType.TRACEPOINT, "sched_switch");
            session.recording().follow(ProcessHandle.current().pid());
            session.apply(true);
            session.recording().check();
            session.apply(false);
            session.recording().check();
            session.apply(true);
            session.recording().check();
            assertThat(session.ring().account().notes()).isEmpty();
        }
    }

    @Test
    void standInTheTrace() throws Exception {
        var sink = new DirectorySink(directory.resolve("trace"));
        try (var session = session(false)) {
            session.apply(true);
            session.awaitStateDump();
            write(session.instance().resolve("tracing_on"), "0");
            session.recording().check();
            session.ring().drain(sink, true);
            session.ring().drain(sink, true);
            List<TraceEvents.Event> told =
                    TraceEvents.named(TraceEvents.read(sink), "contrail_interruption");
            assertThat(told).hasSize(1);
            assertThat(told.getFirst().number("at_most_ns")).isPositive();
            assertThat(InstalledBabeltrace.read(directory.resolve("trace")))
                    .anyMatch(line -> line.contains("contrail_interruption: "));
        }
    }

    /// Neither costs the other its place, whichever comes first.
    @RepeatedTest(5)
    void standInTheTraceBesideAStateDumpThatIsBeingTaken() throws Exception {
        var sink = new DirectorySink(directory.resolve("trace"));
        try (var session = session(false)) {
            session.apply(true);
            write(session.instance().resolve("tracing_on"), "0");
            session.recording().check();
            session.ring().drain(sink, false);
            session.awaitStateDump();
            session.ring().drain(sink, true);
            List<TraceEvents.Event> events = TraceEvents.read(sink);

            assertThat(TraceEvents.named(events, "contrail_interruption")).hasSize(1);
            assertThat(TraceEvents.named(events, "lttng_statedump_start")).hasSize(1);
            assertThat(TraceEvents.named(events, "lttng_statedump_end")).hasSize(1);
        }
    }

    @Test
    void areLaterThanWhatIsStored() {
        var interruptions = new Interruptions(name -> 7);
        interruptions.add("switched off", 1);
        long later = System.nanoTime() + 1_000_000_000L;

        assertThat(interruptions.event(0, Long.MIN_VALUE).firstTicks()).isLessThan(later);
        assertThat(interruptions.event(0, later).firstTicks()).isEqualTo(later + 1);
        assertThat(interruptions.event(1, later)).isNull();
        assertThat(interruptions.before(later)).isEqualTo(1);
        assertThat(interruptions.before(0)).isZero();
    }

    /// Emitted = stored + overwritten + reported lost, also where a ring was cleared.
    @Test
    void keepTheAccountWhereARingIsCleared() throws Exception {
        var sink = new DirectorySink(directory.resolve("trace"));
        try (var session = session(false)) {
            session.apply(true);
            assertThat(session.mark(0, 100)).isZero();
            session.ring().drain(sink, true);
            assertThat(session.mark(100, 50)).isZero();
            assertThat(session.ring().account().recorded()).isEqualTo(150);
            write(session.instance().resolve("trace_clock"), "global"); // clears the rings
            session.ring().drain(sink, false);
            session.recording().check();
            assertThat(session.mark(150, 25)).isZero();
            session.ring().drain(sink, true);
            RingAccount account = session.ring().account();

            assertThat(KernelRingTest.markersIn(sink)).hasSize(125).contains(0L, 99L, 150L, 174L);
            assertThat(account.recorded()).isEqualTo(175);
            assertThat(account.overwritten()).isEqualTo(50);
            assertThat(account.discarded()).isZero();
            assertThat(sink.discarded()).isEqualTo(50);
        }
    }

    @Test
    void areToldAndCountedWhereSomebodyReadsTheRing() throws Exception {
        var sink = new DirectorySink(directory.resolve("trace"));
        try (var session = session(false)) {
            session.apply(true);
            session.mark(0, 100);
            session.ring().drain(sink, true);
            session.mark(100, 50);
            assertThat(session.ring().account().discarded()).isZero();
            readByThief(session.instance());
            session.mark(150, 25);
            session.ring().drain(sink, true);
            session.recording().check();
            RingAccount account = session.ring().account();

            int stored = KernelRingTest.markersIn(sink).size();
            long stolen = 175 - stored;
            assertThat(stolen).isBetween(1L, 50L);
            assertThat(account.recorded()).isEqualTo(175);
            assertThat(account.overwritten()).isEqualTo(stolen);
            assertThat(sink.discarded()).isEqualTo(stolen);
            assertThat(account.notes()).singleElement().asString().contains("by somebody else");
        }
    }

    /// Of a loss before the first packet readers would know that it was, and not how large.
    @Test
    void areCountedBeforeTheFirstPacketToo() throws Exception {
        var sink = new DirectorySink(directory.resolve("trace"));
        try (var session = session(false)) {
            session.apply(true);
            session.mark(0, 50);
            session.ring().drain(sink, false);
            readByThief(session.instance());
            session.mark(50, 25);
            session.ring().drain(sink, true);

            long stolen = 75 - KernelRingTest.markersIn(sink).size();
            assertThat(InstalledBabeltrace.discarded(directory.resolve("trace"))).isEqualTo(stolen);
        }
    }

    /// As `cat trace_pipe` does.
    private static void readByThief(Path instance) throws IOException {
        try (var in = Files.newInputStream(instance.resolve("trace_pipe"))) {
            assertThat(in.read(new byte[4096])).isPositive();
        }
    }

    @Test
    void areToldAndCountedWhereSomebodyClearsTheRing() throws Exception {
        var sink = new DirectorySink(directory.resolve("trace"));
        try (var session = session(false)) {
            session.apply(true);
            session.mark(0, 100);
            session.ring().drain(sink, true);
            session.mark(100, 50);
            assertThat(session.ring().account().recorded()).isEqualTo(150);
            Files.write(
                    session.instance().resolve("trace"),
                    new byte[0],
                    StandardOpenOption.TRUNCATE_EXISTING);
            session.mark(150, 25);
            session.ring().drain(sink, true);
            session.recording().check();
            RingAccount account = session.ring().account();

            assertThat(KernelRingTest.markersIn(sink)).hasSize(125).contains(174L);
            assertThat(account.recorded()).isEqualTo(175);
            assertThat(account.overwritten()).isEqualTo(50);
            assertThat(sink.discarded()).isEqualTo(50);
            assertThat(account.notes()).singleElement().asString().contains("cleared on CPU");
        }
    }

    /// Its records are none of ours, wherever they are counted.
    @Test
    void leaveRecordsOfOthersEventsOutOfTheAccount() throws Exception {
        var sink = new DirectorySink(directory.resolve("trace"));
        try (var session = session(false)) {
            session.apply(true);
            session.mark(0, 10);
            write(session.instance().resolve("events/sched/sched_switch/enable"), "1");
            Thread.sleep(50);
            session.recording().check();
            session.mark(10, 10);
            session.ring().drain(sink, true);
            RingAccount account = session.ring().account();

            assertThat(KernelRingTest.markersIn(sink)).hasSize(20);
            assertThat(account.recorded()).isEqualTo(20);
        }
    }

    @Test
    void areToldWhereTheInstanceWasRemovedWhileNoDaemonRan() throws Exception {
        try (var session = session(true).apply(true)) {
            session.mark(0, 10);
            session.letGo();
            Files.delete(session.instance());
            session.takeOver();
            session.apply(true);
            assertThat(session.ring().account().notes())
                    .singleElement()
                    .asString()
                    .contains("removed, with what its rings held");
        }
    }
}
