// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// What lay at a path when it was looked at: others may move it away, remove it, or put something
/// else there.
///
/// @param key device and inode
record Place(Path path, Object key) {
    /// @throws IOException also when there is nothing
    static Place of(Path path) throws IOException {
        return new Place(path, Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    }

    /// Whether it still lies there.
    boolean isKept() {
        try {
            return of(path).key.equals(key);
        } catch (IOException e) {
            return false;
        }
    }
}
