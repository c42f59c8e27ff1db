// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.contrail.recorder.domain.Capture;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.recorder.file.SpillBudget;
import dev.contrail.recorder.output.TraceOutput;
import dev.contrail.recorder.thread.RecorderHost;
import dev.contrail.recorder.thread.Supervisor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class ConsumerTest {
    private final BlockingQueue<String> preferred = new LinkedBlockingQueue<>();
    @TempDir private Path directory;

    @Test
    void drainsPeriodicallyOnceToldTo() throws Exception {
        var ring = new CountingRing(false);
        Consumer consumer = consumer(List.of(ring));
        consumer.startDraining();
        assertThat(ring.drained.await(300, TimeUnit.SECONDS)).isTrue();
        consumer.stopDraining(false).get();
        assertThat(ring.wasFinal).isTrue();
        consumer.end().get();
    }

    @Test
    void drainsAtOnceWhatFillsFasterThanItsPeriod() throws Exception {
        var looks = new AtomicInteger();
        var most = new AtomicInteger();
        var ring =
                new CountingRing(false) {
                    @Override
                    public double fill() {
                        most.accumulateAndGet(looks.incrementAndGet(), Math::max);
                        return 0.5;
                    }

                    @Override
                    public double drain(PacketSink sink, boolean isFinal) throws IOException {
                        looks.set(0);
                        super.drain(sink, isFinal);
                        return 0; // so the period is long
                    }
                };
        Consumer consumer = consumer(List.of(ring));
        consumer.startDraining();
        assertThat(ring.drained.await(300, TimeUnit.SECONDS)).isTrue();
        consumer.end().get();
        assertThat(most.get()).isBetween(1, 2); // the one that presses, the one of the drain
    }

    @Test
    void drainsTheOtherRingsWhenOneFails() throws Exception {
        var failing = new CountingRing(true);
        var good = new CountingRing(false);
        Consumer consumer = consumer(List.of(failing, good));
        consumer.startDraining();
        assertThat(good.drained.await(300, TimeUnit.SECONDS)).isTrue();
        assertThat(consumer.ask(consumer::problem).get()).isEqualTo("Cannot record: broken");
        consumer.end().get();
    }

    @Test
    void letsFinishedRingsGoAlsoWhenItDrainsNothing() throws Exception {
        var ring = new CountingRing(false);
        ring.isFinished = true;
        Consumer consumer = consumer(List.of(ring));
        assertThat(ring.discarded.await(300, TimeUnit.SECONDS)).isTrue();
        consumer.end().get();
    }

    @Test
    void refusesWorkWhenItsQueueIsFull() throws Exception {
        var isBusy = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        Consumer consumer = consumer(List.of());
        consumer.ask(() -> {
            isBusy.countDown();
            gate.await();
            return null;
        });
        isBusy.await(); // it would take this work out of the full queue otherwise
        for (int i = 0; i < 1100; i++) {
            consumer.ask(() -> null);
        }
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> consumer.ask(() -> null).get())
                .withMessageContaining("its queue is full");
        gate.countDown();
    }

    @Test
    void isScheduledBeforeWhatComputesWhileItDrains() throws Exception {
        Consumer consumer = consumer(List.of());
        consumer.ask(() -> null).get();
        assertThat(preferred).isEmpty();
        consumer.startDraining();
        assertThat(preferred.take()).isEqualTo("contrail-consumer-testtrue");
        consumer.stopDraining(false).get();
        assertThat(preferred.take()).isEqualTo("contrail-consumer-testfalse");
    }

    private Consumer consumer(List<Ring> rings) {
        var output = new TraceOutput(directory.resolve("trace"), UUID.randomUUID());
        var supervisor =
                new Supervisor(
                        why -> {
                            throw new AssertionError(why);
                        },
                        isPreferred ->
                                preferred.add(Thread.currentThread().getName() + isPreferred));
        var queue = PacketQueue.open(directory, "packets", new SpillBudget(1 << 20));
        var given = new Given(directory);
        var sender =
                new Sender(
                        "test",
                        output,
                        queue,
                        StreamPositions.in(directory.resolve("positions")),
                        () -> rings,
                        given,
                        supervisor,
                        RecorderHost.real());
        var outbox = new Outbox(sender, queue, given);
        return new Consumer("test", () -> rings, output, outbox, sender, supervisor);
    }

    private static class CountingRing implements Ring {
        private final boolean isBroken;
        final CountDownLatch drained = new CountDownLatch(3);
        private final CountDownLatch discarded = new CountDownLatch(1);
        private volatile boolean isFinished;
        private volatile boolean wasFinal;

        CountingRing(boolean isBroken) {
            this.isBroken = isBroken;
        }

        @Override
        public int channelId() {
            return 0;
        }

        @Override
        public double drain(PacketSink sink, boolean isFinal) throws IOException {
            if (isBroken) {
                throw new IOException("broken");
            }
            wasFinal = isFinal;
            drained.countDown();
            return 1;
        }

        @Override
        public Capture capture() {
            throw new UnsupportedOperationException();
        }

        @Override
        public RingAccount account() {
            return new RingAccount("ust", "test", 0, 0, 0, Long.MAX_VALUE);
        }

        @Override
        public boolean isFinished() {
            return isFinished;
        }

        @Override
        public void discard() {
            discarded.countDown();
        }
    }
}
