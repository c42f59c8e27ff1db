// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.run;

import dev.contrail.analysis.Suggestion;
import dev.contrail.cli.console.Console;
import dev.contrail.cli.console.ExitStatus;
import dev.contrail.cli.console.Failure;
import dev.contrail.cli.console.Launcher;
import dev.contrail.cli.console.Outputs;
import dev.contrail.cli.console.Outputs.Output;
import dev.contrail.cli.console.Places;
import dev.contrail.cli.daemon.DaemonAssembly;
import dev.contrail.cli.session.Destination;
import dev.contrail.posix.SystemCalls;
import dev.contrail.recorder.jvm.Seen;
import dev.contrail.recorder.thread.Supervisor;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.EventRule;
import dev.contrail.wire.EventRule.LevelSelection;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.PointType;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.Warning;
import dev.contrail.wire.control.Reply;
import dev.contrail.wire.control.Request;
import dev.contrail.wire.control.SessionView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A recording session with a daemon of its own, inside this process, for one command's run.
///
/// It leaves nothing behind but the trace, and in [Outputs] where that is. Used by one thread at a
/// time, but for [#close].
public final class PrivateSession implements AutoCloseable {
    private static final String RUN_DIRECTORY = "LTTNG_RUNDIR";
    private static final String REGISTER_TIMEOUT_MILLIS = "20000";

    /// At most four bytes each: LTTng's relays take 255 of them, with the time.
    private static final int MOST_NAME_CHARS = 55;

    private static final Logger LOG = Logger.getLogger("dev.contrail");

    private final OwnedDirectory owned;
    private final Places places;
    private final DaemonAssembly rooms;
    private final String name;
    private final String output;
    private boolean isClosed;
    private List<Warning> lastWarnings = List.of();

    private PrivateSession(
            OwnedDirectory owned, Places places, DaemonAssembly rooms, String name, String output) {
        this.owned = owned;
        this.places = places;
        this.rooms = rooms;
        this.name = name;
        this.output = output;
    }

    /// Makes the daemon and its session, after it has removed what killed ones have left.
    ///
    /// @param program that it is for: it gives the session its name, at a relay with the number of
    ///   this process, by which others tell it from those before it
    /// @param target where the trace goes, of a snapshot session the directory of its snapshots;
    ///   the usual one is named after the session and the time
    /// @param warning is told what goes wrong while it records, by any thread
    /// @throws Failure also where the relay that the trace is to go to does not answer
    static PrivateSession open(
            Console console,
            SessionMode mode,
            String program,
            TraceTarget target,
            Consumer<String> warning)
            throws IOException, Failure {
        // What goes wrong is in the session's warnings; a daemon's log is not for this terminal.
        LOG.setLevel(console.options().verbosity() > 0 ? Level.ALL : Level.OFF);
        OwnedDirectory directory = OwnedDirectory.open(console.places().uid());
        var places = new Places(console.places().uid(), console.places().home(), directory.path());
        DaemonAssembly rooms;
        try {
            var supervisor = new Supervisor(warning, SystemCalls::preferThisThread);
            rooms = DaemonAssembly.open(places, true, true, "", supervisor);
        } catch (IOException e) {
            directory.close();
            throw e;
        }
        try {
            String name = program;
            String output = "";
            switch (target) {
                case TraceTarget.Directory(Optional<Path> path) ->
                        output = path.map(Path::toString).orElse("");
                case TraceTarget.Relay relay -> {
                    admit(rooms, relay);
                    name = nameAtRelay(program);
                    output = relay.shown();
                }
            }
            var created =
                    (Reply.Created)
                            ask(
                                    rooms,
                                    new Request.CreateSession(
                                            name,
                                            mode,
                                            output,
                                            0,
                                            false,
                                            console.places().home().toString()));
            var session = new PrivateSession(directory, places, rooms, name, created.output());
            session.directory()
                    .ifPresent(made ->
                            new Outputs(console.places())
                                    .add(new Output(made, mode == SessionMode.SNAPSHOT)));
            return session;
        } catch (IOException | Failure failure) {
            rooms.close();
            directory.close();
            throw failure;
        }
    }

    /// The relay is there and lets the daemon in: otherwise the program would run for nothing.
    private static void admit(DaemonAssembly rooms, TraceTarget.Relay relay)
            throws IOException, Failure {
        for (Request each : Destination.tokens(relay.shown())) {
            ask(rooms, each);
        }
        try {
            ask(rooms, new Request.CheckRelay(relay.shown()));
        } catch (Failure failure) {
            throw new Failure(
                    ExitStatus.ERROR,
                    "No relay daemon takes the trace at %s: %s. Start one there (contrail relayd"
                                    .formatted(relay.text(), failure.getMessage())
                            + " --daemonize), or leave out -U");
        }
    }

    /// Relays take no name that begins with a dot, and make a directory of it and the time.
    private static String nameAtRelay(String program) {
        String visible = program.replaceFirst("^\\.+", "");
        String cut = visible.substring(0, Math.min(visible.length(), MOST_NAME_CHARS));
        return "%s-%d".formatted(cut.isEmpty() ? "record" : cut, ProcessHandle.current().pid());
    }

