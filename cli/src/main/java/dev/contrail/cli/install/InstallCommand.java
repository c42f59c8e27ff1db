// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.install;

import dev.contrail.cli.console.Command;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.DirectoryTree;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Options;
import dev.contrail.cli.console.RunningDaemon;
import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `install`: puts this version beside those that are installed, and makes it the current one.
///
/// What runs is never touched: a version has a directory of its own, which nobody writes to again.
public final class InstallCommand implements Command {
    private final UnaryOperator<String> completion;

    /// @param completion makes the completion script of a shell, for the installed command
    public InstallCommand(UnaryOperator<String> completion) {
        this.completion = completion;
    }

    @Override
    public CommandSpec spec() {
        return CommandSpec.create()
                .addOption(
                        Options.value(
                                "DIR",
                                "Install below DIR; default: where this program is installed, else"
                                        + " /usr/local.",
                                "--prefix"))
                .addOption(Options.flag("Install below ~/.local, for this user only.", "--user"))
                .addOption(
                        Options.value(
                                "DIR",
                                "Write below DIR what is meant for the root directory, for"
                                        + " packages.",
                                "--stage"));
    }

    @Override
    public int run(ParseResult line, Console console) throws IOException, Failure {
        Installation installation = named(line, console, Installation::ofThisProgram);
        Optional<Path> stage = directory(line, "--stage");
        if (stage.isPresent()) {
            installation = new Installation(installation.prefix(), stage.get());
        }
        if (installation.packaged().isPresent()) {
            throw new Failure(
                    "Contrail below %s is a package, whose files are the package manager's: install its"
                                    .formatted(installation.prefix())
                            + " next version, or name another directory with --prefix or --user");
        }
        try (var _ = InstallLock.take(installation, console)) {
            install(installation, console);
        } catch (AccessDeniedException e) {
            throw notWritable(installation, "permission denied");
        } catch (FileAlreadyExistsException | NotDirectoryException e) {
            throw notWritable(installation, e.getFile() + " is no directory");
        } catch (NoSuchFileException e) {
            throw notWritable(installation, Reason.of(e));
        } catch (FileSystemException e) {
            if (String.valueOf(e.getReason()).startsWith("Read-only")) {
                throw notWritable(installation, "the file system is read-only");
            }
            throw e;
        }
        return 0;
    }

    private static Failure notWritable(Installation installation, String why) {
        return new Failure(
                "Cannot write below %s: %s. Install as root, with --user below your home directory,"
                                .formatted(installation.written(installation.prefix()), why)
                        + " or with --prefix where you may write");
    }

    /// The directory that an option names; empty where it is not given.
    private static Optional<Path> directory(ParseResult line, String option) throws Failure {
        if (!line.hasMatchedOption(option)) {
            return Optional.empty();
        }
        String named = line.matchedOptionValue(option, "");
        if (named.isBlank()) {
            throw new Failure(
                    option + " names no directory: is a variable that it is made of empty?");
        }
        return Optional.of(Path.of(named).toAbsolutePath().normalize());
    }

    /// The installation that `--prefix` or `--user` names.
    static Installation named(ParseResult line, Console console, Supplier<Installation> otherwise)
            throws Failure {
        Optional<Path> prefix = directory(line, "--prefix");
        boolean isUser = line.hasMatchedOption("--user");
        if (isUser && prefix.isPresent()) {
            throw new Failure("Use either --user or --prefix");
        }
        if (isUser) {
            return Installation.ofUser(userHome(console));
        }
        return prefix.map(Installation::at).orElseGet(otherwise);
    }

    /// The user's home directory, which `LTTNG_HOME` does not move.
    private static Path userHome(Console console) {
        return Optional.of(console.surroundings().variable("HOME"))
                .filter(each -> !each.isEmpty())
                .map(Path::of)
                .orElse(console.places().home());
    }

    private void install(Installation installation, Console console) throws IOException, Failure {
        ProgramFiles files = ProgramFiles.ofThisProgram();
        String name = files.name();
        Path version = installation.version(name);
        boolean isThere = Files.isDirectory(installation.written(version));
        if (!isThere) {
            console.note("Installing Contrail " + name + " (some seconds)…");
            files.copy(installation, version, completion);
        }
        installation.point(installation.current(), version);
        for (Map.Entry<Path, Path> link : installation.links().entrySet()) {
            if (installation.isForeign(link.getKey())) {
                if (!link.getKey().equals(installation.command())) {
                    console.warn(
                            "%s is not Contrail's, and stays as it is: move it away and install"
                                    + " again",
                            link.getKey());
                }
            } else {
                installation.point(link.getKey(), link.getValue());
            }
        }
        if (!isThere && !installation.isStaged()) {
            StartUpCache.make(version.resolve("contrail"), console);
        }
        console.say("Contrail %s is %s in %s", name, isThere ? "already" : "installed", version);
        removeUnused(installation, name, console);
        if (installation.isForeign(installation.command())) {
            throw new Failure(
                    "%s is not Contrail's: move it away and install again, or run %s"
                            .formatted(
                                    installation.command(),
                                    installation.current().resolve("contrail")));
        }
        say(installation, console);
    }

    private static void say(Installation installation, Console console) throws IOException {
        if (installation.isStaged()) {
            return;
        }
        String path = console.surroundings().variable("PATH");
        Path bin = Installation.directory(installation.command());
        boolean isFound = List.of(path.split(":")).contains(bin.toString());
        console.say(
                "The command is %s%s",
                installation.command(),
                isFound ? "" : ": add its directory to PATH, for example in ~/.profile");
        Optional<ProcessHandle> daemon = RunningDaemon.find(console.places());
        if (daemon.isPresent()) {
            console.say(
                    "The session daemon (PID %d) goes on in its own version; contrail sessiond"
                            + " --replace --background moves its sessions to this one",
                    daemon.get().pid());
        }
    }

    private static void removeUnused(Installation installation, String current, Console console)
            throws IOException {
        for (Path version : installation.installed()) {
            String name = String.valueOf(version.getFileName());
            if (name.equals(current)) {
                continue;
            }
            List<Long> users = ProgramFiles.processesOf(version);
            if (users.isEmpty()) {
                DirectoryTree.delete(version);
                console.say("Version %s is removed: nothing runs from it", name);
            } else {
                console.say(
                        "Version %s stays: process %d runs from it. The next install removes it",
                        name, users.getFirst());
            }
        }
    }
}
