// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.file;

import dev.contrail.wire.CString;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// Judges names that peers send before anything is opened by them: none leads out of the directory
/// that it is resolved against.
public final class SafeNames {
    /// Of a file or directory, in bytes, on Linux.
    public static final int MAX_NAME_BYTES = 255;

    /// What the relay itself keeps beside traces has such names: no peer names it.
    private static final String OWN = ".contrail-";

    private SafeNames() {}

    /// A name of one file or directory; empty for one that is none, or leads elsewhere.
    public static Optional<String> file(CString untrusted) {
        String name = untrusted.toString();
        return isFile(name) ? Optional.of(name) : Optional.empty();
    }

    /// A name of a host or session: also none that is hidden.
    public static Optional<String> label(CString untrusted, int mostBytes) {
        return file(untrusted)
                .filter(name -> !name.startsWith(".") && untrusted.length() <= mostBytes);
    }

    /// A path below a directory; leading, doubled and trailing `/` mean nothing. Empty for one that
    /// names nothing, or leads elsewhere.
    public static Optional<Path> below(CString untrusted) {
        Path path = Path.of("");
        for (String name : untrusted.toString().split("/")) {
            if (name.isEmpty()) {
                continue;
            }
            if (!isFile(name)) {
                return Optional.empty();
            }
            path = path.resolve(name);
        }
        return path.toString().isEmpty() ? Optional.empty() : Optional.of(path);
    }

    private static boolean isFile(String name) {
        if (name.isEmpty()
                || name.equals(".")
                || name.equals("..")
                || name.contains("/")
                || name.startsWith(OWN)) {
            return false;
        }
        try {
            // U+FFFD, which stands for bytes that are no text, is longer than they were.
            return CString.of(name).length() <= MAX_NAME_BYTES && Path.of(name).getNameCount() == 1;
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
