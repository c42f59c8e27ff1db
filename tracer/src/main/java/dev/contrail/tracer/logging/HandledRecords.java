// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.util.function.Consumer;

/// Records what reaches a handler of ours, unless the agent is there and has seen it already.
public final class HandledRecords implements Consumer<Object> {
    private static final Consumer<Object> RECEIVER = new HandledRecords();

    private static volatile boolean hasHandler;
    private static volatile boolean areSeen;

    private HandledRecords() {}

    /// For a handler, which has just been made.
    public static Consumer<Object> receiver() {
        hasHandler = true;
        return RECEIVER;
    }

    /// Whether a handler of ours was made.
    static boolean haveHandler() {
        return hasHandler;
    }

    /// Whether there has been one: so there is a `LogManager`.
    static boolean areSeen() {
        return areSeen;
    }

    /// Never fails.
    @Override
    public void accept(Object logRecord) {
        areSeen = true;
        if (LogRoutes.agent() == null) {
            LogRecords.TAP.accept(logRecord);
        }
    }
}
