// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class AbortOnErrorTest {
    private final AtomicInteger aborts = new AtomicInteger();
    private final Logger log = Logger.getAnonymousLogger();

    private void watch(Map<String, String> environment) {
        AbortOnError.watch(log, environment, aborts::incrementAndGet);
    }

    @Test
    void endsTheDaemonAtAnErrorAndNotAtAWarning() {
        watch(Map.of(AbortOnError.VARIABLE, "1"));
        log.warning("a packet is lost");
        assertThat(aborts).hasValue(0);
        log.severe("a file cannot be made");
        assertThat(aborts).hasValue(1);
        log.log(Level.WARNING, "thread failed", new IOException("gone"));
        assertThat(aborts).hasValue(2);
    }

    @Test
    void doesNothingUnlessItIsWanted() {
        watch(Map.of(AbortOnError.VARIABLE, "0"));
        watch(Map.of());
        log.severe("a file cannot be made");
        assertThat(aborts).hasValue(0);
    }
}
