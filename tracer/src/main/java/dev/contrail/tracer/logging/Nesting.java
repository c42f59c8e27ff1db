// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

/// How deep a thread is in reading log records that may call the application: to format a message
/// calls `toString` of its arguments, and a record or an exception of a class of its own can do
/// anything in any method.
///
/// What the application logs meanwhile is recorded too, but unformatted; what it logs while one of
/// those is read is lost, and counted. So two objects that log each other, or a record that logs
/// itself, come to an end, whichever log systems they use.
public final class Nesting {
    public static final int MOST_DEPTH = 2;

    private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

    private Nesting() {}

    /// The thread's own counter: changed without a call, where there may be no stack for one.
    public static int[] depth() {
        return DEPTH.get();
    }
}
