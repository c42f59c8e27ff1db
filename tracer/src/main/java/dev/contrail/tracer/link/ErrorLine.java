// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import java.util.concurrent.atomic.AtomicBoolean;

/// The one line on standard error that the tracer allows itself.
final class ErrorLine {
    private static final AtomicBoolean WAS_SAID = new AtomicBoolean();

    private ErrorLine() {}

    static void say(String problem) {
        if (WAS_SAID.compareAndSet(false, true)) System.err.println("contrail: " + problem);
    }
}
