// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.install;

import dev.contrail.cli.console.Launcher;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The versions of Contrail that are installed below one prefix, and the links by which the system
/// finds the current one.
///
/// ```text
/// PREFIX/lib/contrail/VERSION/       one version, never changed once it is there
/// PREFIX/lib/contrail/current        a link to the version that commands use
/// PREFIX/lib/contrail/directories    the directories that were made for it, one per line
/// PREFIX/lib/contrail/package        where a package manager has put it there: what removes it
/// PREFIX/bin/contrail                a link into current, as are the manual pages, the completions for bash and zsh and the unit for systemd
/// ```
///
/// A program that runs has the path of its version, not of `current`: installing another one does
/// not touch it.
///
/// @param prefix absolute, such as `/usr/local`
/// @param stage below which everything is written, for those who build packages; the root directory
///   otherwise
record Installation(Path prefix, Path stage) {
    static final String SESSIOND_UNIT = "contrail-sessiond.service";

    /// The units for systemd.
    static final List<String> UNITS = List.of(SESSIOND_UNIT, "contrail-relayd.service");

    private static final String CURRENT = "current";
    private static final String MADE = "directories";
    private static final String PACKAGE = "package";
    private static final Path ROOT = Path.of("/");

    /// The name that [ProgramFiles] gives a version; with a dot before it and a process after it
    /// while it is being made.
    private static final Pattern VERSION =
            Pattern.compile("\\d[\\w.-]*-[0-9a-f]{8}|\\.\\d[\\w.-]*-[0-9a-f]{8}\\.\\d+");

    /// Where the system's administrator installs what is no package.
    static final Path SYSTEM = Path.of("/usr/local");

    static Installation at(Path prefix) {
        return new Installation(prefix.toAbsolutePath().normalize(), ROOT);
    }

    /// Below a user's home directory, where systemd, shells and `man` look too.
    static Installation ofUser(Path home) {
        return at(home.resolve(".local"));
    }

    /// The one that a program was started from; empty for a development tree.
    ///
    /// @param launcher its launcher, all links followed
    static Optional<Installation> of(Path launcher) {
        Path version = launcher.toAbsolutePath().getParent();
        if (version == null || !Files.isDirectory(version.resolve("runtime"))) {
            return Optional.empty();
        }
        // PREFIX/lib/contrail/VERSION
        return Optional.ofNullable(version.getParent())
                .map(Path::getParent)
                .map(Path::getParent)
                .map(Installation::at);
    }

    /// The one that this program was started from, or else the system's.
    static Installation ofThisProgram() {
        return Launcher.directory()
                .flatMap(each -> of(each.resolve("contrail")))
                .orElse(at(SYSTEM));
    }

    /// The package manager's command that removes it; empty where it is no package's.
    Optional<String> packaged() throws IOException {
        Path file = written(versions()).resolve(PACKAGE);
        return Files.isRegularFile(file)
                ? Files.readAllLines(file).stream().findFirst()
                : Optional.empty();
    }

    /// Whether it is written elsewhere than where it will be used.
    boolean isStaged() {
        return !stage.equals(ROOT);
    }

    /// Where a path of the installed system is written.
    Path written(Path installed) {
        return stage.resolve(ROOT.relativize(installed));
    }

    /// The directory of versions.
    Path versions() {
        return prefix.resolve("lib/contrail");
    }

    Path version(String name) {
        return versions().resolve(name);
    }

    /// The link to the version that commands use.
    Path current() {
        return versions().resolve(CURRENT);
    }

    /// The command.
    Path command() {
        return prefix.resolve("bin/contrail");
    }

