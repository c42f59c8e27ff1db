// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BusyTest {
    private final Busy busy = new Busy();

    @Test
    void isAtNothingBeforeItBegins() {
        assertThat(busy.nanos()).isZero();
    }

    @Test
    void countsFromTheBeginningOfOneThingToItsEnd() {
        long before = System.nanoTime();
        try (Busy.Mark mark = busy.begin()) {
            assertThat(mark).isNotNull();
            long first = busy.nanos();
            long second = busy.nanos();

            assertThat(second).isBetween(first, System.nanoTime() - before + 1);
        }
        assertThat(busy.nanos()).isZero();
    }

    @Test
    void beginsAgainForTheNextThing() throws InterruptedException {
        try (Busy.Mark first = busy.begin()) {
            assertThat(first).isNotNull();
            while (busy.nanos() < 2_000_000) {
                Thread.onSpinWait();
            }
        }
        long before = System.nanoTime();
        try (Busy.Mark second = busy.begin()) {
            assertThat(second).isNotNull();
            assertThat(busy.nanos()).isLessThanOrEqualTo(System.nanoTime() - before + 1);
        }
    }

    /// Whoever asks whether a disk answers does not wait for it.
    @Test
    void isSeenByOtherThreads() throws InterruptedException {
        var seen = new long[1];
        try (Busy.Mark mark = busy.begin()) {
            assertThat(mark).isNotNull();
            Thread.ofPlatform()
                    .start(() -> {
                        while (busy.nanos() == 0) {
                            Thread.onSpinWait();
                        }
                        seen[0] = busy.nanos();
                    })
                    .join();
        }
        assertThat(seen[0]).isPositive();
    }
}
