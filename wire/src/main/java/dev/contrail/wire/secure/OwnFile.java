// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.secure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Files of secrets: one that others can read keeps none, and one that others can write lets them
/// in.
public final class OwnFile {
    private static final Set<PosixFilePermission> OWN =
            PosixFilePermissions.fromString("rwx------");

    private OwnFile() {}

    /// @throws IOException when others than its user may read or write the file; it may be missing
    public static void check(Path file) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
        if (!OWN.containsAll(rights)) {
            throw new IOException(
                    "%s: others than its user can open it (%s), and what is in it may be known. If nobody has: chmod 600 %s"
                            .formatted(file, PosixFilePermissions.toString(rights), file));
        }
    }
}
