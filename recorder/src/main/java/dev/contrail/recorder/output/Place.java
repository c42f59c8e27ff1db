// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// What lay at a path when it was looked at: others may move it away, remove it, or put something
/// else there. Owned by one thread.
final class Place {
    /// No round: look now.
    static final long ALWAYS = 0;

    private final Path path;

    /// Device and inode.
    private final Object key;

    private long seenInRound = ALWAYS;

    private Place(Path path, Object key) {
        this.path = path;
        this.key = key;
    }

    /// @throws IOException also when there is nothing
    static Place of(Path path) throws IOException {
        return new Place(path, key(path));
    }

    /// Whether it still lies there, or did when the same round looked before.
    boolean isKept(long round) {
        if (isSeen(round)) {
            return true;
        }
        try {
            boolean isKept = key(path).equals(key);
            if (isKept) {
                seenInRound = round;
            }
            return isKept;
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether that round has seen it already.
    boolean isSeen(long round) {
        return round != ALWAYS && round == seenInRound;
    }

    private static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
