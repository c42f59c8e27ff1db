// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.install;

import dev.contrail.cli.console.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The cache that halves the time until a command begins, in an installed version.
final class StartUpCache {
    private StartUpCache() {}

    /// Lets the launcher make it, which does so at its first run; warns when there is none after
    /// it.
    static void make(Path launcher, Console console) throws IOException {
        var builder =
                new ProcessBuilder(launcher.toString(), "version")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!Files.exists(launcher.resolveSibling("start-up.aot"))) {
            console.warn("No start-up cache could be made: commands work, but begin more slowly");
        }
    }
}
