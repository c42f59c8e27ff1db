// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.ctf.Reason;
import dev.contrail.recorder.ChannelPlan;
import dev.contrail.recorder.Domain;
import dev.contrail.recorder.Recording;
import dev.contrail.recorder.SessionFacts;
import dev.contrail.tracer.link.Frames;
import dev.contrail.tracer.link.FromApplication;
import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.tracer.link.FromDaemon;
import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.InstrumentationPoint;
import dev.contrail.wire.control.PointType;
import dev.contrail.wire.control.Warning;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// JVM applications as a domain: typed tracepoints (`-u`) and java.util.logging (`-j`).
///
/// Owned by the control thread; one virtual thread per application reads what it says.
public final class JvmDomain implements Domain {
    private static final long DEFAULT_TIMEOUT_SECONDS = 5;

    /// How long `list` waits for an application that does not tell its loggers.
    private static final long INQUIRY_SECONDS = 2;

    /// Messages of one application that wait for the control thread.
    private static final int MAX_UNHEARD = 256;

    private static final int MAX_STRANGERS = 16;

    private final Executor control;
    private final RingDirectories directories;
    private final Processes processes;
    private final Housekeeping housekeeping;
    private final Set<Application> applications = new LinkedHashSet<>();
    private final Set<JvmRecording> recordings = new LinkedHashSet<>();

    /// Programs that were refused, and why: the newest.
    private final Map<String, String> strangers = new LinkedHashMap<>();

