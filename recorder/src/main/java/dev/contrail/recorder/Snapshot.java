// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.Clock;
import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.SessionView.AccountView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;

/// Writes the present content of a session's rings as a trace. Runs on the consumer thread.
///
/// All rings are copied first, kernel before JVM, then written at leisure: recording goes on.
final class Snapshot implements Callable<List<AccountView>> {
    private final Session session;
    private final Path directory;
    private final long maxBytes;
    private final Clock clock;
    private final Map<Integer, DomainName> domains;

    /// Control thread.
    ///
    /// @param maxBytes bound on the streams' bytes, 0 for none
    Snapshot(Session session, Path directory, long maxBytes, Clock clock) {
        this.session = session;
        this.directory = directory;
        this.maxBytes = maxBytes;
        this.clock = clock;
        this.domains = SessionReport.domains(session);
    }

    @Override
    public List<AccountView> call() throws IOException, RefusedException {
        var captures = new ArrayList<Capture>();
        var accounts = new TreeMap<Integer, RingAccount>();
        for (Ring ring : session.rings()) {
            RingAccount account;
            try {
                Capture capture = ring.capture();
                Optional<RingAccount> then = capture.account();
                account = then.isPresent() ? then.get() : ring.account();
                captures.add(capture);
            } catch (IOException | RuntimeException failure) {
                account = SessionReport.failed(ring, failure);
            }
            SessionReport.add(accounts, ring.channelId(), account);
        }
        // A UUID of its own: babeltrace2 takes overlapping traces with one UUID for one trace.
        var output = new TraceOutput(directory, UUID.randomUUID());
        try (output) {
            if (maxBytes == 0) {
                write(captures, output);
            } else {
                var newest = new NewestPackets(output, maxBytes);
                write(captures, newest);
                newest.flush();
            }
        }
        if (!output.problem().isEmpty()) {
            throw new RefusedException(
                    "%s (%d event records could not be written)"
                            .formatted(output.problem(), output.lostRecords()));
        }
        return SessionReport.accounts(accounts, domains, clock);
    }

    private static void write(List<Capture> captures, PacketSink sink) throws IOException {
        for (Capture capture : captures) {
            capture.write(sink);
        }
    }
}
