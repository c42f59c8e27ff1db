// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.MessageIterator;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/// What was recorded, and then nothing more, until an interrupt.
///
/// @param lateMillis how long each message takes to come
record ThenSilence(MessageIterator recorded, long lateMillis) implements MessageIterator {
    @Override
    public boolean next() throws IOException {
        if (lateMillis > 0) {
            LockSupport.parkUntil(System.currentTimeMillis() + lateMillis);
        }
        if (recorded.next()) {
            return true;
        }
        try {
            new CountDownLatch(1).await();
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    @Override
    public Message current() {
        return recorded.current();
    }

    @Override
    public long nanos() {
        return recorded.nanos();
    }

    @Override
    public void close() throws IOException {
        recorded.close();
    }
}
