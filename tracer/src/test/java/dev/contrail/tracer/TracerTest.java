// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Binding where a program has next to nothing left.
class TracerTest {
    private static final int FRAMES = 300;

    interface Deep {
        void event(@Field("number") long number, @Field("text") String text);
    }

    private int failures;
    private int bound;
    private final List<Class<?>> wrongErrors = new ArrayList<>();

    /// Binds at the end of the stack, then a frame further from it, and so on.
    private int dive(int padding) {
        try {
            return 1 + dive(padding + 1);
        } catch (StackOverflowError e) {
            if (failures + bound < FRAMES) {
                bind();
            }
            throw e;
        }
    }

    private void bind() {
        try {
            Tracer.bind(Deep.class).event(1, "ä");
            bound++;
        } catch (StackOverflowError e) {
            failures++; // the program's own, a frame later
        } catch (Throwable e) {
            wrongErrors.add(e.getClass());
        }
    }

    @Test
    void throwsNothingButStackOverflowsAtTheEndOfTheStack() throws InterruptedException {
        Thread thread =
                new Thread(
                        null,
                        () -> {
                            try {
                                dive(0);
                            } catch (StackOverflowError e) {
                                // wanted
                            }
                        },
                        "deep",
                        512 << 10);
        thread.start();
        thread.join();
        assertThat(wrongErrors).isEmpty();
        assertThat(failures).isPositive();
        Deep after = Tracer.bind(Deep.class);
        after.event(2, "b");
        assertThat(after.getClass().getName()).contains("$$Contrail");
    }
}
