// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.nio.file.Path;

/// What the shell launcher tells the program about itself, as system properties.
final class Launcher {
    private Launcher() {}

    /// The launcher's own path: `contrail`.
    static Path path() {
        return Path.of(property("contrail.launcher"));
    }

    /// The tracer's jar.
    static Path tracerJar() {
        return Path.of(property("contrail.tracer"));
    }

    /// The jar of the demonstration programs.
    static Path samplesJar() {
        return Path.of(property("contrail.samples"));
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set: run the program `contrail`");
        }
        return value;
    }
}