    private final System.Logger log = System.getLogger("dev.contrail.recorder");
    private final long timeoutSeconds;

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
        this.timeoutSeconds = timeoutSeconds == 0 ? DEFAULT_TIMEOUT_SECONDS : timeoutSeconds;
    }

    @Override
    public Set<DomainName> names() {
        return EnumSet.of(DomainName.USERSPACE, DomainName.JUL);
    }

    @Override
    public List<InstrumentationPoint> points(DomainName domain, PointType type) {
        var points = new ArrayList<InstrumentationPoint>();
        for (Application application : applications) {
            String provider = "PID: %d - Name: %s".formatted(application.pid(), application.name());
            if (domain == DomainName.JUL) {
                for (String logger : application.loggers()) {
                    points.add(
                            new InstrumentationPoint(
                                    provider, logger, PointType.LOGGER, -1, List.of()));
                }
            } else {
                for (Bound bound : application.classes().values()) {
                    points.add(
                            new InstrumentationPoint(
                                    provider,
                                    bound.name(),
                                    PointType.TRACEPOINT,
                                    bound.logLevel(),
                                    bound.fields().stream()
                                            .map(field ->
                                                    field.name() + " (" + kind(field.type()) + ")")
                                            .toList()));
                }
            }
        }
        points.sort(
                Comparator.comparing(InstrumentationPoint::provider)
                        .thenComparing(InstrumentationPoint::name));
        return points;
    }

    @Override
    public CompletableFuture<List<InstrumentationPoint>> askForPoints(
            DomainName domain, PointType type) {
        if (domain != DomainName.JUL) {
            return CompletableFuture.completedFuture(points(domain, type));
        }
        CompletableFuture<?>[] answers =
                applications.stream()
                        .map(application ->
                                application
                                        .askForLoggers()
                                        .completeOnTimeout("", INQUIRY_SECONDS, TimeUnit.SECONDS))
                        .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(answers).thenApplyAsync(_ -> points(domain, type), control);
    }

    private static String kind(dev.contrail.tracer.ring.FieldType type) {
        return switch (type) {
            case STRING -> "string";
            case F32, F64 -> "float";
            case U8, S8, S16, U16, S32, S64 -> "integer";
        };
    }

    @Override
    public Recording open(SessionFacts session) {
        var recording = new JvmRecording(this, session);
        recordings.add(recording);
        if (session.isSnapshot()) {
            housekeeping.keeper(session.id());
        }
        return recording;
    }

    @Override
    public void close() {
        applications.forEach(Application::gone);
        applications.clear();
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
            Optional<Application> known = identify(connection, frames, hello);
            if (known.isEmpty()) {
                return;
            }
            Application application = known.get();
            var unheard = new Semaphore(MAX_UNHEARD);
            try {
                onControl(() -> greet(application));
                for (FromApplication message = frames.readFromApplication();
                        message != null;
                        message = frames.readFromApplication()) {
                    FromApplication said = message;
                    unheard.acquire(); // it is read as fast as the control thread can listen
                    onControl(() -> {
                        unheard.release();
                        hear(application, said);
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

    private Optional<Application> identify(
            SocketChannel connection, Frames frames, FromApplication.Hello hello) {
        try {
            return Optional.of(
                    new Application(connection, frames, hello, processes.find(connection, hello)));
        } catch (IOException e) {
            String who = "%s (%d)".formatted(hello.name(), hello.pid());
            log.log(System.Logger.Level.WARNING, "{0} is not recorded: {1}", who, Reason.of(e));
            onControl(() -> {
                if (strangers.size() >= MAX_STRANGERS) {
                    strangers.remove(strangers.keySet().iterator().next());
                }
                strangers.put(who, Reason.of(e));
            });
            return Optional.empty();
        }
    }

    /// Deletes what applications have left and nobody has taken up, now and from then on. Once all
    /// sessions are loaded: until then their claims look like nobody's.
    public void limitOrphans() {
        housekeeping.start();
    }

    Map<String, String> strangers() {
        return strangers;
    }

    Set<Application> applications() {
        return applications;
    }

    void onControl(Runnable work) {
        control.execute(work);
    }

    void report(String what, Exception why) {
        log.log(System.Logger.Level.WARNING, what + ": " + Reason.of(why), why);
    }

    /// Bounds the wait for one application, and names it when it has not followed.
    CompletableFuture<List<Warning>> bounded(
            Application application, CompletableFuture<List<Warning>> followed) {
        if (timeoutSeconds < 0) {
            return followed;
        }
        return followed.completeOnTimeout(
                List.of(new Warning.NotFollowedInTime(application.who(), timeoutSeconds)),
                timeoutSeconds,
                TimeUnit.SECONDS);
    }

    /// Takes up the rings that an earlier daemon has left for that channel.
    void adopt(JvmRecording recording, ChannelPlan channel) {
        for (RingDirectories.Found found :
                directories.ringsOf(recording.sessionId(), channel.id())) {
            recording.adoptRing(found.path(), found.uid(), channel.id());
        }
    }

    /// A channel of a session has had what a ring held for it, or wants it no more; the session's
    /// other channels may be still at it.
    void release(Path ring, int owner, long sessionId, int channelId) {
        housekeeping.release(
                ring,
                owner,
                pool -> pool.sessionId() == sessionId && pool.channelId() == channelId);
    }

    /// The same for all channels of a session that is destroyed.
    void releaseAll(Path ring, int owner, long sessionId) {
        housekeeping.release(ring, owner, pool -> pool.sessionId() == sessionId);
    }

    /// Whether the file is a ring of that user with a pool of that channel, as far as it can be
    /// read now.
    boolean mayHavePool(Path ring, int owner, long sessionId, int channelId) {
        return directories.mayHavePool(ring, owner, sessionId, channelId);
    }

    /// Whether housekeeping has deleted that ring: its process had ended, and no pool was in it.
    boolean hasTidied(Path ring) {
        return housekeeping.hasTidied(ring);
    }

    void forget(JvmRecording recording) {
        recordings.remove(recording);
        housekeeping.noKeeper(recording.sessionId());
    }

    private void greet(Application application) {
        applications.add(application);
        application.send(new FromDaemon.Welcome(Frames.VERSION));
        recordings.forEach(recording -> recording.greet(application));
        application.send(new FromDaemon.Ready());
    }

    private void hear(Application application, FromApplication message) {
        switch (message) {
            case FromApplication.Hello _ -> application.gone();
            case Bound bound -> {
                if (application.bound(bound)) {
                    recordings.forEach(recording -> recording.bound(application, List.of(bound)));
                }
                application.send(new FromDaemon.ClassDone(bound.classId()));
            }
            case FromApplication.Logger logger -> application.logger(logger.name());
            case FromApplication.RingOpened opened -> ringOpened(application, opened.path());
            case FromApplication.Acknowledged done ->
                    application.acknowledged(done.order(), done.problem());
            case FromApplication.Failed failed -> {
                log.log(System.Logger.Level.WARNING, "{0} {1}", application.who(), failed.text());
                recordings.forEach(each -> each.late(application, failed.text()));
            }
        }
    }

    private void ringOpened(Application application, String untrustedPath) {
        Optional<Path> found =
                directories.locate(untrustedPath, application.peer().pid(), application.uid());
        if (found.isEmpty()) {
            application.obstacle(
                    "its ring %s cannot be reached from here (another /dev/shm?)"
                            .formatted(untrustedPath));
            log.log(
                    System.Logger.Level.WARNING,
                    "{0} announces a ring that is not its own, or not to be reached: {1}",
                    application.who(),
                    untrustedPath);
            return;
        }
        application.ringOpened(found.get());
        directories.remember(found.get(), application.uid());
        recordings.forEach(recording -> recording.ringOpened(application, found.get()));
    }

    private void goodbye(Application application) {
        if (applications.remove(application)) {
            application.gone();
            recordings.forEach(recording -> recording.gone(application));
            housekeeping.soon();
        }
    }
}
