// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Finds programs as a shell does.
final class Programs {
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    private Programs() {}

    /// @throws Failure with a shell's status when that program cannot be run
    static Path find(String program, Map<String, String> environment) throws Failure {
        if (program.contains("/")) {
            Path path = Path.of(program);
            if (!Files.exists(path)) {
                throw new Failure(NOT_FOUND, program + ": no such program");
            }
            if (Files.isDirectory(path) || !Files.isExecutable(path)) {
                throw new Failure(NOT_EXECUTABLE, program + ": not executable");
            }
            return path;
        }
        for (String directory : environment.getOrDefault("PATH", "/usr/bin:/bin").split(":")) {
            Path path = Path.of(directory.isEmpty() ? "." : directory, program);
            if (!program.isEmpty() && Files.isRegularFile(path) && Files.isExecutable(path)) {
                return path;
            }
        }
        throw new Failure(NOT_FOUND, program + ": command not found");
    }
}
