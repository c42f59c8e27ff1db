// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The tracefs instances of the machine.
final class Instances {
    private static final Path DIRECTORY = Path.of("/sys/kernel/tracing/instances");

    private Instances() {}

    /// Their names, in a set that may be changed.
    static Set<String> all() throws IOException {
        var names = new TreeSet<String>();
        try (Stream<Path> entries = Files.list(DIRECTORY)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        }
        return names;
    }

    /// The one instance of that account's session daemon.
    static Path of(Machine machine) throws IOException {
        String identity = Files.readString(machine.runDirectory().resolve("daemon")).strip();
        try (Stream<Path> entries = Files.list(DIRECTORY)) {
            return entries.filter(entry -> entry.toString().contains(identity))
                    .findFirst()
                    .orElseThrow();
        }
    }

    static String read(Path instance, String file) throws IOException {
        return Files.readString(instance.resolve(file)).strip();
    }

    static void write(Path instance, String file, String value) throws IOException {
        Files.writeString(instance.resolve(file), value, StandardOpenOption.WRITE);
    }
}
