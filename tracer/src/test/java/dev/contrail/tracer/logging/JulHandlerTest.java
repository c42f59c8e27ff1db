// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.Selector;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JulHandlerTest {
    @Test
    @Timeout(300)
    void aResetWakesTheLinkThread() throws Exception {
        try (Selector selector = Selector.open()) {
            LogBridge.wakeBy(selector);
            Logger logger = Logger.getLogger("shop");
            logger.addHandler(new JulHandler());
            LogManager.getLogManager().reset();
            assertThat(logger.getHandlers()).isEmpty();
            selector.select(); // for ever, unless woken
        } finally {
            LogBridge.wakeBy(null);
        }
    }
}
