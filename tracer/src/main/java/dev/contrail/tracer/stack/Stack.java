// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.stack;

import java.lang.StackWalker.StackFrame;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The uppermost frames of a thread, without the tracer's own. Equal to another of the same places.
final class Stack {
    static final int MOST_FRAMES = 64;

    private static final String OWN = "dev.contrail.tracer.";
    private static final String TAPS = "java.lang.Contrail";
    private static final String JUL_TAP = "java.util.logging.Contrail";
    private static final StackWalker WALKER =
            StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /// Class, method and descriptor of each frame.
    private final String[] names;

    /// Of each frame, which class of that name it is and the place in its method; at the end,
    /// whether there are others below.
    private final int[] places;

    private final int hash;

    private Stack(String[] names, int[] places) {
        this.names = names;
        this.places = places;
        this.hash = 31 * Arrays.hashCode(names) + Arrays.hashCode(places);
    }

    /// As it is met: its frames know more, and hold their classes.
    static final class Met implements MetStack {
        private final Stack stack;
        private final StackFrame[] frames;

        private Met(Stack stack, StackFrame[] frames) {
            this.stack = stack;
            this.frames = frames;
        }

        @Override
        public Object key() {
            return stack;
        }

        @Override
        public int depth() {
            return stack.depth();
        }

        /// A line a frame, `at CLASS.METHOD(FILE:LINE)`, as exceptions have it.
        @Override
        public String text() {
            StringBuilder text = new StringBuilder(64 * stack.depth());
            for (int i = 0; i < stack.depth(); i++) {
                StackTraceElement frame = frames[i].toStackTraceElement();
                text.append(i == 0 ? "at " : "\nat ").append(StackFrames.plain(frame));
            }
            return stack.isCut() ? text.append("\n...").toString() : text.toString();
        }
    }

    /// The calling thread's.
    static Met walk() {
        return WALKER.walk(Stack::of);
    }

    private static Met of(Stream<StackFrame> all) {
        Iterator<StackFrame> walk = all.iterator();
        StackFrame[] frames = new StackFrame[MOST_FRAMES];
        int depth = 0;
        StackFrame next = next(walk);
        while (next != null && isOwn(next.getClassName())) {
            next = next(walk);
        }
        while (next != null && depth < MOST_FRAMES) {
            frames[depth++] = next;
            next = next(walk);
        }
        String[] names = new String[3 * depth];
        int[] places = new int[2 * depth + 1];
        for (int i = 0; i < depth; i++) {
            names[3 * i] = frames[i].getClassName();
            names[3 * i + 1] = frames[i].getMethodName();
            names[3 * i + 2] = frames[i].getDescriptor();
            places[2 * i] = System.identityHashCode(frames[i].getDeclaringClass());
            places[2 * i + 1] = frames[i].getByteCodeIndex();
        }
        places[2 * depth] = next == null ? 0 : 1;
        return new Met(new Stack(names, places), frames);
    }

    private static @Nullable StackFrame next(Iterator<StackFrame> walk) {
        return walk.hasNext() ? walk.next() : null;
    }

    private static boolean isOwn(String className) {
        return className.startsWith(OWN)
                || className.startsWith(TAPS)
                || className.startsWith(JUL_TAP);
    }

    int depth() {
        return places.length / 2;
    }

    private boolean isCut() {
        return places[places.length - 1] != 0;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Stack that
                && hash == that.hash
                && Arrays.equals(places, that.places)
                && Arrays.equals(names, that.names);
    }
}
