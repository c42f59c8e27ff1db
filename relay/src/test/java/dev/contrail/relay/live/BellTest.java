// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.wire.net.TimeSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BellTest {
    private static final long LONG_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Bell bell = new Bell(TimeSource.SYSTEM);

    @Test
    void isHeardByWhoComesLater() throws InterruptedException {
        bell.run();
        assertThat(bell.await(LONG_NANOS)).isTrue();
        assertThat(bell.await(1)).isFalse();
    }

    @Test
    void isForgottenWhenItIsHushed() throws InterruptedException {
        bell.run();
        bell.hush();
        assertThat(bell.await(1)).isFalse();
        bell.run();
        assertThat(bell.await(LONG_NANOS)).isTrue();
    }

    @Test
    void wakesWhoWaits() throws InterruptedException {
        Thread.ofVirtual().start(bell);
        assertThat(bell.await(LONG_NANOS)).isTrue();
    }
}
