// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.install;

import dev.contrail.cli.console.DirectoryTree;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Launcher;
import dev.contrail.cli.console.Version;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/// The files of which this program consists, wherever it was started from: jars, launchers, manual
/// pages.
///
/// @param home the directory of the launchers
/// @param jars in the order of the module path
record ProgramFiles(Path home, List<Path> jars) {
    private static final List<String> LAUNCHERS =
            List.of("contrail", "lttng", "babeltrace2", "lttng-sessiond", "lttng-relayd");

    /// The names that daemons are seen by, which their Java has.
    private static final List<String> DAEMONS =
            List.of("contrail-sessiond", "contrail-relayd", "lttng-sessiond", "lttng-relayd");

    static ProgramFiles ofThisProgram() {
        Path home = Installation.directory(Launcher.path().toAbsolutePath());
        var jars = new ArrayList<Path>();
        for (String jar : System.getProperty("jdk.module.path", "").split(File.pathSeparator)) {
            jars.add(Path.of(jar).toAbsolutePath());
        }
        return new ProgramFiles(home, jars);
    }

    /// The version, and eight digits that are others as soon as one byte of the program is another.
    String name() throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        digest.update(
                Runtime.version().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (Path jar : jars) {
            digest.update(Files.readAllBytes(jar));
        }
        for (String launcher : LAUNCHERS) {
            digest.update(Files.readAllBytes(home.resolve(launcher)));
        }
        return Version.NUMBER + "-" + HexFormat.of().formatHex(digest.digest(), 0, 4);
    }

    /// Copies everything, with a run-time image, to `version`: it is there whole, or not at all.
    ///
    /// @param completion the completion script of a shell
    void copy(Installation installation, Path version, UnaryOperator<String> completion)
            throws IOException, Failure {
        Path target = installation.written(version);
        Path fresh =
                target.resolveSibling(
                        "." + version.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.createDirectories(fresh.resolve("lib"));
            for (Path jar : jars) {
                Files.copy(jar, fresh.resolve("lib").resolve(plainName(jar)));
            }
            for (String launcher : LAUNCHERS) {
                Files.copy(home.resolve(launcher), fresh.resolve(launcher));
            }
            RuntimeImage.make(jars, fresh.resolve("runtime"));
            for (String daemon : DAEMONS) {
                Path link = fresh.resolve("runtime/bin").resolve(daemon);
                Files.deleteIfExists(link); // of an installed program, whose runtime is copied
                Files.createSymbolicLink(link, Path.of("java"));
            }
            copyPages(fresh.resolve("share/man"));
            Path share = fresh.resolve("share");
            Files.writeString(share.resolve("contrail.bash"), completion.apply("bash"));
            Files.writeString(share.resolve("_contrail"), completion.apply("zsh"));
            for (String each : Installation.UNITS) {
                Files.writeString(share.resolve(each), SystemdUnit.text(each, installation));
            }
            makeReadable(fresh);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            if (Files.exists(fresh)) {
                DirectoryTree.delete(fresh);
            }
        }
    }

    /// The ids of the processes whose Java lies in that version's directory, as far as this user
    /// may see.
    static List<Long> processesOf(Path version) throws IOException {
        var found = new ArrayList<Long>();
        Path real = version.toRealPath(); // as the kernel names what runs
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                try {
                    if (Files.readSymbolicLink(process.resolve("exe")).startsWith(real)) {
                        found.add(Long.valueOf(String.valueOf(process.getFileName())));
                    }
                } catch (IOException e) {
                    // It has ended, or it is another user's.
                    continue;
                }
            }
        }
        return found;
    }

    /// `tracer-0.1.0.jar` as `tracer.jar`.
    private static String plainName(Path jar) {
        return String.valueOf(jar.getFileName()).replaceFirst("-[0-9].*\\.jar$", ".jar");
    }

    private void copyPages(Path target) throws IOException {
        Files.createDirectories(target);
        Path pages = home.resolve("docs/man");
        if (!Files.isDirectory(pages)) {
            pages = home.resolve("share/man"); // this program is itself an installed one
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(pages, "*.1")) {
            for (Path page : all) {
                Files.copy(page, target.resolve(page.getFileName()));
            }
        }
    }

    /// For everybody, whatever the creation mask.
    private static void makeReadable(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            for (Path each : all.toList()) {
                if (!Files.isSymbolicLink(each)) {
                    boolean isOpen =
                            Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)
                                    || Files.isExecutable(each);
                    Files.setPosixFilePermissions(
                            each,
                            PosixFilePermissions.fromString(isOpen ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }
}
