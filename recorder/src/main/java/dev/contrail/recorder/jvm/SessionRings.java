// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.recorder.ChannelPlan;
import dev.contrail.recorder.Ring;
import dev.contrail.recorder.SessionFacts;
import dev.contrail.wire.control.Warning;
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

/// The rings in which a session has pools, its traces, and the accounts of the rings that have
/// gone. Owned by the control thread; [#all] may be called by any.
final class SessionRings {
    private final JvmDomain domain;
    private final SessionFacts session;
    private final Map<Integer, JvmTrace> traces = new HashMap<>();
    private final List<JvmRing> rings = new CopyOnWriteArrayList<>();
    private final Map<String, Departed> departed = new LinkedHashMap<>();
    private final List<Ring> accounts = new CopyOnWriteArrayList<>();

    SessionRings(JvmDomain domain, SessionFacts session) {
        this.domain = domain;
        this.session = session;
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
                domain.release(path, uid, session.id(), channel.id());
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
                            domain::hasTidied,
                            each -> domain.onControl(() -> discarded(each)));
            ring.applicationGone(isGone);
            if (!isGone) {
                ring.hold(); // before it is the consumer's
            }
            rings.add(ring);
        } catch (IOException e) {
            domain.report("Cannot keep the state of session " + session.name(), e);
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

    /// What an earlier daemon has left of this channel: accounts, and rings outside the usual
    /// directory that only the session's state knows.
    void resume(ChannelPlan channel) {
        try (DirectoryStream<Path> kept =
                Files.newDirectoryStream(session.stateDirectory(), "jvm-*")) {
            for (Path each : kept) {
                int uid =
                        Integer.parseInt(each.getFileName().toString().substring("jvm-".length()));
                JvmTrace trace = trace(uid);
                account(channel, trace);
                for (Path ring : trace.rings()) {
                    if (domain.mayHavePool(ring, uid, session.id(), channel.id())) {
                        add(ring, uid, "", channel, true);
                    }
                }
            }
        } catch (IOException | NumberFormatException e) {
            domain.report("Cannot take up the state of session " + session.name(), e);
        }
    }

    /// The consumer has ended: the claims end, of rings whose process has ended at once.
    void destroy() {
        for (JvmRing ring : rings) {
            try {
                ring.close();
            } catch (IOException e) {
                domain.report("Cannot close " + ring.path(), e);
            }
            domain.release(ring.path(), ring.uid(), session.id(), ring.channelId());
        }
        rings.clear();
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

    private void discarded(JvmRing ring) {
        if (rings.remove(ring)) {
            domain.release(ring.path(), ring.uid(), session.id(), ring.channelId());
        }
    }
}
