// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import dev.contrail.wire.net.KeepAlive;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Relays for tests, and what they have stored.
final class Relays {
    private static final int OPEN_FILES = 4096;

    /// A test that fails is better than one that never ends.
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private Relays() {}

    /// What may take a moment to become true; its test has a limit.
    interface Condition {
        boolean holds() throws IOException;
    }

    static void await(Condition condition) throws IOException {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begin > PATIENCE_NANOS) {
                throw new AssertionError("waited a minute in vain");
            }
            Thread.onSpinWait();
        }
    }

    static RelayDaemon open(Path output) throws IOException {
        return open(output, OPEN_FILES);
    }

    static RelayDaemon open(Path output, int openFiles) throws IOException {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return RelayDaemon.open(
                new RelaySettings(
                        any,
                        any,
                        any,
                        output.resolveSibling("trust"),
                        List.of(),
                        output,
                        false,
                        true,
                        openFiles),
                RelayHost.real(KeepAlive.USUAL));
    }

    /// All files and directories below a directory, by their paths.
    static List<String> tree(Path root) throws IOException {
        try (var all = Files.walk(root)) {
            return all.map(each -> root.relativize(each).toString()).sorted().toList();
        }
    }
}
