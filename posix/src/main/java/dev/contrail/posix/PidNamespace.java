// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// The PID namespace of this process: containers may share files, but not their processes' numbers.
public final class PidNamespace {
    /// The first one of the machine (`PROC_PID_INIT_INO` of Linux).
    private static final long FIRST = 0xefff_fffcL;

    private static final OptionalLong OWN = read();

    private PidNamespace() {}

    /// Its number; empty where there are no namespaces, or nobody may see them.
    public static OptionalLong own() {
        return OWN;
    }

    /// Whether processes have the numbers here that they have to the kernel's tracer.
    ///
    /// @param otherwise the answer where that cannot be known
    public static boolean isFirst(boolean otherwise) {
        return OWN.isPresent() ? OWN.getAsLong() == FIRST : otherwise;
    }

    private static OptionalLong read() {
        try {
            String link = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            return OptionalLong.of(Long.parseLong(link.replaceAll("[^0-9]", "")));
        } catch (IOException | RuntimeException unknown) {
            return OptionalLong.empty();
        }
    }
}
