// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import dev.contrail.ctf.Clock;
import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.Reason;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.recorder.file.PrivateFiles;
import dev.contrail.recorder.file.StateLog;
import dev.contrail.recorder.output.StreamTail;
import dev.contrail.wire.RelayEndpoints;
import dev.contrail.wire.SessionMode;
import dev.contrail.wire.Warning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The sessions that earlier daemons have left in the run directory, each a directory of files.
///
/// What cannot be read is put aside under a name that begins with `unreadable-`. A session from
/// before a restart of the machine goes on with the clock of this boot, in a trace of its own
/// beside the old one, which is complete; what lay in memory is gone, and the session says so.
public final class SavedSessions {
    /// One session as it is to go on.
    public record Saved(SessionFile state, SessionFacts facts, SessionLog log) {}

    private static final System.Logger LOG = System.getLogger("dev.contrail.recorder");
    private static final String ASIDE = "unreadable-";
    private static final String STATE = "session";

    private final Path directory;
    private final int uid;
    private final String hostName;
    private final Clock clock;
    private final List<Warning> problems = new ArrayList<>();

    /// @param directory holds a directory a session
    public SavedSessions(Path directory, int uid, String hostName, Clock clock) {
        this.directory = directory;
        this.uid = uid;
        this.hostName = hostName;
        this.clock = clock;
    }

    /// All of them, in no order that matters.
    public List<Saved> find() throws IOException {
        var all = new ArrayList<Saved>();
        List<Path> found;
        try (var entries = Files.list(PrivateFiles.directory(directory))) {
            found = entries.sorted().toList();
        }
        for (Path each : found) {
            if (!Files.isDirectory(each) || each.getFileName().toString().startsWith(ASIDE)) {
                continue;
            }
            try {
                if (isEmpty(each)) {
                    PrivateFiles.deleteTree(each);
                } else {
                    all.add(read(each));
                }
            } catch (IOException | RuntimeException e) {
                putAside(each, e);
            }
        }
        return all;
    }

    /// What could not be taken up, for the user.
    public List<Warning> problems() {
        return List.copyOf(problems);
    }

    /// The log of a session that is made now.
    public static SessionLog begin(Path stateDirectory) throws IOException {
        return SessionLog.begin(stateDirectory.resolve(STATE));
    }

    /// Whether it was left by a session that its daemon could not make, or by the kill of one that
    /// was at it: nobody was told that there is one.
    private static boolean isEmpty(Path stateDirectory) throws IOException {
        try (var files = Files.list(stateDirectory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                boolean isBegun = name.equals(STATE) && StateLog.isWithoutRecord(file);
                if (!isBegun && !name.equals("." + STATE + ".new")) {
                    return false;
                }
            }
        }
        return true;
    }

    private Saved read(Path each) throws IOException {
        SessionLog log = SessionLog.open(each.resolve(STATE));
        if (!log.problem().isEmpty()) {
            problems.add(new Warning.StateUnreadable(log.problem()));
        }
        SessionFile saved = log.last().orElseThrow();
        String boot = StateLog.currentBoot();
        if (!saved.clock().uuid().toString().equals(UUID.fromString(boot).toString())) {
            saved = ofThisBoot(saved, each, boot);
            log.keep(saved);
        }
        var facts =
                new SessionFacts(
                        saved.id(),
                        saved.name(),
                        saved.mode() != SessionMode.DISK,
                        saved.created(),
                        hostName,
                        uid,
                        saved.clock(),
                        each);
        return new Saved(saved, facts, log);
    }

    /// The machine was restarted: rings, kernel instances and what was known of them are history.
    private SessionFile ofThisBoot(SessionFile saved, Path stateDirectory, String boot)
            throws IOException {
        try (var files = Files.list(stateDirectory)) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().equals(STATE) && Files.isRegularFile(file)) {
                    Files.delete(file);
                }
            }
        }
        boolean hasTrace = saved.mode() == SessionMode.DISK && saved.state().wasStarted();
        boolean isSent = RelayEndpoints.isShown(saved.output());
        if (hasTrace && !isSent) {
            Path output = Path.of(saved.output());
            Path next = output.resolve("boot-" + (saved.boots() + 1));
            Thread.ofPlatform().daemon().name("contrail-repair").start(() -> repair(output, next));
        }
        return saved.afterBoot(
                ClockClass.monotonic(boot, clock.offsetNanos()),
                UUID.randomUUID(),
                "The machine was restarted: what was in memory is gone"
                        + (hasTrace && !isSent
                                ? "; events from now on go to %s/boot-%d"
                                        .formatted(saved.output(), saved.boots() + 1)
                                : ""));
    }

    private static void repair(Path output, Path except) {
        try {
            StreamTail.mendAll(output, except);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Cannot repair the trace in " + output, e);
        }
    }

    private void putAside(Path each, Exception why) {
        String what =
                "Session %s could not be taken up: %s"
                        .formatted(each.getFileName(), Reason.of(why));
        try {
            Path aside = StateLog.besides(each, "unreadable");
            Files.move(each, aside);
            what += "; its state was put aside as " + aside;
        } catch (IOException e) {
            what += "; it could not be put aside: " + Reason.of(e);
        }
        problems.add(new Warning.StateUnreadable(what));
        LOG.log(System.Logger.Level.WARNING, what, why);
    }
}
