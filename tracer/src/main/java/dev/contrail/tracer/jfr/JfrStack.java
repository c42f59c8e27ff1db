// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import java.util.IdentityHashMap;
import java.util.Map;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import org.jspecify.annotations.Nullable;

/// Stack traces as text, one line a frame, `at CLASS.METHOD:LINE`, the innermost first. JFR knows
/// no source files. Bounded in every direction.
///
/// Owned by the thread that gets JFR's events.
final class JfrStack {
    /// What is written for what is not there, as of strings of any event: readers show nothing for
    /// an empty one, or what they had before.
    static final String NONE = "null";

    static final int MOST_FRAMES = 64;
    static final int MOST_CHARACTERS = 4096;

    /// JFR gives the events that share a stack trace the same object, as long as it is in one file.
    private static final int MOST_KEPT = 1024;

    private final Map<RecordedStackTrace, String> kept = new IdentityHashMap<>();

    /// @param trace null: there is none
    String of(@Nullable RecordedStackTrace trace, int mostFrames) {
        if (trace == null || mostFrames == 0) {
            return NONE;
        }
        if (mostFrames != MOST_FRAMES) {
            return text(trace, mostFrames);
        }
        String known = kept.get(trace);
        if (known != null) {
            return known;
        }
        if (kept.size() >= MOST_KEPT) {
            kept.clear();
        }
        String text = text(trace, mostFrames);
        kept.put(trace, text);
        return text;
    }

    /// Lets go of what JFR may have let go of.
    void clear() {
        kept.clear();
    }

    private static String text(RecordedStackTrace trace, int mostFrames) {
        StringBuilder text = new StringBuilder();
        int count = 0;
        int size = trace.getFrames().size();
        for (RecordedFrame frame : trace.getFrames()) {
            if (count == mostFrames || text.length() >= MOST_CHARACTERS) {
                return text.append("\n... ").append(size - count).append(" more").toString();
            }
            text.append(count++ == 0 ? "at " : "\nat ").append(method(frame.getMethod()));
            if (frame.getLineNumber() > 0) {
                text.append(':').append(frame.getLineNumber());
            }
        }
        return trace.isTruncated() ? text.append("\n...").toString() : text.toString();
    }

    /// `CLASS.METHOD`.
    static String method(@Nullable RecordedMethod method) {
        if (method == null) {
            return "?";
        }
        String type = method.getType() == null ? "?" : method.getType().getName();
        return type + "." + method.getName();
    }
}
