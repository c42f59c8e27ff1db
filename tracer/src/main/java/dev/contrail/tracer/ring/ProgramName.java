// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/// What a process is called: after the main class or the jar that it was started with.
public final class ProgramName {
    /// Bytes of a name in a packet: `JvmSchema.PROCNAME_BYTES`.
    private static final int PACKET_BYTES = 28;

    private ProgramName() {}

    /// The main class or jar of this process; empty when no `java` has started it.
    public static String own() {
        return firstWord(System.getProperty("sun.java.command", ""));
    }

    /// The simple name of a main class, or the file name of a jar; `java` when it is empty.
    public static String simple(String mainClassOrJar) {
        String main = firstWord(mainClassOrJar);
        main = main.substring(main.lastIndexOf('/') + 1);
        if (main.endsWith(".jar")) {
            return main;
        }
        String simple = main.substring(main.lastIndexOf('.') + 1);
        return simple.isEmpty() ? "java" : simple;
    }

    /// What packets of this process say of it, as `procname`: as much as there is room for.
    public static String ofPackets() {
        String name = simple(own());
        while (name.getBytes(UTF_8).length > PACKET_BYTES) {
            name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
        }
        return name;
    }

    private static String firstWord(String text) {
        int blank = text.indexOf(' ');
        return blank < 0 ? text : text.substring(0, blank);
    }

    /// As the header of a ring has it: of its simple name as much as there is room for.
    public static byte[] encoded(String mainClassOrJar) {
        byte[] bytes = simple(mainClassOrJar).getBytes(UTF_8);
        return Arrays.copyOf(bytes, Math.min(bytes.length, Layout.PROGRAM_SIZE - 1));
    }

    /// What [#encoded] made, with zeros after it.
    public static String decoded(byte[] untrusted) {
        int length = 0;
        while (length < untrusted.length && untrusted[length] != 0) {
            length++;
        }
        return new String(untrusted, 0, length, UTF_8);
    }
}
