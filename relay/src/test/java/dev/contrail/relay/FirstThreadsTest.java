// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class FirstThreadsTest {
    private final FirstThreads threads =
            new FirstThreads(2, Thread.ofPlatform().factory(), Thread.ofVirtual().factory());

    @Test
    void givesTheOtherKindOnceThereAreMany() throws InterruptedException {
        var go = new CountDownLatch(1);
        List<Thread> many = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            many.add(threads.newThread(() -> await(go)));
        }
        assertThat(many)
                .extracting(Thread::isVirtual)
                .containsExactly(false, false, true, true, true);
        many.forEach(Thread::start);
        go.countDown();
        for (Thread each : many) {
            each.join();
        }
        assertThat(threads.newThread(() -> {}).isVirtual()).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
