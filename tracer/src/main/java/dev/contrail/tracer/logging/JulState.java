// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.logging;

import java.lang.instrument.Instrumentation;

/// Whether the application uses `java.util.logging`. Once seen it stays so.
final class JulState {
    private static volatile boolean isSeen;

    private JulState() {}

    static boolean wasSeen() {
        return isSeen;
    }

    static void markSeen() {
        isSeen = true;
    }

    /// Looks among the loaded classes, without loading one.
    static boolean look(Instrumentation agent, String className) {
        for (Class<?> loaded : agent.getInitiatedClasses(null)) {
            if (loaded.getName().equals(className)) {
                isSeen = true;
                return true;
            }
        }
        return false;
    }
}
