// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.session;

import dev.contrail.ctf.Clock;
import dev.contrail.ctf.Reason;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.Warning;
import dev.contrail.wire.control.SessionView;
import dev.contrail.wire.control.SessionView.AccountView;
import dev.contrail.wire.control.SessionView.ChannelView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Tells what a session is and what became of its records.
public final class SessionReport {
    /// How long a view waits for the consumer.
    private static final long LONGEST_LOOK_MILLIS = 5000;

    private SessionReport() {}

    /// The session as `list` shows it: without its account, with what keeps it from recording all.
    /// Control thread.
    public static SessionView listed(Session session) {
        return withProblems(withoutAccounts(session), session.obstacles());
    }

    /// The session without looking at its rings. Control thread.
    static SessionView withoutAccounts(Session session) {
        var domains = new ArrayList<DomainName>();
        var channels = new ArrayList<ChannelView>();
        for (Channel channel : session.channels()) {
            if (!domains.contains(channel.domain())) {
                domains.add(channel.domain());
            }
            channels.add(
                    new ChannelView(
                            channel.name(),
                            channel.domain(),
                            channel.isEnabled(),
                            channel.attributes(),
                            0,
                            0,
                            channel.rules()));
        }
        return new SessionView(
                session.name(),
                session.mode(),
                session.isActive(),
                session.output(),
                session.liveMicros(),
                domains,
                channels,
                List.of(),
                problems(session.problems(), session),
                0,
                session.facts().created(),
                0,
                refused(session.obstacles()),
                session.relayView());
    }

    /// The session with its account; the consumer thread looks at the rings. Control thread.
    public static CompletableFuture<SessionView> of(Session session, Clock clock) {
        SessionView known = withoutAccounts(session);
        List<Integer> ids = session.channels().stream().map(Channel::id).toList();
        Map<Integer, DomainName> domains = domains(session);
        List<Warning> problems = session.problems();
        return session.consumer()
                .ask(() -> {
                    Map<Integer, RingAccount> accounts = channelAccounts(session);
                    long notStored = 0;
                    for (int i = 0; i < ids.size(); i++) {
                        ChannelView channel = known.channels().get(i);
                        long lost =
                                session.consumer()
                                        .lostRecords(
                                                channel.domain() == DomainName.KERNEL,
                                                channel.name());
                        long lostOfDump =
                                channel.domain() == DomainName.KERNEL
                                        ? session.consumer().lostOfStateDump(channel.name())
                                        : 0;
                        notStored += lost;
                        accounts.computeIfPresent(
                                ids.get(i),
                                (_, account) -> withLost(account, lost - lostOfDump, lostOfDump));
                    }
                    var channels = new ArrayList<ChannelView>();
                    for (int i = 0; i < ids.size(); i++) {
                        channels.add(
                                withAccount(
                                        known.channels().get(i),
                                        Optional.ofNullable(accounts.get(ids.get(i)))));
                    }
                    return new SessionView(
                            known.name(),
                            known.mode(),
                            known.isActive(),
                            known.output(),
                            known.liveMicros(),
                            known.domains(),
                            channels,
                            accounts(accounts, domains, clock),
                            problems(problems, session),
                            notStored,
                            known.created(),
                            recorded(session),
                            known.refusedJvms(),
                            session.relayView());
                });
    }

    /// What was recorded and could not be stored is lost, as the trace says it too.
    private static RingAccount withLost(RingAccount account, long lost, long lostOfDump) {
        long less = Math.min(lost, account.recorded());
        return new RingAccount(
                account.traceDirectory(),
                account.who(),
                account.recorded() - less,
                account.discarded() + lost + lostOfDump,
                account.overwritten(),
                account.oldestTicks(),
                account.horizonTicks(),
                Math.max(0, account.stateDump() - lostOfDump),
                account.notes());
    }

