// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.thread;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.recorder.domain.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TaskQueueTest {
    private final List<String> ends = new ArrayList<>();
    private final TaskQueue queue = new TaskQueue("the control thread", new Supervisor(ends::add));

    @Test
    void runsTasksInTheOrderInWhichTheyCame() throws InterruptedException {
        var done = new ArrayList<Integer>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            queue.ask(() -> done.add(number));
        }
        while (queue.runNext(0)) {
            assertThat(done).isNotEmpty();
        }

        assertThat(done).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void answersWithWhatTheWorkReturns() throws InterruptedException {
        CompletableFuture<String> answer = queue.ask(() -> "done");
        assertThat(answer).isNotDone();
        assertThat(queue.runNext(0)).isTrue();

        assertThat(answer).isCompletedWithValue("done");
    }

    @Test
    void answersWithWhatTheWorkThrows() throws InterruptedException {
        CompletableFuture<String> answer =
                queue.ask(() -> {
                    throw new RefusedException("because");
                });
        queue.runNext(0);

        assertThat(answer)
                .failsWithin(0, TimeUnit.SECONDS)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(RefusedException.class)
                .withMessage("because");
        assertThat(ends).isEmpty();
    }

    /// An error is the daemon's, not the client's alone: here classes cannot be loaded any more.
    @Test
    void tellsTheSupervisorOfAnErrorAndGoesOn() throws InterruptedException {
        CompletableFuture<String> broken =
                queue.ask(() -> {
                    throw new NoClassDefFoundError("Gone");
                });
        CompletableFuture<String> next = queue.ask(() -> "next");
        queue.runNext(0);
        queue.runNext(0);

        assertThat(broken).isCompletedExceptionally();
        assertThat(next).isCompletedWithValue("next");
        assertThat(ends).singleElement().asString().contains("the control thread").contains("Gone");
    }

    @Test
    void returnsAtOnceWhenThereIsNothingAndNoTimeToWait() throws InterruptedException {
        assertThat(queue.runNext(0)).isFalse();
        assertThat(queue.runNext(-1)).isFalse();
        assertThat(queue.runNext(1_000_000)).isFalse();
    }

    @Test
    void wakesWhoWaitsForATask() throws InterruptedException {
        var waits = new CountDownLatch(1);
        Thread other =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                waits.await();
                            } catch (InterruptedException unexpected) {
                                Thread.currentThread().interrupt();
                            }
                            queue.ask(() -> "x");
                        });
        waits.countDown();

        assertThat(queue.runNext(TimeUnit.SECONDS.toNanos(100))).isTrue();
        other.join();
    }

    @Test
    void refusesAtOnceWhatComesWhenItIsFull() throws InterruptedException {
        var answers = new ArrayList<CompletableFuture<Integer>>();
        var ran = new AtomicInteger();
        for (int i = 0; i < 1025; i++) {
            answers.add(queue.ask(ran::incrementAndGet));
        }

        assertThat(answers.subList(0, 1024)).noneMatch(CompletableFuture::isDone);
        assertThat(answers.getLast())
                .failsWithin(0, TimeUnit.SECONDS)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IOException.class)
                .withMessage("the control thread does not follow: its queue is full");
        while (queue.runNext(0)) {
            assertThat(ran).hasPositiveValue();
        }
        assertThat(ran).hasValue(1024);
        assertThat(queue.ask(ran::incrementAndGet)).isNotDone();
    }

    @Test
    void refusesWhatWaitsAndWhatComesOnceItsThreadHasEnded() {
        CompletableFuture<String> waits = queue.ask(() -> "a");
        queue.end();
        CompletableFuture<String> comes = queue.ask(() -> "b");

        for (CompletableFuture<String> each : List.of(waits, comes)) {
            assertThat(each)
                    .failsWithin(0, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(RefusedException.class)
                    .withMessage("The session was destroyed");
        }
    }

    /// No client waits for ever, whichever comes first.
    @Test
    void answersEverybodyWhoAsksWhileItEnds() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            var raced = new TaskQueue("raced", new Supervisor(ends::add));
            var answers = new ArrayList<CompletableFuture<Integer>>();
            Thread asks =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < 20; i++) {
                                    answers.add(raced.ask(() -> 1));
                                }
                            });
            raced.runNext(0);
            raced.end();
            asks.join();

            assertThat(answers).hasSize(20).allMatch(CompletableFuture::isDone);
        }
    }
}
