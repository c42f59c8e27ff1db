// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What was thrown, as two texts: type and message, and where, with causes and suppressed
/// exceptions. Bounded in every direction.
///
/// ```text
/// at shop.Till.pay(Till.java:17)
/// at shop.Till.main(Till.java:9)
/// Suppressed: java.io.IOException: not closed
///   at shop.Drawer.close(Drawer.java:4)
///   ... 2 more
/// Caused by: java.lang.IllegalStateException: no coins
/// at shop.Drawer.take(Drawer.java:31)
/// ... 2 more
/// ```
///
/// May call the application, which may have overridden any method of an exception. What fails is
/// left out.
public final class ThrownText {
    static final ThrownText NONE = new ThrownText("", "", new int[0]);

    /// Frames that are written of one exception.
    public static final int MOST_FRAMES = 64;

    /// Exceptions that are written, the first one not counted.
    static final int MOST_THROWN = 16;

    private static final int MOST_CHARACTERS = 32_768;
    private static final int MOST_MESSAGE = 8192;
    private static final StackTraceElement[] NO_FRAMES = {};

    public final String head;
    public final String stack;

    /// Where the frames of each exception begin in the stack, and where they end: by turns.
    final int[] frames;

    private ThrownText(String head, String stack, int[] frames) {
        this.head = head;
        this.stack = stack;
        this.frames = frames;
    }

    /// What there is to say of an exception, or of what stands for one.
    interface View {
        /// `TYPE: MESSAGE`, or the type.
        String head();

        StackTraceElement[] frames();

        @Nullable View cause();

        View[] suppressed();

        /// What tells two of them apart.
        Object identity();
    }

    static ThrownText of(View thrown) {
        Writer writer = new Writer();
        writer.write(thrown, NO_FRAMES, "");
        return new ThrownText(
                thrown.head(), writer.out.toString(), Arrays.copyOf(writer.runs, writer.count));
    }

    public static ThrownText of(Throwable thrown) {
        return of(new OfThrowable(thrown));
    }

    /// Asks the exception nothing.
    public static ThrownText ofType(Object thrown) {
        return new ThrownText(thrown.getClass().getName(), "", NONE.frames);
    }

    static String head(@Nullable String type, @Nullable String message) {
        if (message == null) {
            return String.valueOf(type);
        }
        return type + ": " + (message.length() > MOST_MESSAGE ? cut(message) : message);
    }

    private static String cut(String message) {
        return message.substring(0, MOST_MESSAGE) + "… (" + message.length() + " characters)";
    }

    private static final class Writer {
        final StringBuilder out = new StringBuilder(512);
        private final int[] runs = new int[2 * (MOST_THROWN + 1)];
        private int count;
        private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

        void write(View thrown, StackTraceElement[] enclosing, String indent) {
            seen.add(thrown.identity());
            StackTraceElement[] frames = thrown.frames();
            int common = common(frames, enclosing);
            int own = frames.length - common;
            int written = Math.min(own, MOST_FRAMES);
            int begin = out.length() + (out.length() > 0 ? 1 : 0); // behind the line's end
            for (int i = 0; i < written; i++) {
                line(indent).append("at ").append(frames[i]);
            }
            if (written > 0) {
                runs[count++] = begin;
                runs[count++] = out.length();
            }
            if (written < frames.length) {
                line(indent).append("... ").append(frames.length - written).append(" more");
            }
            for (View each : thrown.suppressed()) {
                nested("Suppressed: ", each, frames, indent + "  ");
            }
            View cause = thrown.cause();
            if (cause != null) {
                nested("Caused by: ", cause, frames, indent);
            }
        }

        private void nested(String what, View thrown, StackTraceElement[] frames, String indent) {
            if (seen.size() > MOST_THROWN || out.length() > MOST_CHARACTERS) {
                return;
            }
            line(indent.isEmpty() ? "" : indent.substring(2)).append(what).append(thrown.head());
            if (seen.contains(thrown.identity())) {
                out.append(" (see above)");
            } else {
                write(thrown, frames, indent);
            }
        }

        private StringBuilder line(String indent) {
            if (out.length() > 0) {
                out.append('\n');
            }
            return out.append(indent);
        }

        private static int common(StackTraceElement[] frames, StackTraceElement[] enclosing) {
            int common = 0;
            while (common < frames.length
                    && common < enclosing.length
                    && Objects.equals(
                            frames[frames.length - 1 - common],
                            enclosing[enclosing.length - 1 - common])) {
                common++;
            }
            return common;
        }
    }

    private static final class OfThrowable implements View {
        private final Throwable thrown;

        OfThrowable(Throwable thrown) {
            this.thrown = thrown;
        }

        @Override
        public String head() {
            String type = thrown.getClass().getName();
            try {
                return ThrownText.head(type, thrown.getMessage());
            } catch (Throwable e) {
                return type;
            }
        }

        @Override
        public StackTraceElement[] frames() {
            try {
                StackTraceElement @Nullable [] frames = thrown.getStackTrace(); // may be its own
                return frames == null ? NO_FRAMES : frames;
            } catch (Throwable e) {
                return NO_FRAMES;
            }
        }

        @Override
        public @Nullable View cause() {
            try {
                Throwable cause = thrown.getCause();
                return cause == null ? null : new OfThrowable(cause);
            } catch (Throwable e) {
                return null;
            }
        }

        @Override
        public View[] suppressed() {
            Throwable[] suppressed = thrown.getSuppressed(); // final
            View[] views = new View[suppressed.length];
            for (int i = 0; i < views.length; i++) {
                views[i] = new OfThrowable(suppressed[i]);
            }
            return views;
        }

        @Override
        public Object identity() {
            return thrown;
        }
    }
}
