// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

/// Records what reaches a handler of ours, unless the agent is there and has seen it already.
public final class HandledRecords {
    private HandledRecords() {}

    /// Never fails.
    public static void accept(Object logRecord) {
        if (LogBridge.agent() == null) LogRecords.TAP.accept(logRecord);
    }
}
