// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.recorder.domain.Capture;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.recorder.output.TraceOutput;
import dev.contrail.recorder.thread.Supervisor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingDrainTest {
    private static final long MILLI = 1_000_000;

    @TempDir Path directory;
    private final List<String> ends = new ArrayList<>();
    private final RingDrain drain = new RingDrain(new Supervisor(ends::add));
    private PacketSink sink;

    @BeforeEach
    void open() {
        sink = new TraceOutput(directory, UUID.randomUUID());
    }

    @AfterEach
    void close() throws IOException {
        sink.close();
    }

    /// Says how full it is, or throws.
    private static final class Scripted implements Ring {
        private final double fill;
        private final Throwable failure;
        private boolean isFinished;
        private Throwable discardFailure;
        private int drains;
        private int finals;
        private int discards;

        Scripted(double fill, Throwable failure) {
            this.fill = fill;
            this.failure = failure;
        }

        Scripted(double fill) {
            this(fill, null);
        }

        @Override
        public int channelId() {
            return 0;
        }

        @Override
        public double drain(PacketSink to, boolean isFinal) throws IOException {
            drains++;
            finals += isFinal ? 1 : 0;
            throwIt(failure);
            return fill;
        }

        private static void throwIt(Throwable failure) throws IOException {
            switch (failure) {
                case null -> {}
                case IOException io -> throw io;
                case RuntimeException bug -> throw bug;
                case Error error -> throw error;
                default -> throw new AssertionError(failure);
            }
        }

        @Override
        public Capture capture() {
            throw new UnsupportedOperationException();
        }

        @Override
        public RingAccount account() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isFinished() {
            return isFinished;
        }

        @Override
        public void discard() throws IOException {
            discards++;
            throwIt(discardFailure);
        }
    }

    private void rounds(int count, double fill) {
        for (int i = 0; i < count; i++) {
            drain.drain(List.of(new Scripted(fill)), sink, false);
        }
    }

    @Test
    void comesLessAndLessOftenWhereLittleComes() {
        assertThat(drain.periodNanos()).isEqualTo(10 * MILLI);
        rounds(1, 0);
        assertThat(drain.periodNanos()).isEqualTo(20 * MILLI);
        rounds(100, 0.05);
        assertThat(drain.periodNanos()).isEqualTo(100 * MILLI);
    }

    @Test
    void comesTwiceAsOftenWhereMuchComes() {
        rounds(100, 0);
        rounds(1, 0.9);
        assertThat(drain.periodNanos()).isEqualTo(50 * MILLI);
        rounds(100, 0.3);
        assertThat(drain.periodNanos()).isEqualTo(10 * MILLI);
    }

    @Test
    void keepsItsPeriodInBetween() {
        rounds(3, 0);
        rounds(50, 0.2);

        assertThat(drain.periodNanos()).isEqualTo(40 * MILLI);
    }

    @Test
    void goesByTheFullestRing() {
        rounds(100, 0);
        drain.drain(List.of(new Scripted(0), new Scripted(0.8), new Scripted(0.1)), sink, false);

        assertThat(drain.periodNanos()).isEqualTo(50 * MILLI);
    }

    @Test
    void drainsAllRingsWhateverOneThrows() {
        var rings =
                List.of(
                        new Scripted(0, new IOException("disk")),
                        new Scripted(0, new IllegalStateException("bug")),
                        new Scripted(0, new OutOfMemoryError("heap")),
                        new Scripted(0));
        drain.drain(List.copyOf(rings), sink, true);
        drain.drain(List.copyOf(rings), sink, true);

        assertThat(rings).allMatch(ring -> ring.drains == 2 && ring.finals == 2);
        assertThat(ends).isEmpty();
    }

    @Test
    void tellsTheFirstFailureOnly() {
        assertThat(drain.problem()).isEmpty();
        drain.drain(List.of(new Scripted(0, new IOException("first"))), sink, false);
        drain.drain(List.of(new Scripted(0, new IOException("second"))), sink, false);
        rounds(1, 0);

        assertThat(drain.problem()).isEqualTo("Cannot record: first");
    }

    @Test
    void letsGoOfRingsThatAreFinished() {
        var going = new Scripted(0);
        var staying = new Scripted(0);
        going.isFinished = true;
        drain.drain(List.of(going, staying), sink, false);

        assertThat(going.discards).isEqualTo(1);
        assertThat(going.drains).as("its last records come first").isEqualTo(1);
        assertThat(staying.discards).isZero();
    }

    @Test
    void goesOnWhereARingCannotBeLetGo() {
        var stuck = new Scripted(0);
        stuck.isFinished = true;
        stuck.discardFailure = new IOException("busy");
        var next = new Scripted(0);
        drain.drain(List.of(stuck, next), sink, false);

        assertThat(next.drains).isEqualTo(1);
        assertThat(drain.problem()).as("nothing was lost").isEmpty();
    }
}
