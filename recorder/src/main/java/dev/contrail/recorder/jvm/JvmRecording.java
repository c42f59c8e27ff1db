// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.recorder.ChannelPlan;
import dev.contrail.recorder.NamePattern;
import dev.contrail.recorder.Recording;
import dev.contrail.recorder.Ring;
import dev.contrail.recorder.SessionFacts;
import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.tracer.link.FromDaemon;
import dev.contrail.tracer.link.LogRule;
import dev.contrail.tracer.link.Selection;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.ring.Mode;
import dev.contrail.wire.control.ChannelAttributes;
import dev.contrail.wire.control.DomainName;
import dev.contrail.wire.control.EventRule;
import dev.contrail.wire.control.LossMode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/// One session's part in all JVM applications. Owned by the control thread.
final class JvmRecording implements Recording {
    /// `lttng_jul:event`, as LTTng's agent defines it (`jvm-tracer.md` section 7.1).
    static final String JUL_EVENT = "lttng_jul:event";

    private static final int JUL_LEVEL = 13;
    private static final List<EventField> JUL_FIELDS =
            List.of(
                    new EventField("msg", FieldType.STRING),
                    new EventField("logger_name", FieldType.STRING),
                    new EventField("class_name", FieldType.STRING),
                    new EventField("method_name", FieldType.STRING),
                    new EventField("long_millis", FieldType.S64),
                    new EventField("int_loglevel", FieldType.S32),
                    new EventField("int_threadid", FieldType.S32));
    private static final int BLOCK_BYTES = 32 * 1024;
    private static final int SMALLEST_BLOCK_BYTES = 4 * 1024;
    private static final int FEWEST_BLOCKS = 16;

    /// What an application was told for a channel.
    private static final class Told {
        private boolean isPoolOpen;
        private final Map<Integer, Integer> enabled = new HashMap<>();
        private List<LogRule> logging = List.of();
    }

    private record Plan(ChannelPlan channel, boolean isActive) {}

    private final JvmDomain domain;
    private final SessionFacts session;
    private final Map<Integer, Plan> plans = new LinkedHashMap<>();
    private final Map<Integer, JvmTrace> traces = new HashMap<>();
    private final Map<Application, Map<Integer, Told>> told = new HashMap<>();
    private final List<JvmRing> rings = new CopyOnWriteArrayList<>();
    private final Map<String, Departed> departed = new LinkedHashMap<>();
    private final List<Ring> accounts = new CopyOnWriteArrayList<>();

    JvmRecording(JvmDomain domain, SessionFacts session) {
        this.domain = domain;
        this.session = session;
    }

    long sessionId() {
        return session.id();
    }

    @Override
    public CompletableFuture<List<String>> apply(ChannelPlan plan, boolean isActive) {
        boolean isNew = plans.put(plan.id(), new Plan(plan, isActive)) == null;
        var followers = new ArrayList<CompletableFuture<List<String>>>();
        for (Application application : domain.applications()) {
            followers.add(domain.bounded(application, follow(application, plans.get(plan.id()))));
        }
        if (isNew) {
            domain.adopt(this, plan);
            resume(plan);
        }
        return all(followers);
    }

    @Override
    public List<Ring> rings() {
        var all = new ArrayList<Ring>(accounts);
        all.addAll(rings);
        return all;
    }

    @Override
    public void destroy() {
        for (Application application : told.keySet()) {
            told.get(application)
                    .forEach((channelId, known) -> {
                        if (known.isPoolOpen) {
                            var answer = new CompletableFuture<String>();
                            application.send(
                                    new FromDaemon.ClosePool(
                                            application.order(answer), session.id(), channelId));
                            answer.thenAccept(_ -> domain.release(application, session.id()));
                        }
                    });
        }
        told.clear();
        rings.forEach(ring -> domain.letGo(ring.path()));
        rings.clear();
        domain.forget(this);
    }

    /// Tells a new application everything, or an old one what an event class of it asks for.
    void greet(Application application) {
        plans.values().forEach(plan -> follow(application, plan));
    }

    /// The connection has ended; its rings stay.
    void gone(Application application) {
        told.remove(application);
        for (JvmRing ring : rings) {
            if (application.ring().isPresent() && ring.path().equals(application.ring().get())) {
                ring.applicationGone(true);
            }
        }
    }

