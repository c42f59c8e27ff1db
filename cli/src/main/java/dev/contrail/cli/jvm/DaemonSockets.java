// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.jvm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where the tracer in another process looks for session daemons, as its environment was when it
/// began, and whether it finds one there: what it sees of the files may be others than here.
final class DaemonSockets {
    private static final String NAME = "apps.sock";

    /// Of which the names of files are made here.
    private static final Charset FILE_NAMES =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), ISO_8859_1);

    private static final Path ROOTS = Path.of("/run/contrail", NAME);

    private DaemonSockets() {}

    /// Why that process finds no session daemon, and what helps; empty when it finds one, or when
    /// that cannot be told.
    ///
    /// @param process its directory in `/proc`
    static Optional<String> obstacle(Path process) {
        List<Path> places;
        try {
            places = of(process);
        } catch (IOException | InvalidPathException e) {
            return Optional.empty(); // it has ended, is of another user, or of another language
        }
        Path root = process.resolve("root");
        List<Path> here = new ArrayList<>();
        for (Path each : places) {
            if (Files.exists(root.resolve(each.toString().substring(1)))) {
                return Optional.empty();
            }
            if (Files.exists(each)) {
                here.add(each);
            }
        }
        return Optional.of(
                here.isEmpty()
                        ? "no session daemon listens at %s: it is recorded once one does"
                                .formatted(shown(places))
                        : "it is in a container, or has other files, where %s is not there: it is recorded once that is mounted there"
                                .formatted(shown(here)));
    }

    /// As the tracer's `SocketPaths` has them.
    private static List<Path> of(Path process) throws IOException {
        String environment = new String(Files.readAllBytes(process.resolve("environ")), FILE_NAMES);
        Optional<Path> run = variable(environment, "LTTNG_RUNDIR");
        if (run.isPresent()) {
            return List.of(run.get().resolve(NAME));
        }
        var places = new ArrayList<>(List.of(ROOTS));
        String status = JavaProcesses.read(process.resolve("status"));
        if (JavaProcesses.number(status, "Uid", 1) != 0) {
            variable(environment, "LTTNG_HOME")
                    .or(() -> variable(environment, "HOME"))
                    .ifPresent(home -> places.add(home.resolve(".contrail").resolve(NAME)));
        }
        return places;
    }

    private static Optional<Path> variable(String untrustedEnvironment, String name) {
        for (String each : untrustedEnvironment.split("\0")) {
            if (each.startsWith(name + "=/")) { // others are relative to where it began
                return Optional.of(Path.of(each.substring(name.length() + 1)));
            }
        }
        return Optional.empty();
    }

    private static String shown(List<Path> places) {
        return String.join(" or ", places.stream().map(Path::toString).toList());
    }
}
