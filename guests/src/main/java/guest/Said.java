// SPDX-License-Identifier: Apache-2.0
package guest;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/// What a guest has logged, so that it can be compared with what was recorded.
public final class Said {
    private static final ConcurrentLinkedQueue<String> STATEMENTS = new ConcurrentLinkedQueue<>();

    private Said() {}

    /// Notes a statement of the calling thread.
    ///
    /// @param level as the log system counts it
    /// @param context as a recorder shows it, or nothing
    public static void note(
            String logger, int level, String context, String message, Throwable thrown) {
        String cause = thrown == null ? "" : thrown.toString();
        STATEMENTS.add(
                String.join(
                        "|",
                        List.of(
                                logger,
                                Integer.toString(level),
                                Thread.currentThread().getName(),
                                context,
                                message,
                                cause)));
    }

    /// Prints them all, one a line.
    public static void print() {
        STATEMENTS.stream().sorted().forEach(each -> System.out.println("logged " + each));
    }
}
