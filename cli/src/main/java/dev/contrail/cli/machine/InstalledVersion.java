// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.machine;

import java.nio.file.Path;

/// The installed version that a process runs from, such as `0.1.0-0a1b2c3d`.
public final class InstalledVersion {
    /// Below `PREFIX/lib/contrail/VERSION`.
    private static final Path JAVA = Path.of("runtime/bin/java");

    private InstalledVersion() {}

    /// That of a process; empty when it runs from a development tree, or is another user's.
    public static String of(ProcessHandle process) {
        return process.info().command().map(each -> of(Path.of(each))).orElse("");
    }

    static String of(Path java) {
        int names = java.getNameCount() - JAVA.getNameCount();
        boolean isInstalled =
                names >= 2
                        && java.endsWith(JAVA)
                        && java.getName(names - 2).equals(Path.of("contrail"));
        return isInstalled ? java.getName(names - 1).toString() : "";
    }
}
