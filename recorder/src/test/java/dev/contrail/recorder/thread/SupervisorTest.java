// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SupervisorTest {
    private final List<String> ends = new ArrayList<>();
    private final Supervisor supervisor = new Supervisor(ends::add);

    @Test
    void goesOnAfterWhateverAThreadThrows() {
        var ran = new ArrayList<String>();
        supervisor.run("a", () -> ran.add("a"));
        supervisor.run(
                "b",
                () -> {
                    throw new UncheckedIOException(new IOException("disk"));
                });
        supervisor.run(
                "c",
                () -> {
                    throw new OutOfMemoryError("heap");
                });
        supervisor.run(
                "d",
                () -> {
                    throw new StackOverflowError();
                });
        supervisor.run("e", () -> ran.add("e"));

        assertThat(ran).containsExactly("a", "e");
        assertThat(ends).isEmpty();
    }

    @Test
    void endsTheProcessOnceItsClassesCannotBeLoaded() {
        supervisor.run(
                "Session s",
                () -> {
                    throw new ExceptionInInitializerError("no memory");
                });

        assertThat(ends)
                .singleElement()
                .asString()
                .startsWith("Session s: java.lang.ExceptionInInitializerError: no memory: ")
                .endsWith(
                        "The daemon ends; its sessions are kept, and the next one goes on with"
                                + " them.");
    }

    /// Telling it must not be the next failure.
    @Test
    void survivesAFailureThatCannotEvenBeNamed() {
        var unsayable =
                new RuntimeException() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public String getMessage() {
                        throw new OutOfMemoryError("no memory for a message");
                    }
                };
        supervisor.failed("x", unsayable);

        assertThat(ends).isEmpty();
    }

    @Test
    void prefersTheCallingThreadAsItWasTold() {
        var preferred = new ArrayList<Boolean>();
        var preferring = new Supervisor(ends::add, preferred::add);
        preferring.prefer(true);
        preferring.prefer(false);
        supervisor.prefer(true); // without a way to do so it does nothing

        assertThat(preferred).containsExactly(true, false);
    }
}
