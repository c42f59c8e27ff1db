// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.ctf.Reason;
import dev.contrail.recorder.domain.ChannelPlan;
import dev.contrail.recorder.domain.Recording;
import dev.contrail.recorder.domain.RefusedException;
import dev.contrail.recorder.domain.Ring;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.tracer.context.Contexts;
import dev.contrail.tracer.jfr.JfrRule;
import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.tracer.logging.LogRule;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.method.MethodRule;
import dev.contrail.tracer.stack.StackEvents;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.LttngError;
import dev.contrail.wire.StateDumpName;
import dev.contrail.wire.Warning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// One session's part in all JVM applications. Owned by the control thread.
final class JvmRecording implements Recording {
    private record Plan(ChannelPlan channel, boolean isActive, List<EventSelector> selectors) {
        /// The filters of the rules that select an event class, `""` for those without; none when
        /// it is not wanted.
        List<String> filters(Bound bound) {
            if (bound.name().equals(StackEvents.NAME)) { // no rule's: what a context refers to
                return isActive && channel.contexts().contains(StackEvents.CONTEXT)
                        ? List.of("")
                        : List.of();
            }
            return selectors.stream()
                    .filter(each -> isActive && each.selects(bound))
                    .map(each -> each.rule().filter())
                    .distinct()
                    .toList();
        }

        boolean wantsStateDump() {
            return isActive
                    && selectors.stream()
                            .anyMatch(each -> StateDumpName.isOne(each.rule().pattern()));
        }
    }

    /// Of the rules of a channel that select one event class.
    static final int MAX_FILTERS = 64;

    private static final System.Logger LOG = System.getLogger("dev.contrail.recorder");

    private final SessionFacts session;
    private final Applications applications;
    private final Map<Integer, Plan> plans = new LinkedHashMap<>();
    private final Map<Application, Map<Integer, Wishes>> wishes = new LinkedHashMap<>();
    private final Map<Integer, Unrecorded> unrecorded = new ConcurrentHashMap<>();
    private final SessionRings rings;
    private final Consumer<JvmRecording> forget;

    /// @param applications those of the domain
    /// @param rings the session's
    /// @param forget is told when the recording is destroyed
    JvmRecording(
            SessionFacts session,
            Applications applications,
            SessionRings rings,
            Consumer<JvmRecording> forget) {
        this.session = session;
        this.applications = applications;
        this.rings = rings;
        this.forget = forget;
    }

    long sessionId() {
        return session.id();
    }

    @Override
    public CompletableFuture<List<Warning>> apply(ChannelPlan channel, boolean isActive)
            throws RefusedException {
        checkContexts(channel.contexts());
        var plan = new Plan(channel, isActive, EventSelector.of(channel.rules()));
        boolean isNew = plans.put(channel.id(), plan) == null;
        if (isNew) {
            String directory = "ust/uid/" + session.uid() + "/64-bit";
            unrecorded.put(channel.id(), new Unrecorded(channel.id(), directory));
        }
        var followers = new ArrayList<CompletableFuture<List<Warning>>>();
        for (Application application : applications.connected()) {
            followers.add(
                    applications.bounded(
                            application,
                            follow(application, plan, application.classes().values())));
        }
        if (isNew) {
            rings.resume(channel);
        }
        return all(followers);
    }

