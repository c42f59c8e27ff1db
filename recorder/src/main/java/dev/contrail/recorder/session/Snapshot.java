// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import dev.contrail.ctf.Clock;
import dev.contrail.ctf.Reason;
import dev.contrail.recorder.consumer.Sender;
import dev.contrail.recorder.domain.Capture;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.recorder.output.LostRecords;
import dev.contrail.recorder.output.NewestPackets;
import dev.contrail.recorder.output.SessionOutput;
import dev.contrail.recorder.output.TraceOutput;
import dev.contrail.recorder.output.WatchedSink;
import dev.contrail.recorder.relay.RelayIdentity;
import dev.contrail.recorder.relay.RelayOutput;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.control.SessionView.AccountView;
import dev.contrail.wire.net.Network;
import dev.contrail.wire.net.TimeSource;
import dev.contrail.wire.secure.KnownRelays;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Writes the present content of a session's rings as a trace. The consumer thread runs it, and
/// lends its rings meanwhile to a thread that writes: where the disk does not answer, it takes them
/// back, and that thread is left alone with what it has copied.
///
/// Rings are copied, kernel before JVM, and then written at leisure while recording goes on: all of
/// them first, where they are small; large ones are copied while they are written.
public final class Snapshot implements Callable<List<AccountView>> {
    /// Bytes of copies that wait to be written.
    private static final long MAX_HELD_BYTES = 32 << 20;

    /// How often it is looked whether the disk answers.
    private static final long LOOK_MILLIS = 100;

    private final Session session;
    private final SessionOutput output;
    private final Path spool;
    private final long maxBytes;
    private final Clock clock;
    private final Map<Integer, DomainName> domains;
    private final Map<Integer, RingAccount> accounts = new TreeMap<>();

    /// Control thread.
    ///
    /// @param output where it goes; closed at the end
    /// @param spool directory for what waits when it is bounded
    /// @param maxBytes bound on the streams' bytes, 0 for none
    private Snapshot(
            Session session, SessionOutput output, Path spool, long maxBytes, Clock clock) {
        this.session = session;
        this.output = output;
        this.spool = spool;
        this.maxBytes = maxBytes;
        this.clock = clock;
        this.domains = SessionReport.domains(session);
    }

    /// One to a directory. Control thread.
    public static Snapshot to(Path directory, Session session, long maxBytes, Clock clock) {
        // A UUID of its own: babeltrace2 takes overlapping traces with one UUID for one trace.
        var output = new TraceOutput(directory, UUID.randomUUID());
        return new Snapshot(session, output, directory, maxBytes, clock);
    }

    /// One to a relay. Control thread.
    ///
    /// @param name of its directory in that of the session
    public static Snapshot to(
            RelayEndpoints relay,
            Network network,
            String name,
            Session session,
            long maxBytes,
            Clock clock) {
        SessionFacts facts = session.facts();
        var identity =
                new RelayIdentity(
                        facts.name(),
                        facts.hostname(),
                        relay.control().path(),
                        0,
                        name,
                        facts.createdSeconds(),
                        Optional.empty());
        var output =
                new RelayOutput(
                        relay,
                        network,
                        TimeSource.SYSTEM,
                        identity,
                        UUID.randomUUID(),
                        LostRecords.inMemory(),
                        Optional.empty());
        return new Snapshot(session, output, facts.stateDirectory(), maxBytes, clock);
    }

    /// Its directory below the output directory of the relay; empty where that is not known. Any
    /// thread.
    public String atRelay() {
        return output.directoryThere();
    }

    @Override
    public List<AccountView> call() throws IOException, RefusedException {
        var watched = new WatchedSink(output);
        var written = new FutureTask<>(() -> write(watched));
        try {
            Thread.ofPlatform().daemon().name("contrail-snapshot").start(written);
        } catch (OutOfMemoryError noThread) {
            written.run();
        }
        return awaited(written, watched);
    }

    /// What was written; or a refusal, as soon as the disk has been silent for too long.
    private List<AccountView> awaited(FutureTask<List<AccountView>> written, WatchedSink sink)
            throws IOException, RefusedException {
        while (true) {
            try {
                return written.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                long silence = Math.max(output.busyNanos(), sink.busyNanos());
                if (silence > Sender.LONGEST_SILENCE_NANOS) {
                    sink.giveUp();
                    throw new RefusedException(
                            ("No answer from %s for %d seconds: the snapshot is not whole. See to"
                                            + " it, or name another output")
                                    .formatted(
                                            output.place(),
                                            TimeUnit.NANOSECONDS.toSeconds(silence)));
                }
            } catch (ExecutionException failed) {
                switch (Replies.cause(failed)) {
                    case IOException cause -> throw cause;
                    case RefusedException cause -> throw cause;
                    case Error cause -> throw cause;
                    case Throwable cause -> throw new IllegalStateException(cause);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", interrupted);
            }
        }
    }

    private List<AccountView> write(WatchedSink watched) throws IOException, RefusedException {
        try (output) {
            prepare();
            if (maxBytes == 0) {
                writeAll(watched);
            } else {
                try (var newest =
                        watched.redirect(() -> new NewestPackets(output, maxBytes, spool))) {
                    writeAll(watched);
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

    private void prepare() throws RefusedException {
        try {
            output.prepare();
        } catch (IOException e) {
            throw new RefusedException(
                    LttngError.RELAYD_CONNECT_FAIL,
                    LttngError.RELAYD_CONNECT_FAIL.text()
                            + ": "
                            + KnownRelays.advised(Reason.of(e)));
        }
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
    private void writeAll(WatchedSink sink) throws IOException {
        var held = new ArrayDeque<Copied>();
        long bytes = 0;
        for (Ring ring : session.rings()) {
            sink.check();
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
    private void write(ArrayDeque<Copied> held, WatchedSink sink) throws IOException {
        for (Copied each = held.poll(); each != null; each = held.poll()) {
            sink.check();
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
