// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.ctf.Reason;
import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.recorder.jvm.ring.Departed;
import dev.contrail.recorder.jvm.ring.Housekeeping;
import dev.contrail.recorder.jvm.ring.JvmRing;
import dev.contrail.recorder.jvm.ring.JvmTrace;
import dev.contrail.recorder.jvm.ring.RingDirectories;
import dev.contrail.wire.Warning;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/// The rings in which a session has pools, its traces, and the accounts of the rings that have
/// gone. Owned by the control thread; [#all] may be called by any.
final class SessionRings {
    private static final System.Logger LOG = System.getLogger("dev.contrail.recorder");

    private final SessionFacts session;
    private final RingDirectories directories;
    private final Housekeeping housekeeping;
    private final Executor control;
    private final Map<Integer, JvmTrace> traces = new HashMap<>();
    private final List<JvmRing> rings = new CopyOnWriteArrayList<>();
    private final Map<String, Departed> departed = new LinkedHashMap<>();
    private final List<Ring> accounts = new CopyOnWriteArrayList<>();

    /// @param control runs what it is given on the control thread, in order
    SessionRings(
            SessionFacts session,
            RingDirectories directories,
            Housekeeping housekeeping,
            Executor control) {
        this.session = session;
        this.directories = directories;
        this.housekeeping = housekeeping;
        this.control = control;
    }

    List<Ring> all() {
        var all = new ArrayList<Ring>(accounts);
        all.addAll(rings);
        return all;
    }

    /// What keeps rings from being read. Any thread.
    List<Warning> obstacles() {
        return rings.stream()
                .map(JvmRing::obstacle)
                .filter(text -> !text.isEmpty())
                .<Warning>map(Warning.RingUnread::new)
                .toList();
    }

    JvmTrace trace(int uid) throws IOException {
        JvmTrace known = traces.get(uid);
        if (known == null) {
            known = JvmTrace.open(session, uid);
            traces.put(uid, known);
        }
        return known;
    }

    /// @param knownName the process's name, or empty when only the session's state may know it
    /// @param isGone whether its process has no connection
    void add(Path path, int uid, String knownName, ChannelPlan channel, boolean isGone) {
        for (JvmRing ring : rings) {
            if (ring.path().equals(path) && ring.channelId() == channel.id()) {
                return;
            }
        }
        try {
            JvmTrace trace = trace(uid);
            if (!knownName.isEmpty()) {
                trace.process(path, knownName);
            }
            Departed account = account(channel, trace);
            if (trace.isDeparted(path, channel.id())) { // a daemon before this one was about to
                housekeeping.release(path, uid, session.id(), channel.id());
                return;
            }
            var ring =
                    new JvmRing(
                            path,
                            uid,
                            trace.processName(path),
                            trace,
                            session.id(),
                            channel,
                            session.isSnapshot(),
                            account,
                            housekeeping::hasTidied,
                            each -> control.execute(() -> discarded(each)));
            ring.applicationGone(isGone);
            if (!isGone) {
                ring.hold(); // before it is the consumer's
            }
            rings.add(ring);
        } catch (IOException e) {
            report("Cannot keep the state of session " + session.name(), e);
        }
    }

    void applicationGone(Path path, boolean isGone) {
        for (JvmRing ring : rings) {
            if (ring.path().equals(path)) {
                ring.applicationGone(isGone);
            }
        }
    }

    void giveUp(Path path) {
        for (JvmRing ring : rings) {
            if (ring.path().equals(path)) {
                ring.giveUp();
            }
        }
    }

    /// What an earlier daemon has left of this channel: rings, accounts, and rings outside the
    /// usual directory that only the session's state knows.
    void resume(ChannelPlan channel) {
        for (RingDirectories.Found found : directories.ringsOf(session.id(), channel.id())) {
            add(found.path(), found.uid(), "", channel, true);
        }
        try (DirectoryStream<Path> kept =
                Files.newDirectoryStream(session.stateDirectory(), "jvm-*")) {
            for (Path each : kept) {
                int uid =
                        Integer.parseInt(each.getFileName().toString().substring("jvm-".length()));
                JvmTrace trace = trace(uid);
                account(channel, trace);
                for (Path ring : trace.rings()) {
                    if (directories.mayHavePool(ring, uid, session.id(), channel.id())) {
                        add(ring, uid, "", channel, true);
                    }
                }
            }
        } catch (IOException | NumberFormatException e) {
            report("Cannot take up the state of session " + session.name(), e);
        }
    }

    /// The consumer has ended: the claims end, of rings whose process has ended at once.
    void destroy() {
        for (JvmRing ring : rings) {
            try {
                ring.close();
            } catch (IOException e) {
                report("Cannot close " + ring.path(), e);
            }
            housekeeping.release(ring.path(), ring.uid(), session.id(), ring.channelId());
        }
        rings.clear();
    }

    /// All that the session had in a ring is wanted no more.
    void release(Path ring, int uid) {
        housekeeping.releaseAll(ring, uid, session.id());
    }

    /// The account of the channel's rings that have gone.
    private Departed account(ChannelPlan channel, JvmTrace trace) {
        return departed.computeIfAbsent(
                channel.id() + " " + trace.directory(),
                _ -> {
                    var made = new Departed(channel.id(), trace, session.isSnapshot());
                    accounts.add(made.ledger());
                    return made;
                });
    }

    private static void report(String what, Exception why) {
        LOG.log(System.Logger.Level.WARNING, what + ": " + Reason.of(why), why);
    }

    private void discarded(JvmRing ring) {
        if (rings.remove(ring)) {
            housekeeping.release(ring.path(), ring.uid(), session.id(), ring.channelId());
        }
    }
}