    private static void checkContexts(List<String> contexts) throws RefusedException {
        try {
            Contexts.fields(contexts);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    LttngError.UST_CONTEXT_INVAL,
                    LttngError.UST_CONTEXT_INVAL.text() + ": " + e.getMessage());
        }
    }

    @Override
    public List<Warning> obstacles() {
        return Stream.concat(
                        unrecorded.values().stream().flatMap(each -> each.obstacles().stream()),
                        rings.obstacles().stream())
                .distinct()
                .toList();
    }

    @Override
    public CompletableFuture<Void> settle() {
        var settled = new ArrayList<CompletableFuture<?>>();
        wishes.forEach((application, channels) -> {
            if (channels.values().stream().anyMatch(Wishes::hasJfr)) {
                settled.add(applications.bounded(application, application.flushJfr()));
            }
        });
        return CompletableFuture.allOf(settled.toArray(CompletableFuture[]::new));
    }

    @Override
    public CompletableFuture<List<Warning>> regenerateStateDump() {
        var dumps = new ArrayList<CompletableFuture<List<Warning>>>();
        wishes.forEach((application, channels) ->
                channels.values().stream()
                        .filter(Wishes::hasStateDump)
                        .forEach(each -> {
                            each.stateDump(true, true);
                            dumps.add(
                                    applications.bounded(
                                            application, problems(application, each.answers())));
                        }));
        return all(dumps);
    }

    @Override
    public List<Ring> rings() {
        var all = new ArrayList<Ring>(rings.all());
        unrecorded.values().stream()
                .filter(each -> !each.obstacles().isEmpty())
                .forEach(each -> all.add(each.ledger()));
        return all;
    }

    @Override
    public void destroy() {
        wishes.forEach((application, channels) ->
                channels.values()
                        .forEach(each -> {
                            if (each.hasPool()) {
                                each.close().thenAccept(_ -> release(application));
                            }
                        }));
        wishes.clear();
        rings.destroy();
        forget.accept(this);
    }

    private void release(Application application) {
        application.ring().ifPresent(path -> rings.release(path, application.uid()));
    }

    /// Tells a new application everything.
    void greet(Application application) {
        bound(application, application.classes().values());
    }

    /// Tells an application what these event classes of it ask for.
    void bound(Application application, Collection<Bound> classes) {
        plans.values().forEach(plan -> follow(application, plan, classes));
    }

    /// The connection has ended; its rings stay.
    void gone(Application application) {
        Map<Integer, Wishes> channels = wishes.remove(application);
        if (channels != null) {
            channels.forEach((channelId, each) -> {
                Unrecorded shown = unrecorded.get(channelId);
                String why = each.refusal();
                if (why.isEmpty() && each.hasPool()) {
                    why = application.obstacle().orElse("");
                }
                if (why.isEmpty() && each.hasPool() && application.ring().isEmpty()) {
                    why = "ended before this busy daemon had told it what to record";
                }
                if (shown != null && !why.isEmpty()) {
                    shown.ended(why);
                }
                if (shown != null && !each.logProblem().isEmpty()) {
                    shown.endedWithout(each.logProblem());
                }
                if (shown != null) {
                    each.methodProblems().once().forEach(shown::endedWithout);
                }
            });
        }
        application.ring().ifPresent(path -> rings.applicationGone(path, true));
        say();
    }

    /// The application has not been recorded for a while, and now is.
    void late(Application application, String what) {
        wishes.getOrDefault(application, Map.of())
                .forEach((channelId, told) -> {
                    Unrecorded shown = unrecorded.get(channelId);
                    if (shown != null && told.hasPool()) {
                        shown.late(application.who(), what);
                    }
                });
        say();
    }

    /// What is to be said of the methods that a channel wants of an application is this now.
    void methodProblem(Application application, int channelId, String problem) {
        Wishes told = wishes.getOrDefault(application, Map.of()).get(channelId);
        if (told != null) {
            told.methodProblem(problem);
        }
    }

    /// The application has made its ring file.
    void ringOpened(Application application, Path path) {
        for (Plan plan : plans.values()) {
            Wishes told = wishes.getOrDefault(application, Map.of()).get(plan.channel.id());
            if (told != null && told.hasPool()) {
                rings.add(path, application.uid(), application.name(), plan.channel, false);
            }
        }
        rings.applicationGone(path, false);
    }

    /// Ends the claim on a ring, which is too old, or one of too many.
    void giveUp(Path path) {
        rings.giveUp(path);
    }

    /// Tells again what was refused: the reason may be no more.
    void retry() {
        for (Map.Entry<Application, Map<Integer, Wishes>> each : Map.copyOf(wishes).entrySet()) {
            Application application = each.getKey();
            each.getValue()
                    .forEach((channelId, told) -> {
                        Plan plan = plans.get(channelId);
                        if (plan != null && !told.refusal().isEmpty()) {
                            follow(application, plan, application.classes().values());
                        }
                    });
        }
        say();
    }

    /// Shows who is not recorded, now.
    void say() {
        unrecorded.forEach((channelId, shown) -> {
            var reasons = new LinkedHashMap<String, String>();
            var partly = new LinkedHashMap<String, List<String>>();
            Set<String> found =
                    MethodProblems.found(
                            wishes.values().stream()
                                    .filter(each -> each.containsKey(channelId))
                                    .map(each -> each.get(channelId).methodProblems()));
            wishes.forEach((application, channels) -> {
                Wishes told = channels.get(channelId);
                if (told != null && !told.refusal().isEmpty()) {
                    reasons.put(application.who(), told.refusal());
                } else if (told != null && told.hasPool()) {
                    application.obstacle().ifPresent(why -> reasons.put(application.who(), why));
                }
                if (told != null) {
                    var missing = new ArrayList<>(told.methodProblems().beside(found));
                    if (!told.logProblem().isEmpty()) {
                        missing.addFirst(told.logProblem());
                    }
                    partly.put(application.who(), missing);
                }
            });
            reasons.putAll(applications.strangers());
            shown.now(reasons, partly);
        });
    }

    /// Sends what the application has not been told yet; completes with its problems.
    private CompletableFuture<List<Warning>> follow(
            Application application, Plan plan, Collection<Bound> classes) {
        Wishes told =
                wishes.computeIfAbsent(application, _ -> new HashMap<>())
                        .computeIfAbsent(
                                plan.channel.id(),
                                id ->
                                        new Wishes(
                                                application,
                                                session.id(),
                                                id,
                                                LogRules.system(plan.channel.domain()),
                                                this::say));
        var answers = new ArrayList<CompletableFuture<String>>();
        if (!plan.isActive) {
            told.forgetRefusals();
        }
        boolean isUserspace = plan.channel.domain() == DomainName.USERSPACE;
        try {
            followLogging(application, plan, told);
            followJfr(application, plan, told);
            if (isUserspace) {
                followMethods(application, plan, told);
            }
            for (Bound bound : classes) { // what a context refers to is in log channels, too
                if (isUserspace || bound.name().equals(StackEvents.NAME)) {
                    followEvent(application, plan, told, bound, answers);
                }
            }
            if (isUserspace) {
                boolean isThere = told.hasStateDump() || application.hasStateDumps();
                told.stateDump(plan.wantsStateDump() && isThere, false);
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Cannot keep the state of session " + session.name() + ": " + Reason.of(e),
                    e);
        }
        answers.addAll(told.answers());
        return problems(application, answers);
    }

    private static CompletableFuture<List<Warning>> problems(
            Application application, List<CompletableFuture<String>> answers) {
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(_ -> {
                    var problems = new LinkedHashSet<String>();
                    answers.forEach(answer -> problems.add(answer.resultNow()));
                    problems.remove("");
                    return problems.stream()
                            .<Warning>map(
                                    problem -> new Warning.NotFollowed(application.who(), problem))
                            .toList();
                });
    }

    private void followEvent(
            Application application,
            Plan plan,
            Wishes told,
            Bound bound,
            List<CompletableFuture<String>> answers)
            throws IOException {
        OptionalInt id = OptionalInt.empty();
        List<String> selecting = plan.filters(bound);
        List<String> filters = selecting.contains("") ? List.of() : selecting;
        if (filters.size() > MAX_FILTERS) {
            answers.add(
                    CompletableFuture.completedFuture(
                            "%s: it is selected by rules with %d filters, want at most %d"
                                    .formatted(bound.name(), filters.size(), MAX_FILTERS)));
        } else if (!selecting.isEmpty()) {
            id =
                    rings.trace(application.uid())
                            .eventId(
                                    plan.channel.id(),
                                    plan.channel.contexts(),
                                    bound.name(),
                                    bound.logLevel(),
                                    bound.fields());
            if (id.isEmpty()) {
                answers.add(
                        CompletableFuture.completedFuture(
                                bound.name() + ": the channel has too many event classes"));
            } else {
                openPool(application, plan.channel, told);
            }
        }
        told.event(bound.classId(), id, filters);
    }

    private void followLogging(Application application, Plan plan, Wishes told) throws IOException {
        List<LogRule> rules = plan.isActive ? LogRules.of(plan.channel) : List.of();
        if (rules.isEmpty() && !told.hasLogging()) {
            return;
        }
        OptionalInt id =
                rings.trace(application.uid())
                        .eventId(
                                plan.channel.id(),
                                plan.channel.contexts(),
                                LogRules.system(plan.channel.domain()).eventName(),
                                LogSystem.EVENT_LEVEL,
                                LogSystem.fields());
        if (!rules.isEmpty()) {
            openPool(application, plan.channel, told);
        }
        told.logging(id.orElseThrow(), rules);
    }

    /// Before its event classes, which may have to be disabled: it needs the last of their events.
    private void followJfr(Application application, Plan plan, Wishes told) {
        List<JfrRule> rules = plan.isActive ? JfrRules.of(plan.channel) : List.of();
        if (!rules.isEmpty()) {
            openPool(application, plan.channel, told);
        }
        told.jfr(rules);
    }

    private void followMethods(Application application, Plan plan, Wishes told) {
        List<MethodRule> rules = plan.isActive ? EventSelector.methods(plan.channel) : List.of();
        if (!rules.isEmpty()) {
            openPool(application, plan.channel, told);
        }
        told.methods(rules, !plan.isActive);
    }

    private void openPool(Application application, ChannelPlan channel, Wishes told) {
        if (told.hasPool()) {
            return;
        }
        told.pool(order ->
                PoolSize.of(channel).order(order, session.id(), channel.id(), channel.contexts()));
        application
                .ring()
                .ifPresent(path ->
                        rings.add(path, application.uid(), application.name(), channel, false));
    }

    private static CompletableFuture<List<Warning>> all(
            List<CompletableFuture<List<Warning>>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(_ ->
                        futures.stream().flatMap(future -> future.resultNow().stream()).toList());
    }
}
