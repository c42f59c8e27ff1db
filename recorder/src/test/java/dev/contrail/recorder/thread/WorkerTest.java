// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class WorkerTest {
    private final List<String> lastWords = new ArrayList<>();
    private final Worker worker = new Worker("test", 2, new Supervisor(lastWords::add));

    @Test
    void outlivesErrors() throws Exception {
        worker.execute(() -> {
            throw new OutOfMemoryError("of a test");
        });
        CompletableFuture<String> failed =
                worker.ask(() -> {
                    throw new StackOverflowError();
                });
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(failed::get)
                .withCauseInstanceOf(StackOverflowError.class);
        assertThat(worker.ask(() -> "alive").get()).isEqualTo("alive");
        assertThat(lastWords).isEmpty();
    }

    @Test
    void endsTheProcessWithAWordWhenClassesCannotBeLoaded() {
        worker.ask(
                        () -> {
                            throw new NoClassDefFoundError("dev/contrail/Gone");
                        })
                .handle((_, failure) -> failure)
                .join();
        worker.ask(() -> "next").join();
        assertThat(lastWords).hasSize(1);
        assertThat(lastWords.getFirst()).contains("dev/contrail/Gone", "its sessions are kept");
    }

    @Test
    void refusesWhatFindsNoRoomAndWhatWaitsWhenItEnds() throws Exception {
        var isBusy = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        CompletableFuture<String> current =
                worker.ask(() -> {
                    isBusy.countDown();
                    gate.await();
                    return "done";
                });
        isBusy.await();
        assertThat(worker.busyNanos()).isPositive();
        CompletableFuture<String> waiting = worker.ask(() -> "never");
        worker.ask(() -> "never");
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> worker.ask(() -> "too much").get())
                .withMessageContaining("its queue is full");
        worker.end();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(waiting::get)
                .withMessageContaining("ending");
        gate.countDown();
        assertThat(current.get()).isEqualTo("done");
        assertThat(worker.awaitEnd(300_000)).isTrue();
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> worker.execute(() -> {}));
        assertThat(worker.ask(() -> "late")).isCompletedExceptionally();
    }

    @Test
    void doesAtOnceWhatItAsksItself() throws Exception {
        assertThat(worker.ask(() -> worker.ask(() -> "inner").resultNow()).get())
                .isEqualTo("inner");
    }

    /// Who refuses what waits must not take out with it what wakes the thread.
    @RepeatedTest(200)
    void itsThreadEndsWhoeverAsksMeanwhile() throws InterruptedException {
        var ending = new Worker("ending", 8, new Supervisor(_ -> {}));
        var answers = new ConcurrentLinkedQueue<CompletableFuture<Integer>>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int turn = 0; turn < 5; turn++) {
                                    answers.add(ending.ask(() -> number));
                                }
                            }));
        }
        ending.end();
        for (Thread each : threads) {
            each.join();
        }

        assertThat(ending.awaitEnd(60_000)).as("it has ended").isTrue();
        assertThat(answers).hasSize(15).allMatch(CompletableFuture::isDone);
    }
}
