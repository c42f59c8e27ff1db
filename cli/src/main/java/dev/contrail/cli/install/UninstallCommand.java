// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.install;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.DirectoryTree;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.recorder.LeftSession;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `uninstall`: removes every installed version and every link to them; traces stay.
public final class UninstallCommand implements Command {
    private static final String KEEP = "--keep-sessions";

    /// Of sessions that are in the way, as many are named.
    private static final int NAMED = 4;

    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(
                        Options.value(
                                "DIR",
                                "Where it was installed; default: where this program is"
                                        + " installed, else /usr/local.",
                                "--prefix"))
                .addOption(Options.flag("It was installed with --user.", "--user"))
                .addOption(
                        Options.flag(
                                "Although there are sessions: they stay, for a daemon of another"
                                        + " installation.",
                                KEEP));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        Installation installation =
                InstallCommand.named(line, console, Installation::ofThisProgram);
        // Before the lock, which makes the directory that it lies in.
        boolean isThere = !installation.installed().isEmpty();
        if (isThere) {
            Optional<String> manager = installation.packaged();
            if (manager.isPresent()) {
                throw new Failure(
                        "Contrail below %s is a package, whose files are the package manager's: %s"
                                .formatted(installation.prefix(), manager.get()));
            }
            if (!line.hasMatchedOption(KEEP)) {
                refuseSessions(console);
            }
            List<Path> made;
            try (var _ = InstallLock.take(installation, console)) {
                made = installation.made();
                isThere = uninstall(installation);
            } catch (AccessDeniedException e) {
                throw new Failure(
                        "Cannot remove %s: uninstall as the user who installed it"
                                .formatted(e.getFile()));
            }
            removeEmpty(made);
        }
        if (!isThere) {
            throw new Failure(
                    "Contrail is not installed below %s: name the directory with --prefix, or --user"
                            .formatted(installation.prefix()));
        }
        console.say("Contrail is removed from %s", installation.prefix());
        return 0;
    }

    /// What a session has in memory and in the kernel outlives daemon and program.
    private static void refuseSessions(Console console) throws Failure {
        List<String> names =
                LeftSession.in(console.places().runDirectory()).stream()
                        .map(LeftSession::name)
                        .toList();
        if (!names.isEmpty()) {
            boolean isOne = names.size() == 1;
            String named = names.stream().limit(NAMED).collect(Collectors.joining(", "));
            throw new Failure(
                    "%s %s%s would stay and go on, with no program to end %s: contrail destroy --all first, or uninstall %s"
                            .formatted(
                                    isOne ? "Session" : "Sessions",
                                    named,
                                    names.size() > NAMED ? ", …" : "",
                                    isOne ? "it" : "them",
                                    KEEP));
        }
    }

    /// @return false where another one has done so since
    private static boolean uninstall(Installation installation) throws IOException, Failure {
        List<Path> versions = installation.installed();
        if (versions.isEmpty()) {
            return false;
        }
        long own = ProcessHandle.current().pid();
        for (Path version : versions) {
            for (long user : ProgramFiles.processesOf(version)) {
                if (user != own) {
                    throw new Failure(
                            "Process %d runs from %s: end it first; a session daemon with contrail"
                                            .formatted(user, version)
                                    + " sessiond --stop");
                }
            }
        }
        remove(installation, versions);
        return true;
    }

    private static void remove(Installation installation, List<Path> versions) throws IOException {
        for (Path link : installation.links().keySet()) {
            if (installation.isOurs(link)) {
                Files.delete(link);
            }
        }
        for (Path version : versions) {
            DirectoryTree.delete(version);
        }
        Files.deleteIfExists(installation.current());
        installation.forget();
    }

    /// Removes those that are empty now.
    ///
    /// @param made for the installation, the deepest first
    private static void removeEmpty(List<Path> made) throws IOException {
        for (Path each : made) {
            try {
                Files.deleteIfExists(each);
            } catch (DirectoryNotEmptyException e) {
                continue; // somebody else's lies there
            }
        }
    }
}
