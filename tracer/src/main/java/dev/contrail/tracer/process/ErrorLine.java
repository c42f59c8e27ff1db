// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What the tracer allows itself on standard error: one line about each kind of trouble, and one
/// about each of the first few event interfaces. Past `System.err`, which the application may have
/// given a lock, a log or anything else; but where a security manager is in the way.
public final class ErrorLine {
    /// Kinds of trouble.
    public enum About {
        LINK,
        THREADS,
        ORDER,
        FIELD_NAMES,
        CLOCK,
        SECURITY_MANAGER,
        NATIVE_IMAGE
    }

    private static final int LONGEST = 2000;
    private static final int MOST_INTERFACES = 8;
    private static final String MORE_INTERFACES =
            "more event interfaces are not recorded whole: they get no lines of their own";
    private static final boolean[] WAS_SAID = new boolean[About.values().length];

    /// Names of event interfaces; one more than those with a line of their own when all are told.
    private static final List<String> INTERFACES = new ArrayList<>(MOST_INTERFACES + 1);

    private ErrorLine() {}

    /// Has it there when it is needed: the jar may be gone by then, or be another.
    public static void prepare() {
        About.values();
    }

    /// Never fails.
    public static void say(About about, String problem) {
        try {
            synchronized (WAS_SAID) {
                if (WAS_SAID[about.ordinal()]) {
                    return;
                }
                WAS_SAID[about.ordinal()] = true;
            }
            write(problem);
        } catch (Throwable e) {
            // nobody to tell
        }
    }

    /// Says what is wrong with an event interface, once for each of the first eight; then that
    /// there are more. Never fails.
    ///
    /// @param name of the interface
    public static void sayOfInterface(String name, String problem) {
        try {
            boolean isOneTooMany;
            synchronized (INTERFACES) {
                if (INTERFACES.size() > MOST_INTERFACES || INTERFACES.contains(name)) {
                    return;
                }
                isOneTooMany = INTERFACES.size() == MOST_INTERFACES;
                INTERFACES.add(name);
            }
            write(isOneTooMany ? MORE_INTERFACES : problem);
        } catch (Throwable e) {
            // nobody to tell
        }
    }

    private static void write(String problem) throws IOException {
        String line = "contrail: " + problem.replace('\n', ' ');
        if (line.length() > LONGEST) {
            line = line.substring(0, LONGEST) + "…";
        }
        write((line + System.lineSeparator()).getBytes(UTF_8));
    }

    @SuppressWarnings("resource") // closing it would close the application's
    private static void write(byte[] line) throws IOException {
        try {
            new FileOutputStream(FileDescriptor.err).write(line);
        } catch (SecurityException e) { // before JDK 24: what is left is what the program has
            System.err.write(line);
        }
    }
}
