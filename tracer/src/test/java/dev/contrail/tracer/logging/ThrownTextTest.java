// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThrownTextTest {
    private static final StackTraceElement MAIN = frame("Till", "main", 9);
    private static final StackTraceElement PAY = frame("Till", "pay", 17);
    private static final StackTraceElement TAKE = frame("Drawer", "take", 31);

    private static StackTraceElement frame(String in, String method, int line) {
        return new StackTraceElement("shop." + in, method, in + ".java", line);
    }

    private static <T extends Throwable> T at(T thrown, StackTraceElement... frames) {
        thrown.setStackTrace(frames);
        return thrown;
    }

    @Test
    void hasCausesAndSuppressedOnesWithTheirOwnFrames() {
        Throwable cause = at(new IllegalStateException("no coins"), TAKE, PAY, MAIN);
        Throwable thrown = at(new RuntimeException("not paid", cause), PAY, MAIN);
        thrown.addSuppressed(at(new IOException(), frame("Drawer", "close", 4), PAY, MAIN));
        ThrownText text = ThrownText.of(thrown);
        assertThat(text.head).isEqualTo("java.lang.RuntimeException: not paid");
        assertThat(text.stack.lines())
                .containsExactly(
                        "at shop.Till.pay(Till.java:17)",
                        "at shop.Till.main(Till.java:9)",
                        "Suppressed: java.io.IOException",
                        "  at shop.Drawer.close(Drawer.java:4)",
                        "  ... 2 more",
                        "Caused by: java.lang.IllegalStateException: no coins",
                        "at shop.Drawer.take(Drawer.java:31)",
                        "... 2 more");
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < text.frames.length; i += 2) {
            runs.add(text.stack.substring(text.frames[i], text.frames[i + 1]));
        }
        assertThat(runs)
                .containsExactly(
                        "at shop.Till.pay(Till.java:17)\nat shop.Till.main(Till.java:9)",
                        "  at shop.Drawer.close(Drawer.java:4)",
                        "at shop.Drawer.take(Drawer.java:31)");
    }

    @Test
    void keepsTheMessageWhereAClassHasNoStack() {
        Throwable thrown =
                new RuntimeException("bare") {
                    private static final long serialVersionUID = 1;

                    @Override
                    public StackTraceElement[] getStackTrace() {
                        return null;
                    }
                };
        assertThat(ThrownText.of(thrown).head).endsWith(": bare");
        assertThat(ThrownText.of(thrown).stack).isEmpty();
    }

    @Test
    void comesToAnEndWhereExceptionsAreACircle() {
        Throwable inner = at(new RuntimeException("inner"), MAIN);
        Throwable outer = at(new RuntimeException("outer", inner), PAY);
        inner.initCause(outer);
        inner.addSuppressed(outer);
        assertThat(ThrownText.of(outer).stack.lines())
                .containsExactly(
                        "at shop.Till.pay(Till.java:17)",
                        "Caused by: java.lang.RuntimeException: inner",
                        "at shop.Till.main(Till.java:9)",
                        "Suppressed: java.lang.RuntimeException: outer (see above)",
                        "Caused by: java.lang.RuntimeException: outer (see above)");
    }

    @Test
    void isBounded() {
        List<StackTraceElement> frames = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            frames.add(frame("Deep", "down", i));
        }
        Throwable thrown = null;
        for (int i = 0; i < 1000; i++) {
            thrown = at(new RuntimeException("m".repeat(100_000), thrown), MAIN);
        }
        thrown.setStackTrace(frames.toArray(new StackTraceElement[0]));
        for (int i = 0; i < 1000; i++) {
            thrown.addSuppressed(at(new RuntimeException("s".repeat(100_000)), TAKE));
        }
        ThrownText text = ThrownText.of(thrown);
        assertThat(text.head.length()).isLessThan(9000);
        assertThat(text.stack.length()).isLessThan(50_000);
        assertThat(text.stack.lines().filter(line -> line.startsWith("at shop.Deep")))
                .hasSize(ThrownText.MOST_FRAMES);
        assertThat(text.stack).contains("... 4936 more");
    }

    /// Of an application that has overridden all that can be.
    private static final class Failing extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException();
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new StackOverflowError();
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException();
        }
    }

    @Test
    void leavesOutWhatFails() {
        ThrownText text = ThrownText.of(new Failing());
        assertThat(text.head).isEqualTo(Failing.class.getName());
        assertThat(text.stack).isEmpty();
    }

    /// Hands out nulls.
    private static final class Empty extends RuntimeException {
        private static final long serialVersionUID = 1;

        Empty(Throwable cause) {
            super(null, cause);
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            return new StackTraceElement[] {null, MAIN};
        }
    }

    @Test
    void takesFramesThatAreNull() {
        assertThat(ThrownText.of(new Empty(new Empty(null))).stack.lines())
                .containsExactly(
                        "at null",
                        "at shop.Till.main(Till.java:9)",
                        "Caused by: " + Empty.class.getName(),
                        "... 2 more");
    }
}