    /// The versions that are there, whole or not, in no order. What else lies there is somebody
    /// else's.
    List<Path> installed() throws IOException {
        var found = new ArrayList<Path>();
        if (Files.isDirectory(written(versions()))) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(written(versions()))) {
                for (Path each : all) {
                    if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)
                            && VERSION.matcher(String.valueOf(each.getFileName())).matches()) {
                        found.add(each);
                    }
                }
            }
        }
        return found;
    }

    /// The links outside of [#versions], each with where it shall point to: into [#current].
    TreeMap<Path, Path> links() throws IOException {
        var links = new TreeMap<Path, Path>();
        link(links, command(), "contrail");
        link(
                links,
                prefix.resolve("share/bash-completion/completions/contrail"),
                "share/contrail.bash");
        link(links, prefix.resolve("share/zsh/site-functions/_contrail"), "share/_contrail");
        for (String each : UNITS) {
            link(links, unit(each), "share/" + each);
        }
        Path pages = written(current()).resolve("share/man");
        if (Files.isDirectory(pages)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(pages, "*.1")) {
                for (Path page : all) {
                    String name = String.valueOf(page.getFileName());
                    link(
                            links,
                            prefix.resolve("share/man/man1").resolve(name),
                            "share/man/" + name);
                }
            }
        }
        return links;
    }

    /// Where systemd looks for a unit: for users' daemons below a home directory, else for root's.
    Path unit(String name) {
        return prefix.resolve(isOfUser() ? "share/systemd/user" : "lib/systemd/system")
                .resolve(name);
    }

    /// Whether it is one user's: below a home directory.
    boolean isOfUser() {
        return prefix.endsWith(".local");
    }

    /// Points `link` to `target`, by a way that holds wherever the prefix is mounted, and where
    /// directories are links themselves; others see the old one or the new one, never none.
    ///
    /// @param target among the versions
    void point(Path link, Path target) throws IOException {
        make(versions());
        make(directory(link));
        Path written = written(link);
        Path way =
                directory(written)
                        .toRealPath()
                        .relativize(written(versions()).toRealPath())
                        .resolve(versions().relativize(target));
        Path fresh =
                written.resolveSibling(
                        "." + link.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, way);
        Files.move(
                fresh,
                written,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /// Whether something is there that is not a link of this installation.
    boolean isForeign(Path link) throws IOException {
        return Files.exists(written(link), LinkOption.NOFOLLOW_LINKS) && !isOurs(link);
    }

    /// Whether a link is there and points into this installation's versions.
    boolean isOurs(Path link) throws IOException {
        Path written = written(link);
        if (!Files.isSymbolicLink(written) || !Files.isDirectory(written(versions()))) {
            return false;
        }
        Path way = Files.readSymbolicLink(written);
        return directory(written)
                .toRealPath()
                .resolve(way)
                .normalize()
                .startsWith(written(versions()).toRealPath());
    }

    /// Makes a directory, and those above it, where they are missing, and notes them. Below a
    /// system's prefix everybody may enter them, whatever the creation mask.
    ///
    /// @param directory below the prefix
    void make(Path directory) throws IOException {
        var missing = new ArrayDeque<Path>();
        for (Path each = directory;
                each != null && !Files.isDirectory(written(each));
                each = each.getParent()) {
            missing.push(each);
        }
        if (missing.isEmpty()) {
            return;
        }
        var made = new ArrayList<Path>();
        for (Path each : missing) {
            if (isMade(written(each))) {
                made.add(each);
            }
        }
        if (!isStaged()) {
            made.removeIf(each -> !each.startsWith(prefix) || each.equals(prefix));
            Files.write(
                    versions().resolve(MADE),
                    made.stream().map(prefix::relativize).map(Path::toString).toList(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    /// Makes one directory.
    ///
    /// @return false when another process has made it since it was found missing
    private boolean isMade(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (Files.isDirectory(directory)) {
                return false;
            }
            throw e;
        }
        if (!isOfUser()) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return true;
    }

    /// The directories that were made for it, the deepest first, those of the versions among them.
    List<Path> made() throws IOException {
        Path list = versions().resolve(MADE);
        var made = new TreeSet<Path>(Comparator.reverseOrder());
        made.add(versions());
        if (Files.exists(list)) {
            for (String untrusted : Files.readAllLines(list)) {
                Path path = prefix.resolve(untrusted).normalize();
                if (path.startsWith(prefix) && !path.equals(prefix)) {
                    made.add(path);
                }
            }
        }
        return List.copyOf(made);
    }

    /// Forgets which directories were made for it: they are to be removed.
    void forget() throws IOException {
        Files.deleteIfExists(versions().resolve(MADE));
    }

    /// The directory that a file of the installation is in.
    static Path directory(Path file) {
        return Objects.requireNonNull(file.getParent());
    }

    private void link(TreeMap<Path, Path> links, Path from, String inVersion) {
        links.put(from, current().resolve(inVersion));
    }
}
