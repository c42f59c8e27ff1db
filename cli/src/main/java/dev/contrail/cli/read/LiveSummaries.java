// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.Message;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.convert.LiveAddresses;
import dev.contrail.analysis.source.LiveSummary;
import dev.contrail.analysis.source.OpenSources;
import dev.contrail.analysis.source.Summary;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.Failure;
import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Summaries of sessions at a relay: of one that is still recorded at its end, or at Ctrl-C.
final class LiveSummaries {
    /// A small one that has ended is read by then.
    private static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(2);

    private LiveSummaries() {}

    /// Reads them from their beginning.
    ///
    /// @param sessions their addresses
    static Summary of(List<Path> roots, List<String> sessions, boolean isByClass, Console console)
            throws IOException, Failure {
        List<Component> live = sessions.stream().map(LiveAddresses::fromBeginning).toList();
        var _ = new Interrupt();
        try (OpenSources opened = OpenSources.of(roots, live, List.of())) {
            return LiveSummary.of(opened, isByClass, new Waiting(console));
        } catch (UsageException e) {
            throw new Failure(Reason.of(e));
        }
    }

    /// Says once what is waited for.
    private static final class Waiting implements Sink {
        private final Console console;
        private final long since = System.nanoTime();
        private boolean isTold;

        Waiting(Console console) {
            this.console = console;
        }

        @Override
        public void accept(Message message) {}

        @Override
        public void flush() {
            if (!isTold && System.nanoTime() - since > TOLD_NANOS) {
                isTold = true;
                console.note(
                        "Still reading: the summary comes when all is read, of a session that is"
                                + " still recorded at its end, or at Ctrl-C of what was read by"
                                + " then");
            }
        }

        @Override
        public void close() {}
    }
}