    /// The application has made its ring file.
    void ringOpened(Application application, Path path) {
        for (Plan plan : plans.values()) {
            Told known = told.getOrDefault(application, Map.of()).get(plan.channel.id());
            if (known != null && known.isPoolOpen) {
                addRing(path, application.uid(), application.name(), plan.channel, false);
            }
        }
        for (JvmRing ring : rings) {
            if (ring.path().equals(path)) {
                ring.applicationGone(false);
            }
        }
    }

    /// Takes up a ring that an earlier daemon, or an application that has ended, has left.
    void adoptRing(Path path, int uid, int channelId) {
        Plan plan = plans.get(channelId);
        if (plan != null) {
            addRing(path, uid, "", plan.channel, true);
        }
    }

    /// The rings of ended applications, oldest first.
    List<JvmRing> deadRings() {
        return rings.stream().filter(JvmRing::isApplicationGone).toList();
    }

    /// @param knownName the process's name, or empty when only the session's state may know it
    private void addRing(
            Path path, int uid, String knownName, ChannelPlan channel, boolean isGone) {
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
            account(channel, trace);
            if (trace.isDeparted(path, channel.id())) {
                return; // A daemon before this one was about to delete it.
            }
            domain.hold(path);
            var ring =
                    new JvmRing(
                            path,
                            uid,
                            trace.processName(path),
                            trace,
                            session.id(),
                            channel,
                            session.isSnapshot(),
                            account(channel, trace),
                            each -> domain.onControl(() -> discarded(each)));
            ring.applicationGone(isGone);
            rings.add(ring);
        } catch (IOException e) {
            domain.report("Cannot keep the state of session " + session.name(), e);
        }
    }

    /// The account of the channel's rings that have gone.
    private Departed account(ChannelPlan channel, JvmTrace trace) {
        return departed.computeIfAbsent(
                channel.id() + " " + trace.directory(),
                _ -> {
                    var made = new Departed(channel.id(), trace, session.isSnapshot());
                    accounts.add(made);
                    return made;
                });
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
                    if (domain.hasPool(ring, uid, session.id(), channel.id())) {
                        addRing(ring, uid, "", channel, true);
                    }
                }
            }
        } catch (IOException e) {
            domain.report("Cannot take up the state of session " + session.name(), e);
        }
    }

    private void discarded(JvmRing ring) {
        if (rings.remove(ring)) {
            domain.letGo(ring.path());
        }
    }

    /// Sends what the application has not been told yet; completes with its problems.
    private CompletableFuture<List<String>> follow(Application application, Plan plan) {
        var answers = new ArrayList<CompletableFuture<String>>();
        ChannelPlan channel = plan.channel;
        Told known =
                told.computeIfAbsent(application, _ -> new HashMap<>())
                        .computeIfAbsent(channel.id(), _ -> new Told());
        try {
            if (channel.domain() == DomainName.JUL) {
                followLogging(application, plan, known, answers);
            } else {
                followTracepoints(application, plan, known, answers);
            }
        } catch (IOException e) {
            domain.report("Cannot keep the state of session " + session.name(), e);
        }
        var problems = new ArrayList<CompletableFuture<List<String>>>();
        for (CompletableFuture<String> answer : answers) {
            problems.add(
                    answer.thenApply(problem ->
                            problem.isEmpty()
                                    ? List.of()
                                    : List.of(application.who() + ": " + problem)));
        }
        return all(problems);
    }

    private void followTracepoints(
            Application application, Plan plan, Told known, List<CompletableFuture<String>> answers)
            throws IOException {
        for (Bound bound : application.classes().values()) {
            boolean isWanted =
                    plan.isActive
                            && plan.channel.rules().stream().anyMatch(rule -> selects(rule, bound));
            boolean isEnabled = known.enabled.containsKey(bound.classId());
            if (isWanted && !isEnabled) {
                OptionalInt id =
                        trace(application.uid())
                                .eventId(
                                        plan.channel.id(),
                                        bound.name(),
                                        bound.logLevel(),
                                        bound.fields());
                if (id.isEmpty()) {
                    answers.add(
                            CompletableFuture.completedFuture(
                                    bound.name() + ": the channel has too many event classes"));
                    continue;
                }
                openPool(application, plan.channel, known, answers);
                known.enabled.put(bound.classId(), id.getAsInt());
                application.send(
                        new FromDaemon.Enable(
                                ask(application, answers),
                                session.id(),
                                plan.channel.id(),
                                bound.classId(),
                                id.getAsInt()));
            } else if (!isWanted && isEnabled) {
                known.enabled.remove(bound.classId());
                application.send(
                        new FromDaemon.Disable(
                                ask(application, answers),
                                session.id(),
                                plan.channel.id(),
                                bound.classId()));
            }
        }
    }

    private void followLogging(
            Application application, Plan plan, Told known, List<CompletableFuture<String>> answers)
            throws IOException {
        var rules = new ArrayList<LogRule>();
        for (EventRule rule : plan.isActive ? plan.channel.rules() : List.<EventRule>of()) {
            if (rule.isEnabled()) {
                Selection selection =
                        switch (rule.levels()) {
                            case ALL -> Selection.ALL;
                            case AT_LEAST -> Selection.AT_LEAST;
                            case EXACTLY -> Selection.EXACTLY;
                        };
                rules.add(new LogRule(rule.pattern(), selection, rule.level()));
            }
        }
        if (rules.equals(known.logging)) {
            return;
        }
        OptionalInt id =
                trace(application.uid())
                        .eventId(plan.channel.id(), JUL_EVENT, JUL_LEVEL, JUL_FIELDS);
        if (!rules.isEmpty()) {
            openPool(application, plan.channel, known, answers);
        }
        known.logging = rules;
        application.send(
                new FromDaemon.Logging(
                        ask(application, answers),
                        session.id(),
                        plan.channel.id(),
                        id.orElseThrow(),
                        rules));
    }

    private void openPool(
            Application application,
            ChannelPlan channel,
            Told known,
            List<CompletableFuture<String>> answers) {
        if (known.isPoolOpen) {
            return;
        }
        known.isPoolOpen = true;
        ChannelAttributes attributes = channel.attributes();
        long bytes =
                attributes.subBufferBytes()
                        * attributes.subBufferCount()
                        * Runtime.getRuntime().availableProcessors();
        int blockBytes = BLOCK_BYTES;
        while (bytes / blockBytes < FEWEST_BLOCKS && blockBytes > SMALLEST_BLOCK_BYTES) {
            blockBytes /= 2;
        }
        application.send(
                new FromDaemon.OpenPool(
                        ask(application, answers),
                        session.id(),
                        channel.id(),
                        attributes.lossMode() == LossMode.OVERWRITE ? Mode.OVERWRITE : Mode.DISCARD,
                        blockBytes,
                        (int) Math.min(Integer.MAX_VALUE / blockBytes, bytes / blockBytes)));
        application
                .ring()
                .ifPresent(path ->
                        addRing(path, application.uid(), application.name(), channel, false));
    }

    private static long ask(Application application, List<CompletableFuture<String>> answers) {
        var answer = new CompletableFuture<String>();
        answers.add(answer);
        return application.order(answer);
    }

    private JvmTrace trace(int uid) throws IOException {
        JvmTrace known = traces.get(uid);
        if (known == null) {
            known = JvmTrace.open(session, uid);
            traces.put(uid, known);
        }
        return known;
    }

    private static boolean selects(EventRule rule, Bound bound) {
        if (!rule.isEnabled() || !NamePattern.of(rule.pattern()).matches(bound.name())) {
            return false;
        }
        for (String exclusion : rule.exclusions()) {
            if (NamePattern.of(exclusion).matches(bound.name())) {
                return false;
            }
        }
        return switch (rule.levels()) {
            case ALL -> true;
            case AT_LEAST -> bound.logLevel() <= rule.level();
            case EXACTLY -> bound.logLevel() == rule.level();
        };
    }

    private static CompletableFuture<List<String>> all(
            List<CompletableFuture<List<String>>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(_ ->
                        futures.stream().flatMap(future -> future.resultNow().stream()).toList());
    }
}
