// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

import dev.contrail.cli.console.Failure;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Options that `lttng` 2.13 has and we do not have yet: refused by name rather than as unknown.
final class UnsupportedOptions {
    private static final Map<String, Set<String>> OPTIONS =
            Map.of(
                    "create",
                    Set.of("--shm-path"),
                    "enable-event",
                    Set.of(
                            "-l",
                            "--log4j",
                            "-p",
                            "--python",
                            "--probe",
                            "--function",
                            "--userspace-probe"),
                    "disable-event",
                    Set.of("-l", "--log4j", "-p", "--python", "--probe", "--function"),
                    "enable-channel",
                    Set.of("--buffers-pid", "--blocking-timeout"),
                    "list",
                    Set.of("-l", "--log4j", "-p", "--python"));

    private UnsupportedOptions() {}

    /// Says by name what 2.13 has and we do not have yet.
    static void refuse(String word, List<String> arguments) throws Failure {
        for (String argument : arguments) {
            String name =
                    argument.contains("=")
                            ? argument.substring(0, argument.indexOf('='))
                            : argument;
            if (isOption(word, name)) {
                throw new Failure("%s %s is not implemented yet".formatted(word, name));
            }
        }
    }

    static boolean isOption(String command, String option) {
        return OPTIONS.getOrDefault(command, Set.of()).contains(option);
    }
}
