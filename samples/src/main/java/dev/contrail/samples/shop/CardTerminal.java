// SPDX-License-Identifier: Apache-2.0
package dev.contrail.samples.shop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Logger;

/// The device that takes the money; one charge at a time.
final class CardTerminal {
    private static final Logger LOG = Logger.getLogger("shop.terminal");
    private static final long PATIENCE_MILLIS = 150;

    private final ReentrantLock line = new ReentrantLock();

    /// Charges a card.
    ///
    /// @return false when the terminal did not answer in time
    boolean charge(long orderId, int cents, long workMillis) throws InterruptedException {
        if (!line.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.warning("order " + orderId + ": the terminal is busy for too long");
            return false;
        }
        try {
            LOG.fine("order " + orderId + ": charging " + cents);
            Thread.sleep(workMillis);
            return true;
        } finally {
            line.unlock();
        }
    }

    /// Somebody counts the till, and the line is occupied meanwhile: the fault that the trace
    /// shows.
    void countTill(long millis) throws InterruptedException {
        line.lock();
        try {
            LOG.info("counting the till");
            Thread.sleep(millis);
            LOG.info("the till is counted");
        } finally {
            line.unlock();
        }
    }
}
