// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.failure;

import dev.contrail.tracer.logging.ThrownText;
import dev.contrail.tracer.stack.StackFrames;
import dev.contrail.tracer.tap.LogCapture;
import java.util.Set;

/// Stacks as [ThrownText] writes them, `at CLASS.METHOD(FILE:LINE)`, a line a frame.
final class StackText {
    /// Between our code and who wants to end the program.
    private static final Set<String> WAY_OUT =
            Set.of("java.lang.Shutdown", "java.lang.Runtime", "java.lang.System");

    private static final String TAPS = "java.lang.Contrail";
    private static final String OWN = "dev.contrail.tracer.";

    private StackText() {}

    /// Loads what the first stack needs.
    static void load() throws ClassNotFoundException {
        LogCapture.load(StackText.class, ThrownText.class);
        ofCaller();
    }

    /// The calling thread's, from the frame on that has called the JDK.
    static String ofCaller() {
        StackTraceElement[] frames = new Throwable().getStackTrace();
        int from = 0;
        while (from < frames.length && isOwn(frames[from].getClassName())) {
            from++;
        }
        return of(frames, from);
    }

    private static boolean isOwn(String className) {
        return className.startsWith(OWN)
                || className.startsWith(TAPS)
                || WAY_OUT.contains(className);
    }

    static String of(StackTraceElement[] frames, int from) {
        StringBuilder out = new StringBuilder(512);
        int to = Math.min(frames.length, from + ThrownText.MOST_FRAMES);
        for (int i = from; i < to; i++) {
            out.append(out.length() == 0 ? "at " : "\nat ").append(StackFrames.plain(frames[i]));
        }
        if (to < frames.length) {
            out.append("\n... ").append(frames.length - to).append(" more");
        }
        return out.toString();
    }
}
