// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which programs can do with an agent in `JAVA_TOOL_OPTIONS`. A JVM whose image has no module
/// `java.instrument` (made by jlink, often) does not even start with one.
final class AgentNeeds {
    private static final Set<String> STARTERS = Set.of("java", "sh", "bash", "dash", "ksh", "zsh");

    private AgentNeeds() {}

    /// The Java image without `java.instrument` that a program is a launcher of, if it is: in `bin`
    /// beside `lib`, or as jpackage has it with the image in `lib/runtime`.
    static Optional<Path> imageWithout(Path program) {
        try {
            Path bin = program.toRealPath().getParent();
            Path home = bin == null ? null : bin.getParent();
            if (home == null) {
                return Optional.empty(); // no directory with `bin` and `lib`
            }
            for (Path image : List.of(home, home.resolve("lib/runtime"))) {
                Path library = image.resolve("lib");
                if (Files.isRegularFile(library.resolve("modules"))
                        && Files.notExists(library.resolve("libinstrument.so"))) {
                    return Optional.of(image);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // whoever runs it will tell
        }
    }

    private static boolean isOfImageWithAgents(Path program) {
        try {
            Path bin = program.toRealPath().getParent();
            Path home = bin == null ? null : bin.getParent();
            return home != null && Files.isRegularFile(home.resolve("lib/libinstrument.so"));
        } catch (IOException e) {
            return false; // nobody knows what it is
        }
    }

    /// Whether a program may have started a JVM of an image without agents: a script, a shell, or a
    /// `java` whose image is not found or has none.
    static boolean mayStartAny(Path program) {
        if (isOfImageWithAgents(program)) {
            return false;
        }
        if (STARTERS.contains(String.valueOf(program.getFileName()))) {
            return true;
        }
        try (InputStream in = Files.newInputStream(program)) {
            return in.read() == '#' && in.read() == '!';
        } catch (IOException e) {
            return false; // it may be executed and not read
        }
    }
}
