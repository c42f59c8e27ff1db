// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.ctf.Reason;
import dev.contrail.recorder.domain.Domain;
import dev.contrail.recorder.domain.Recording;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.recorder.jvm.ring.Housekeeping;
import dev.contrail.recorder.jvm.ring.RingDirectories;
import dev.contrail.tracer.link.FrameFormat;
import dev.contrail.tracer.link.Frames;
import dev.contrail.tracer.link.FromApplication;
import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.tracer.link.FromDaemon;
import dev.contrail.tracer.ring.ProgramName;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.PointType;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/// JVM applications as a domain: typed tracepoints and Logback (`-u`), java.util.logging (`-j`) and
/// Log4j 2 (`--log4j2`).
///
/// Owned by the control thread; one virtual thread per application reads what it says.
public final class JvmDomain implements Domain {
    private static final long DEFAULT_TIMEOUT_SECONDS = 5;

    /// Messages of one application that wait for the control thread.
    private static final int MAX_UNHEARD = 256;

    private final Executor control;
    private final RingDirectories directories;
    private final Processes processes;
    private final Housekeeping housekeeping;
    private final Applications applications;
    private final Set<JvmRecording> recordings = new LinkedHashSet<>();
    private final System.Logger log = System.getLogger("dev.contrail.recorder");

    /// @param control runs what it is given on the control thread, in order
    /// @param uid the daemon's user; root's daemon serves every user's applications
    /// @param timeoutSeconds how long an application may take to follow;
    ///   `LTTNG_APP_SOCKET_TIMEOUT`, 0 for the default of 5 s, negative for ever
    public JvmDomain(Executor control, int uid, long timeoutSeconds) {
        this.control = control;
        this.directories = new RingDirectories(uid);
        this.processes = new Processes(uid);
        this.housekeeping =
                new Housekeeping(
                        directories,
                        path -> onControl(() -> recordings.forEach(each -> each.giveUp(path))),
                        () -> onControl(() -> recordings.forEach(JvmRecording::retry)));
        this.applications =
                new Applications(timeoutSeconds == 0 ? DEFAULT_TIMEOUT_SECONDS : timeoutSeconds);
    }

    @Override
    public Set<DomainName> names() {
        return EnumSet.of(DomainName.USERSPACE, DomainName.JUL, DomainName.LOG4J2);
    }

    @Override
    public List<InstrumentationPoint> points(DomainName domain, PointType type) {
        return applications.points(domain);
    }

    @Override
    public CompletableFuture<List<InstrumentationPoint>> askForPoints(
            DomainName domain, PointType type) {
        CompletableFuture<Void> asked = applications.askForLoggers(LogRules.system(domain));
        if (domain == DomainName.USERSPACE) {
            asked = CompletableFuture.allOf(asked, applications.askForJfr());
        }
        return asked.thenApplyAsync(_ -> points(domain, type), control);
    }

    /// What has been met. Any thread.
    public CompletableFuture<Seen> seen() {
        return CompletableFuture.supplyAsync(applications::seen, control);
    }

    @Override
    public Recording open(SessionFacts session) {
        var rings = new SessionRings(session, directories, housekeeping, control);
        var recording = new JvmRecording(session, applications, rings, this::forget);
        recordings.add(recording);
        if (session.isSnapshot()) {
            housekeeping.keeper(session.id());
        }
        return recording;
    }

    @Override
    public void close() {
        applications.close();
        housekeeping.close();
    }

