// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

class RepeatedMessagesTest {
    private final RecordingLog log = new RecordingLog();
    private long now;
    private final RepeatedMessages messages = new RepeatedMessages(log, () -> now);

    @Test
    void saysAThingOnceAMinuteAndThenHowOften() {
        for (int i = 0; i < 1000; i++) {
            messages.warn("full", new IOException());
        }
        messages.warn("other", new IOException());
        now += RepeatedMessages.PERIOD_NANOS;
        messages.warn("full", new IOException());
        assertThat(log.said).containsExactly("full", "other", "full (and 999 times before)");
    }

    @Test
    void remembersNoMoreThanItsBound() {
        for (int i = 0; i <= RepeatedMessages.MAX_REMEMBERED; i++) {
            messages.warn("message " + i, new IOException());
        }
        messages.warn("message 0", new IOException());
        assertThat(log.said).hasSize(RepeatedMessages.MAX_REMEMBERED + 2);
    }

    private static final class RecordingLog implements System.Logger {
        private final List<String> said = new ArrayList<>();

        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            said.add(message);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
            said.add(format);
        }
    }
}
