// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/// What the tracer allows itself on standard error: one line about each kind of trouble. Past
/// `System.err`, which the application may have given a lock, a log or anything else.
public final class ErrorLine {
    /// Kinds of trouble.
    public enum About {
        LINK,
        THREADS,
        ORDER,
        FIELD_NAMES,
        BINDING
    }

    private static final int LONGEST = 1000;
    private static final boolean[] WAS_SAID = new boolean[About.values().length];

    private ErrorLine() {}

    /// Has it there when it is needed: the jar may be gone by then, or be another.
    static void prepare() {
        About.values();
    }

    /// Never fails.
    public static void say(About about, String problem) {
        try {
            synchronized (WAS_SAID) {
                if (WAS_SAID[about.ordinal()]) return;
                WAS_SAID[about.ordinal()] = true;
            }
            String line = "contrail: " + problem.replace('\n', ' ');
            if (line.length() > LONGEST) line = line.substring(0, LONGEST) + "…";
            write((line + System.lineSeparator()).getBytes(UTF_8));
        } catch (Throwable e) {
            // nobody to tell
        }
    }

    @SuppressWarnings("resource") // closing it would close the application's
    private static void write(byte[] line) throws IOException {
        new FileOutputStream(FileDescriptor.err).write(line);
    }
}