    /// Serves one application until it closes its connection. Blocks: for a thread of its own.
    ///
    /// @param greeted is run when it has said who it is
    public void serve(SocketChannel connection, Runnable greeted) {
        try (connection) {
            var frames = new Frames(connection);
            FromApplication first = frames.readFromApplication();
            if (!(first instanceof FromApplication.Hello hello)) {
                return;
            }
            greeted.run();
            if (hello.version() != FrameFormat.VERSION) {
                frames.write(new FromDaemon.Welcome(FrameFormat.VERSION)); // it knows what to do
                otherVersion(hello);
                return;
            }
            Optional<Application> known = identify(connection, frames, hello);
            if (known.isEmpty()) {
                return;
            }
            Application application = known.get();
            Processes.Peer peer = application.peer();
            var unheard = new Semaphore(MAX_UNHEARD);
            try {
                onControl(() -> greet(application));
                for (FromApplication message = frames.readFromApplication();
                        message != null;
                        message = frames.readFromApplication()) {
                    Runnable hearing = hearing(application, peer, message);
                    unheard.acquire(); // it is read as fast as the control thread can listen
                    onControl(() -> {
                        unheard.release();
                        hearing.run();
                    });
                }
            } finally {
                onControl(() -> goodbye(application));
            }
        } catch (IOException e) {
            log.log(System.Logger.Level.DEBUG, "an application's connection ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Says once that a program with an agent of another version is not recorded.
    private void otherVersion(FromApplication.Hello hello) {
        String who = "%s (%d)".formatted(ProgramName.simple(hello.name()), hello.pid());
        String why =
                "its agent speaks version %d of the link, this session daemon version %d: start it"
                                .formatted(hello.version(), FrameFormat.VERSION)
                        + " anew with -javaagent:$(contrail agent)";
        onControl(() -> {
            if (applications.refused(who, why)) {
                log.log(System.Logger.Level.WARNING, "{0} is not recorded: {1}", who, why);
            }
            recordings.forEach(JvmRecording::say);
        });
    }

    private Optional<Application> identify(
            SocketChannel connection, Frames frames, FromApplication.Hello hello) {
        try {
            return Optional.of(
                    new Application(connection, frames, hello, processes.find(connection, hello)));
        } catch (IOException e) {
            String who = "%s (%d)".formatted(hello.name(), hello.pid());
            log.log(System.Logger.Level.WARNING, "{0} is not recorded: {1}", who, Reason.of(e));
            onControl(() -> applications.refused(who, Reason.of(e)));
            return Optional.empty();
        }
    }

    /// Deletes what applications have left and nobody has taken up, now and from then on. Once all
    /// sessions are loaded: until then their claims look like nobody's.
    public void limitOrphans() {
        housekeeping.start();
    }

    private void onControl(Runnable work) {
        control.execute(work);
    }

    private void forget(JvmRecording recording) {
        recordings.remove(recording);
        housekeeping.noKeeper(recording.sessionId());
    }

    private void greet(Application application) {
        applications.add(application);
        application.send(new FromDaemon.Welcome(FrameFormat.VERSION));
        recordings.forEach(recording -> recording.greet(application));
        application.send(new FromDaemon.Ready());
    }

    private void hear(Application application, FromApplication message) {
        switch (message) {
            case FromApplication.Hello _ -> application.gone();
            case FromApplication.RingOpened _ -> {} // [#hearing] has heard it
            case Bound bound -> {
                if (application.bound(bound)) {
                    applications.met(bound);
                    recordings.forEach(recording -> recording.bound(application, List.of(bound)));
                }
                application.send(new FromDaemon.ClassDone(bound.classId()));
            }
            case FromApplication.Logger logger ->
                    application.logger(logger.system(), logger.name());
            case FromApplication.JfrEvent event -> application.jfrEvent(event);
            case FromApplication.Acknowledged done ->
                    application.acknowledged(done.order(), done.problem());
            case FromApplication.LogState state -> {
                application.logProblem(state.system(), state.problem());
                recordings.forEach(JvmRecording::say);
            }
            case FromApplication.MethodState state ->
                    recordings.stream()
                            .filter(each -> each.sessionId() == state.sessionId())
                            .forEach(each ->
                                    each.methodProblem(
                                            application, state.channelId(), state.problem()));
            case FromApplication.Failed failed -> {
                log.log(System.Logger.Level.WARNING, "{0} {1}", application.who(), failed.text());
                recordings.forEach(each -> each.late(application, failed.text()));
            }
        }
    }

    /// What the control thread does with a message. Rings are looked for here, by the application's
    /// own thread: it may take long, and an application can ask for it again and again.
    ///
    /// @param peer who it is, as far as is known without its ring
    private Runnable hearing(
            Application application, Processes.Peer peer, FromApplication message) {
        if (!(message instanceof FromApplication.RingOpened opened)) {
            return () -> hear(application, message);
        }
        Optional<Path> found =
                processes.ring(directories, peer, application.hello(), opened.path());
        if (found.isEmpty()) {
            return () -> ringMissing(application, opened.path());
        }
        Processes.Peer writer = processes.writer(found.get(), peer);
        return () -> ringOpened(application, found.get(), writer);
    }

    private void ringMissing(Application application, String untrustedPath) {
        application.obstacle(
                "its ring %s cannot be reached from here (another /dev/shm?)"
                        .formatted(untrustedPath));
        log.log(
                System.Logger.Level.WARNING,
                "{0} announces a ring that is not its own, or not to be reached: {1}",
                application.who(),
                untrustedPath);
    }

    private void ringOpened(Application application, Path ring, Processes.Peer writer) {
        application.ringOpened(ring, writer);
        directories.remember(ring, application.uid());
        recordings.forEach(recording -> recording.ringOpened(application, ring));
    }

    private void goodbye(Application application) {
        if (applications.remove(application)) {
            application.gone();
            recordings.forEach(recording -> recording.gone(application));
            housekeeping.soon();
        }
    }
}
