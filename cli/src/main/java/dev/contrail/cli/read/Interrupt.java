// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.cli.console.Signals;

/// SIGINT to who watches what goes on: it ends, and shows what it has. One that comes again ends
/// the process at once.
final class Interrupt {
    /// The exit status of a program that SIGINT has ended.
    static final int STATUS = 128 + 2;

    /// That of babeltrace2 2.0.4 then.
    static final int STATUS_OF_BABELTRACE = 2;

    private final Thread reader = Thread.currentThread();
    private volatile boolean hasCome;

    /// For the calling thread, which is interrupted.
    Interrupt() {
        Signals.handle("INT", _ -> come());
    }

    private void come() {
        if (hasCome) {
            Runtime.getRuntime().halt(STATUS);
        }
        hasCome = true;
        reader.interrupt();
    }

    boolean hasCome() {
        return hasCome;
    }
}