    /// The view; or, when the consumer is busy with other things, the session without its account.
    /// Control thread.
    public static CompletableFuture<SessionView> orBusy(
            Session session, CompletableFuture<SessionView> view) {
        SessionView busy =
                withProblems(
                        withoutAccounts(session),
                        List.of(new Warning.Busy("writing to disk; the account is not shown")));
        return view.copy().completeOnTimeout(busy, LONGEST_LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static SessionView withProblems(SessionView view, List<Warning> problems) {
        return new SessionView(
                view.name(),
                view.mode(),
                view.isActive(),
                view.output(),
                view.liveMicros(),
                view.domains(),
                view.channels(),
                view.accounts(),
                Stream.concat(view.problems().stream(), problems.stream()).toList(),
                view.notStored(),
                view.created(),
                view.recordedJvms(),
                view.refusedJvms(),
                view.relay());
    }

    /// JVMs with rings in the session. Consumer thread.
    private static long recorded(Session session) {
        return session.rings().stream().filter(Ring::isOfProgram).map(Ring::who).distinct().count();
    }

    /// JVMs that the obstacles tell of.
    private static long refused(List<Warning> obstacles) {
        var names = new HashSet<String>();
        long others = 0;
        for (Warning each : obstacles) {
            switch (each) {
                case Warning.NotRecorded(String application, _) -> names.add(application);
                case Warning.ManyNotRecorded(int count, _) -> others += count;
                case Warning.EndedUnrecorded(int count, _) -> others += count;
                default -> {} // of something else
            }
        }
        return names.size() + others;
    }

    /// Those of the session and that of its consumer; with one, also what may be lost yet, though
    /// it counts as recorded.
    private static List<Warning> problems(List<Warning> problems, Session session) {
        String problem = session.consumer().problem();
        if (problem.isEmpty()) {
            return problems;
        }
        var all = new ArrayList<>(problems);
        all.add(new Warning.NotStored(problem));
        long waiting = session.waitingBytes();
        if (waiting > 0 && !session.isSilent()) { // else the problem says it
            all.add(
                    new Warning.NotStored(
                            "%,d bytes of what was recorded wait to be written"
                                    .formatted(waiting)));
        }
        return List.copyOf(all);
    }

    /// Which domain a channel belongs to. Control thread.
    static Map<Integer, DomainName> domains(Session session) {
        var domains = new HashMap<Integer, DomainName>();
        session.channels().forEach(channel -> domains.put(channel.id(), channel.domain()));
        return domains;
    }

    private static Map<Integer, RingAccount> channelAccounts(Session session) {
        var sums = new TreeMap<Integer, RingAccount>();
        for (Ring ring : session.rings()) {
            RingAccount account;
            try {
                account = ring.account();
            } catch (Throwable failure) {
                account = failed(ring, failure);
            }
            add(sums, ring.channelId(), account);
        }
        return sums;
    }

    /// The account of a ring that cannot tell it: it costs the others nothing.
    static RingAccount failed(Ring ring, Throwable failure) {
        return new RingAccount(
                "",
                ring.who(),
                0,
                0,
                0,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                List.of(ring.who() + ": set apart: " + Reason.of(failure)));
    }

    /// Adds a ring's account to its channel's.
    static void add(Map<Integer, RingAccount> sums, int channelId, RingAccount account) {
        sums.merge(channelId, account, SessionReport::sum);
    }

    /// The accounts of channels as those of their domains.
    static List<AccountView> accounts(
            Map<Integer, RingAccount> channels, Map<Integer, DomainName> domains, Clock clock) {
        var sums = new TreeMap<DomainName, RingAccount>();
        channels.forEach((channelId, account) -> {
            DomainName domain = domains.get(channelId);
            if (domain != null) {
                sums.merge(domain, account, SessionReport::sum);
            }
        });
        long now = clock.monotonicNanos();
        var views = new ArrayList<AccountView>();
        sums.forEach((domain, sum) ->
                views.add(
                        new AccountView(
                                domain,
                                sum.recorded(),
                                sum.discarded(),
                                sum.overwritten(),
                                historyNanos(sum.completeFromTicks(), now),
                                sum.stateDump(),
                                sum.notes())));
        return views;
    }

    private static long historyNanos(long completeFromTicks, long now) {
        return completeFromTicks > now ? 0 : now - completeFromTicks;
    }

    private static RingAccount sum(RingAccount one, RingAccount other) {
        var notes = new ArrayList<>(one.notes());
        // A process that is in several channels has ended once.
        other.notes().stream().filter(note -> !notes.contains(note)).forEach(notes::add);
        return new RingAccount(
                one.traceDirectory(),
                one.who(),
                one.recorded() + other.recorded(),
                one.discarded() + other.discarded(),
                one.overwritten() + other.overwritten(),
                Math.min(one.oldestTicks(), other.oldestTicks()),
                Math.max(one.horizonTicks(), other.horizonTicks()),
                one.stateDump() + other.stateDump(),
                notes);
    }

    private static ChannelView withAccount(ChannelView channel, Optional<RingAccount> account) {
        return new ChannelView(
                channel.name(),
                channel.domain(),
                channel.isEnabled(),
                channel.attributes(),
                account.map(RingAccount::discarded).orElse(0L),
                account.map(RingAccount::overwritten).orElse(0L),
                channel.rules());
    }
}