    String name() {
        return name;
    }

    /// Where the trace is written, or the snapshots; empty for a relay.
    Optional<Path> directory() {
        return RelayEndpoints.isShown(output) ? Optional.empty() : Optional.of(Path.of(output));
    }

    /// A file in the daemon's directory, which goes with it.
    Path file(String fileName) {
        return owned.path().resolve(fileName);
    }

    /// Where the daemon listens to applications.
    Path applications() {
        return places.applicationSocket();
    }

    /// The processes that [#addTo] was for and their children, as far as they still run.
    List<ProcessHandle> running() {
        return Programs.withEnvironment(RUN_DIRECTORY + "=" + owned.path());
    }

    /// Lets a child process find this daemon, with the JVM options that the user has given.
    void addTo(Map<String, String> environment) {
        environment.put(RUN_DIRECTORY, owned.path().toString());
        // The daemon is this process, and there for it alone: however busy the machine is.
        environment.putIfAbsent("LTTNG_UST_REGISTER_TIMEOUT", REGISTER_TIMEOUT_MILLIS);
        environment.remove("LC_ALL");
        for (String name :
                List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "LC_ALL")) {
            String given = environment.remove("CONTRAIL_GIVEN_" + name); // by the launcher
            if (given != null) {
                environment.put(name, given);
            }
        }
    }

    /// Lets the JVMs of a child process load the tracer as an agent, which only their log needs:
    /// tracepoints are bound by the program, which has the tracer in its class path.
    void addAgentTo(Map<String, String> environment) {
        // The JVM splits the variable at blanks outside quotes.
        String jar = Launcher.tracerJar().toString();
        String agent = jar.contains(" ") ? "\"-javaagent:%s\"".formatted(jar) : "-javaagent:" + jar;
        environment.merge("JAVA_TOOL_OPTIONS", agent, (given, ours) -> given + " " + ours);
    }

    void enable(DomainName domain, PointType type, String pattern) throws Failure {
        enable(domain, type, pattern, List.of());
    }

    /// @param settings as in [EventRule#settings]
    void enable(DomainName domain, PointType type, String pattern, List<String> settings)
            throws Failure {
        try {
            ask(
                    new Request.EnableEvent(
                            name,
                            domain,
                            "",
                            new EventRule(
                                    type,
                                    pattern,
                                    List.of(),
                                    LevelSelection.ALL,
                                    0,
                                    "",
                                    settings,
                                    true)));
        } catch (Failure failure) {
            if (!failure.is(LttngError.KERN_ENABLE_FAIL)) {
                throw failure;
            }
            var known = (Reply.Points) ask(new Request.ListPoints(domain, type, false));
            throw failure.withMessage(
                    "Event %s: %s%s"
                            .formatted(
                                    pattern,
                                    failure.getMessage(),
                                    Suggestion.words(
                                            pattern,
                                            known.points().stream()
                                                    .map(InstrumentationPoint::name)
                                                    .toList())));
        }
    }

    /// Restricts kernel events to a process and its children.
    void follow(long pid) throws Failure {
        ask(new Request.FollowProcess(name, pid));
    }

    void start() throws Failure {
        ask(new Request.StartSession(name));
    }

    /// For good: what a relay does not take now is lost, and counted.
    Reply.Stopped stop() throws Failure {
        return (Reply.Stopped) ask(new Request.StopSession(name, true));
    }

    SessionView view() throws Failure {
        return ((Reply.Sessions) ask(new Request.DescribeSession(name))).sessions().getFirst();
    }

    /// The JVMs that there were, and what they could have told.
    Seen seen() {
        return rooms.jvm().seen().join();
    }

    /// @return the snapshot's directory
    Reply.Recorded snapshot() throws Failure {
        return (Reply.Recorded) ask(new Request.RecordSnapshot(name, "", "", 0));
    }

    /// @param parent of the snapshot's directory
    Reply.Recorded snapshotTo(Path parent) throws Failure {
        return (Reply.Recorded) ask(new Request.RecordSnapshot(name, "", parent.toString(), 0));
    }

    @Override
    public synchronized void close() throws IOException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            lastWarnings = ((Reply.Done) ask(new Request.DestroySession(name))).warnings();
        } catch (Failure failure) {
            throw new IOException(failure.getMessage(), failure);
        } finally {
            closeRooms();
        }
    }

    /// Ends it, as [#close] does.
    ///
    /// @return what went wrong until then
    synchronized List<Warning> end() throws IOException {
        close();
        return lastWarnings;
    }

    private void closeRooms() throws IOException {
        rooms.close();
        owned.close();
    }

    private Reply ask(Request request) throws Failure {
        return ask(rooms, request);
    }

    private static Reply ask(DaemonAssembly rooms, Request request) throws Failure {
        Reply reply = rooms.daemon().answer(request);
        if (reply instanceof Reply.Refused refused) {
            throw Failure.of(refused);
        }
        return reply;
    }
}
