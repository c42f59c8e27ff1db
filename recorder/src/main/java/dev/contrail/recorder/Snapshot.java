// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.Clock;
import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.SessionView.AccountView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;

/// Writes the present content of a session's rings as a trace. Runs on the consumer thread.
///
/// Rings are copied, kernel before JVM, and then written at leisure while recording goes on: all of
/// them first, where they are small; large ones are copied while they are written.
final class Snapshot implements Callable<List<AccountView>> {
    /// Bytes of copies that wait to be written.
    private static final long MAX_HELD_BYTES = 32 << 20;

    private final Session session;
    private final Path directory;
    private final long maxBytes;
    private final Clock clock;
    private final Map<Integer, DomainName> domains;
    private final Map<Integer, RingAccount> accounts = new TreeMap<>();

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
        // A UUID of its own: babeltrace2 takes overlapping traces with one UUID for one trace.
        var output = new TraceOutput(directory, UUID.randomUUID());
        try (output) {
            if (maxBytes == 0) {
                writeAll(output);
            } else {
                try (var newest = new NewestPackets(output, maxBytes, directory)) {
                    writeAll(newest);
                    newest.flush();
                    newest.leftOut().forEach(this::leaveOut);
                }
            }
        }
        if (!output.problem().isEmpty()) {
            throw new RefusedException(
                    "%s (%d event records could not be written)"
                            .formatted(output.problem(), output.lostRecords()));
        }
        return SessionReport.accounts(accounts, domains, clock);
    }

    private void leaveOut(int channelId, NewestPackets.LeftOut records) {
        accounts.computeIfPresent(
                channelId,
                (_, account) -> {
                    var notes = new ArrayList<>(account.notes());
                    if (records.ring() > 0) {
                        notes.add(
                                ("%,d of those recorded were left out, so that the snapshot"
                                                + " has at most %,d bytes")
                                        .formatted(records.ring(), maxBytes));
                    }
                    return new RingAccount(
                            account.traceDirectory(),
                            account.who(),
                            account.recorded(),
                            account.discarded(),
                            account.overwritten(),
                            account.oldestTicks(),
                            account.horizonTicks(),
                            account.stateDump() - records.stateDump(),
                            notes);
                });
    }

    /// Copies ring after ring, kernel first, and writes when as much is held as may be.
    private void writeAll(PacketSink sink) throws IOException {
        var held = new ArrayDeque<Copied>();
        long bytes = 0;
        for (Ring ring : session.rings()) {
            try {
                Capture capture = ring.capture();
                held.add(new Copied(ring, capture, capture.account()));
                bytes += capture.heldBytes();
            } catch (IOException | RuntimeException failure) {
                SessionReport.add(accounts, ring.channelId(), SessionReport.failed(ring, failure));
            }
            if (bytes > MAX_HELD_BYTES) {
                write(held, sink);
                bytes = 0;
            }
        }
        write(held, sink);
    }

    /// One that fails costs the others nothing, and is named.
    private void write(ArrayDeque<Copied> held, PacketSink sink) {
        for (Copied each = held.poll(); each != null; each = held.poll()) {
            RingAccount account;
            try {
                each.capture.write(sink);
                Optional<RingAccount> then =
                        each.account.isPresent() ? each.account : each.capture.account();
                account =
                        (then.isPresent() ? then.get() : each.ring.account())
                                .withStateDump(each.capture.stateDump());
            } catch (IOException | RuntimeException failure) {
                account = SessionReport.failed(each.ring, failure);
            }
            SessionReport.add(accounts, each.ring.channelId(), account);
        }
    }

    private record Copied(Ring ring, Capture capture, Optional<RingAccount> account) {}
}
