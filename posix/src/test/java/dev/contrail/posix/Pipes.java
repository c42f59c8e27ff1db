// SPDX-License-Identifier: Apache-2.0
package dev.contrail.posix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// Makes named pipes: files that have nothing to read until somebody writes.
final class Pipes {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Pipes() {}

    static Path make(Path directory) throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe" + COUNT.incrementAndGet());
        int failed = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor();
        if (failed != 0) {
            throw new IOException("mkfifo " + pipe + ": " + failed);
        }
        return pipe;
    }
}
