// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.install;

import dev.contrail.cli.console.Failure;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/// A Java run-time image with the modules that this program needs and no others.
final class RuntimeImage {
    private RuntimeImage() {}

    /// Makes one in a directory that is not there yet, by `jlink`; by copying the one that this
    /// program runs on, where that is no JDK.
    ///
    /// @param jars of the program
    static void make(List<Path> jars, Path target) throws IOException, Failure {
        Path java = Path.of(System.getProperty("java.home"));
        Path jlink = java.resolve("bin/jlink");
        if (!Files.isExecutable(jlink)) {
            copy(java, target);
            return;
        }
        Process process =
                new ProcessBuilder(
                                jlink.toString(),
                                "--add-modules",
                                String.join(",", modules(jars)),
                                "--no-header-files",
                                "--no-man-pages",
                                "--output",
                                target.toString())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new Failure(
                        "%s could not make a run-time image: %s%s"
                                .formatted(
                                        jlink,
                                        said.strip(),
                                        said.contains("No space left")
                                                ? ""
                                                : "; another JDK 25 may: name it with"
                                                        + " CONTRAIL_JAVA_HOME"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + jlink + " works", e);
        }
    }

    /// The platform's modules that those of the jars require, also where they can do without.
    static List<String> modules(List<Path> jars) {
        var modules = new TreeSet<String>();
        for (ModuleReference each : ModuleFinder.of(jars.toArray(Path[]::new)).findAll()) {
            for (Requires required : each.descriptor().requires()) {
                if (ModuleFinder.ofSystem().find(required.name()).isPresent()) {
                    modules.add(required.name());
                }
            }
        }
        return List.copyOf(modules);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(
                        each,
                        to.resolve(from.relativize(each)),
                        java.nio.file.LinkOption.NOFOLLOW_LINKS,
                        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
