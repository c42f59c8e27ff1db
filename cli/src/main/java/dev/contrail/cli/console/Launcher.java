// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What the shell launcher tells the program about itself, as system properties.
public final class Launcher {
    private Launcher() {}

    /// The launcher's own path: `contrail`.
    public static Path path() {
        return Path.of(property("contrail.launcher"));
    }

    /// Where the launchers of all entry points lie: of an installation, by the link that names the
    /// version in use. Empty where no launcher runs.
    public static Optional<Path> directory() {
        Optional<Path> directory =
                Optional.ofNullable(System.getProperty("contrail.launcher"))
                        .map(Path::of)
                        .map(Path::getParent);
        return directory.map(own -> {
            Path current = own.resolveSibling("current");
            try {
                return Files.isSameFile(current, own) ? current : own;
            } catch (IOException e) {
                return own; // a development tree
            }
        });
    }

    /// The launcher of an entry point, which lies beside this one; its name where no launcher runs.
    public static String program(EntryPoint entry) {
        return System.getProperties().containsKey("contrail.launcher")
                ? path().resolveSibling(entry.program()).toString()
                : entry.program();
    }

    /// Has the launcher that `daemon` begins with be entered as this program was, whose name the
    /// daemon then has: `lttng-sessiond` under `lttng`.
    public static ProcessBuilder entered(ProcessBuilder daemon) {
        String entry = System.getProperty("contrail.entry", "");
        if (entry.equals(EntryPoint.LTTNG.program())) {
            daemon.environment().put("CONTRAIL_ENTRY", entry);
        }
        return daemon;
    }

    /// The tracer's jar.
    public static Path tracerJar() {
        return Path.of(property("contrail.tracer"));
    }

    /// The jar of the demonstration programs.
    public static Path samplesJar() {
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
