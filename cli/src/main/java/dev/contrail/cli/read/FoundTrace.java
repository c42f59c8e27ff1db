// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import java.nio.file.Path;

/// What a user means by a word: a trace on this machine, or a session that a relay has.
public sealed interface FoundTrace {
    record Here(Path path) implements FoundTrace {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// @param url for viewers
    record AtRelay(String url) implements FoundTrace {
        @Override
        public String toString() {
            return url;
        }
    }
}
