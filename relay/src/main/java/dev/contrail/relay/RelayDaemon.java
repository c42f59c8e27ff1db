// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay;

import dev.contrail.relay.chunk.OutputLayout;
import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.journal.LeftSessions;
import dev.contrail.relay.live.ViewerService;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.net.Listener;
import dev.contrail.relay.net.MessageMemory;
import dev.contrail.relay.producer.AbsentProducers;
import dev.contrail.relay.producer.Bindings;
import dev.contrail.relay.producer.ControlService;
import dev.contrail.relay.producer.DataService;
import dev.contrail.relay.retention.RetainedTraces;
import dev.contrail.relay.retention.Retention;
import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.session.RelaySessions;
import dev.contrail.relay.trust.Enrolment;
import dev.contrail.wire.net.TimeSource;
import dev.contrail.wire.secure.GuardedNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A relay daemon: receives what session and consumer daemons record, stores it, and serves live
/// viewers, in LTTng's protocols.
///
/// Each producer's connection has a platform thread, each viewer's a virtual one.
public final class RelayDaemon implements AutoCloseable {
    /// Part of the descriptors that connections to one of the three ports may have.
    static final int CONNECTIONS_PART = 8;

    /// Connections to one of the ports, however many descriptors there are.
    static final int MAX_CONNECTIONS = 4096;

    /// Part of the descriptors that streams may have: a file and an index each.
    static final int STREAMS_PART = 4;

    /// How often it looks whether traces have to go, and the part of its time that this may take.
    static final long RETENTION_NANOS = TimeUnit.SECONDS.toNanos(5);

    static final int RETENTION_PART = 50;

    /// As long as LTTng's waits for a sign of progress.
    static final long LONGEST_WORK_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final long WORKER = 1 << 1;
    private static final long LISTENER = 1 << 2;
    private static final long LIVE_WORKER = 1 << 4;
    private static final long LIVE_LISTENER = 1 << 5;

    private final RelaySessions sessions;
    private final Listener control;
    private final Listener data;
    private final Listener live;
    private final ViewerService viewing;
    private volatile boolean isClosed;

    private RelayDaemon(
            RelaySessions sessions,
            Listener control,
            Listener data,
            Listener live,
            ViewerService viewing) {
        this.viewing = viewing;
        this.sessions = sessions;
        this.control = control;
        this.data = data;
        this.live = live;
    }

    /// Listens on all ports when it returns.
    public static RelayDaemon open(RelaySettings settings, RelayHost machine) throws IOException {
        return open(settings, machine, 0, 0);
    }

    /// As before.
    ///
    /// @param retainBytes how much all traces together may have before the oldest go; 0 for any
    /// @param retainSeconds how long a trace stays since something was last written; 0 for ever
    public static RelayDaemon open(
            RelaySettings settings, RelayHost machine, long retainBytes, long retainSeconds)
            throws IOException {
        var retention = new Retention(retainBytes, retainSeconds);
        var trust = new Enrolment(settings.trust(), settings.plain());
        RelayHost host = machine.with(new GuardedNetwork(machine.network(), trust));
        StoredFiles.makeRoot(settings.output());
        List<Path> labels = LeftSessions.mend(settings.output());
        var layout =
                new OutputLayout(settings.output(), settings.isBySession(), ZoneId.systemDefault());
        int connections = Math.clamp(settings.openFiles() / CONNECTIONS_PART, 1, MAX_CONNECTIONS);
        var sessions =
                new RelaySessions(
                        layout,
                        settings.mayClear(),
                        Math.max(1, settings.openFiles() / STREAMS_PART),
                        host.random());
        sessions.takeUp(labels);
        var viewing = new ViewerService(sessions, host.viewers(), host.clock());
        MessageMemory memory = MessageMemory.usual(false, host.clock());
        var bindings = new Bindings(host.clock(), host.others());
        Listener control =
                open(
                        host,
                        new Listener.Kind(
                                "control",
                                host.producers(),
                                new ControlService(
                                        sessions,
                                        bindings,
                                        new AbsentProducers(host.clock(), host.others()),
                                        settings.mayClear(),
                                        viewing::viewers),
                                _ -> () -> false,
                                connections,
                                memory,
                                host.patienceNanos()),
                        settings.control());
        Listener data;
        try {
            data =
                    open(
                            host,
                            new Listener.Kind(
                                    "data",
                                    host.producers(),
                                    new DataService(sessions, bindings),
                                    bindings::awaited,
                                    connections,
                                    MessageMemory.usual(true, host.clock()),
                                    host.patienceNanos()),
                            settings.data());
        } catch (IOException e) {
            control.close();
            throw e;
        }
        try {
            Listener live =
                    open(
                            host,
                            new Listener.Kind(
                                    "live",
                                    host.viewers(),
                                    viewing,
                                    _ -> () -> false,
                                    connections,
                                    memory,
                                    host.patienceNanos()),
                            settings.live());
            var daemon = new RelayDaemon(sessions, control, data, live, viewing);
            if (sessions.awaitsProducers()) {
                host.others().newThread(() -> daemon.showAbsent(host.clock())).start();
            }
            if (retention.isBounded()) {
                var retained = new RetainedTraces(sessions, settings.output(), retention);
                host.others().newThread(() -> daemon.retain(retained, host.clock())).start();
            }
            return daemon;
        } catch (IOException e) {
            control.close();
            data.close();
            throw e;
        }
    }

    private static Listener open(RelayHost host, Listener.Kind kind, InetSocketAddress address)
            throws IOException {
        return Listener.open(kind, address, host.network(), host.clock(), host.producers());
    }

    /// As long after its start as after a producer's end: viewers who are told the end do not come
    /// again.
    private void showAbsent(TimeSource clock) {
        try {
            clock.sleep(AbsentProducers.PATIENCE_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!isClosed) {
            sessions.showAbsent();
        }
    }

    private void retain(RetainedTraces retained, TimeSource clock) {
        while (!isClosed) {
            try {
                long begin = clock.nanos();
                try {
                    retained.enforce(clock.epochMillis());
                } catch (IOException | RuntimeException e) {
                    RelayLog.failed("traces that should go stay", e);
                }
                long taken = clock.nanos() - begin;
                clock.sleep(Math.max(RETENTION_NANOS, RETENTION_PART * taken));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /// Where it listens to control connections.
    public InetSocketAddress controlAddress() throws IOException {
        return control.address();
    }

    /// Where it listens to data connections.
    public InetSocketAddress dataAddress() throws IOException {
        return data.address();
    }

    /// Where it listens to viewers.
    public InetSocketAddress liveAddress() throws IOException {
        return live.address();
    }

    /// Which of its threads are not well, as LTTng's relay daemon says it: those whose like it has,
    /// where ours end unforeseen, or come no further for [#LONGEST_WORK_NANOS].
    ///
    /// @return `relay-protocol.md` section 9: 0 when all is well
    public long troubles() {
        boolean isProducersTrouble =
                control.hasTrouble(LONGEST_WORK_NANOS) || data.hasTrouble(LONGEST_WORK_NANOS);
        return (isProducersTrouble ? WORKER : 0)
                | (control.isListening() && data.isListening() ? 0 : LISTENER)
                | (live.hasTrouble(LONGEST_WORK_NANOS) ? LIVE_WORKER : 0)
                | (live.isListening() ? 0 : LIVE_LISTENER);
    }

    /// Ends all connections; what has come is stored.
    @Override
    public void close() throws IOException {
        isClosed = true;
        control.close();
        data.close();
        try {
            viewing.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        live.close();
        sessions.all().forEach(RelaySession::end);
    }
}
