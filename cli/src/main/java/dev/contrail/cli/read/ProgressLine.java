// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.source.Progress;
import dev.contrail.cli.console.LiveLine;
import dev.contrail.cli.console.Surroundings;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Shows on a terminal how far reading has come, once it has taken a second.
final class ProgressLine implements AutoCloseable {
    private static final long FIRST_MILLIS = 1000;
    private static final long PERIOD_MILLIS = 250;

    private final Progress progress = new Progress();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final LiveLine line;
    private final PrintStream err;

    /// @param isWanted whether nothing else is being written to the terminal meanwhile
    ProgressLine(Surroundings around, boolean isWanted) {
        boolean isShown = isWanted && around.hasLiveTerminal();
        PrintStream err = around.err();
        this.line = new LiveLine(err);
        this.err = isShown ? line.around() : err;
        if (isShown) {
            Thread.ofPlatform().daemon().name("progress").start(this::watch);
        }
    }

    Progress progress() {
        return progress;
    }

    /// Standard error, for messages meanwhile.
    PrintStream err() {
        return err;
    }

    /// Takes the line away: something else is about to be written.
    void erase() {
        line.erase();
    }

    private void watch() {
        try {
            long wait = FIRST_MILLIS;
            while (!ended.await(wait, TimeUnit.MILLISECONDS)) {
                if (progress.totalBytes() > 0) {
                    line.show(text());
                }
                wait = PERIOD_MILLIS;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String text() {
        long total = progress.totalBytes();
        long bytes = Math.min(progress.bytes(), total);
        boolean isSmall = total < 10 << 20;
        int shift = isSmall ? 10 : 20;
        return "%,d of %,d %s, %.0f %%, %,d events"
                .formatted(
                        bytes >> shift,
                        total >> shift,
                        isSmall ? "KiB" : "MiB",
                        100.0 * bytes / total,
                        progress.events());
    }

    @Override
    public void close() {
        ended.countDown();
        line.close();
    }
}
