// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.TerminalText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Finds programs as a shell does.
final class Programs {
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    private Programs() {}

    /// The processes that have a variable in their environment, as far as this user may see them.
    ///
    /// @param variable with its value, `NAME=VALUE`
    static List<ProcessHandle> withEnvironment(String variable) {
        // As it is read: a byte a character.
        String wanted = "\0" + new String(variable.getBytes(UTF_8), ISO_8859_1) + "\0";
        return ProcessHandle.allProcesses()
                .filter(each -> {
                    Path environment = Path.of("/proc", Long.toString(each.pid()), "environ");
                    try {
                        return ("\0" + Files.readString(environment, ISO_8859_1)).contains(wanted);
                    } catch (IOException e) {
                        return false; // It has ended, or it is another user's.
                    }
                })
                .toList();
    }

    /// @throws Failure with a shell's status when that program cannot be run
    static Path find(String program, Map<String, String> environment) throws Failure {
        if (program.contains("/")) {
            Path path = Path.of(program);
            if (!Files.exists(path) && !Files.notExists(path)) {
                throw new Failure(NOT_EXECUTABLE, program + ": Permission denied");
            }
            if (!Files.exists(path)) {
                throw new Failure(NOT_FOUND, program + ": no such program");
            }
            if (Files.isDirectory(path)) {
                throw new Failure(NOT_EXECUTABLE, program + ": not executable: it is a directory");
            }
            if (!Files.isExecutable(path)) {
                throw new Failure(
                        NOT_EXECUTABLE,
                        "%s: not executable: chmod +x %s makes it so"
                                .formatted(program, TerminalText.word(program)));
            }
            return path;
        }
        for (String directory : environment.getOrDefault("PATH", "/usr/bin:/bin").split(":")) {
            Path path = Path.of(directory.isEmpty() ? "." : directory, program);
            if (!program.isEmpty() && Files.isRegularFile(path) && Files.isExecutable(path)) {
                return path;
            }
        }
        throw new Failure(
                NOT_FOUND,
                (program.isEmpty() ? "''" : program)
                        + ": command not found"
                        + (!program.isEmpty() && Files.exists(Path.of(program))
                                ? " in PATH; the file of that name is ./" + program
                                : ""));
    }
}
