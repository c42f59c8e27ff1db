// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.tracer.jfr.JfrRule;
import dev.contrail.tracer.link.FromDaemon;
import dev.contrail.tracer.logging.LogRule;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.method.MethodRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/// What one application shall do for one channel. A wish is told once, under an order's number, and
/// holds until it changes or the application refuses that very order: then it may be told again.
///
/// Owned by the control thread.
final class Wishes {
    /// How a wish was told: the number of the order, and what was wished.
    private record Told<T>(long order, T what) {}

    /// How an event class is recorded.
    private record Enabled(int eventId, List<String> filters) {}

    private static final Told<Enabled> NEVER = new Told<>(-1, new Enabled(-1, List.of()));
    private static final String POOL = "pool";
    private static final String LOGGING = "logging";
    private static final String JFR = "jfr";

    private final Application application;
    private final long sessionId;
    private final int channelId;
    private final LogSystem system;
    private final Runnable onRefusal;
    private Told<Boolean> pool = new Told<>(-1, false);
    private Told<List<LogRule>> logging = new Told<>(-1, List.of());
    private Told<List<JfrRule>> jfr = new Told<>(-1, List.of());
    private List<MethodRule> methods = List.of();
    private MethodProblems methodProblems = MethodProblems.NONE;

    private boolean hasStateDump;
    private final Map<Integer, Told<Enabled>> enabled = new HashMap<>();

    /// What was refused and has not been granted since, and why.
    private final Map<String, String> refusals = new LinkedHashMap<>();

    /// The answers to what was told since [#answers] was asked for.
    private List<CompletableFuture<String>> answers = new ArrayList<>();

    /// @param system whose log statements the channel can have
    /// @param onRefusal is run when the application has refused something, or granted it later
    Wishes(
            Application application,
            long sessionId,
            int channelId,
            LogSystem system,
            Runnable onRefusal) {
        this.application = application;
        this.sessionId = sessionId;
        this.channelId = channelId;
        this.system = system;
        this.onRefusal = onRefusal;
    }

    boolean hasPool() {
        return pool.what;
    }

    boolean hasLogging() {
        return !logging.what.isEmpty();
    }

    boolean hasJfr() {
        return !jfr.what.isEmpty();
    }

    /// Why there are no log records, though they are wished and ordered; empty when there are, or
    /// none are wished.
    String logProblem() {
        return hasLogging() ? application.logProblem(system) : "";
    }

    /// Of the methods that are wished and ordered, or were until the session was stopped.
    MethodProblems methodProblems() {
        return methodProblems;
    }

    /// What the application says of them, as [MethodProblems#of] takes it.
    void methodProblem(String problem) {
        MethodProblems now =
                methods.isEmpty() ? methodProblems : MethodProblems.of(methods, problem);
        if (methods.isEmpty() || !now.equals(methodProblems)) {
            methodProblems = now;
            onRefusal.run();
        }
    }

    /// Why the application could not do all that it was told; empty when it could, or may yet.
    String refusal() {
        return refusals.isEmpty() ? "" : refusals.values().iterator().next();
    }

    /// @param order makes the order, once its number is known
    void pool(LongFunction<FromDaemon.OpenPool> order) {
        if (pool.what) {
            return;
        }
        long number =
                ask(
                        POOL,
                        refused -> {
                            if (refused == pool.order) {
                                pool = new Told<>(-1, false);
                            }
                        });
        pool = new Told<>(number, true);
        application.send(order.apply(number));
    }

    /// The application records the event class under `eventId`, or, with none, not any more.
    ///
    /// @param filters of which one has to be true; empty: none
    void event(int classId, OptionalInt eventId, List<String> filters) {
        Told<Enabled> before = enabled.getOrDefault(classId, NEVER);
        String what = "class " + classId;
        var wanted = new Enabled(eventId.orElse(-1), filters);
        if (eventId.isPresent() && !wanted.equals(before.what)) {
            long number =
                    ask(
                            what,
                            refused -> {
                                if (refused == enabled.getOrDefault(classId, NEVER).order) {
                                    enabled.remove(classId);
                                }
                            });
            enabled.put(classId, new Told<>(number, wanted));
            application.send(
                    new FromDaemon.Enable(
                            number, sessionId, channelId, classId, wanted.eventId(), filters));
        } else if (eventId.isEmpty()) {
            refusals.remove(what);
            if (enabled.remove(classId) != null) {
                long number = ask(what, _ -> {});
                application.send(new FromDaemon.Disable(number, sessionId, channelId, classId));
            }
        }
    }

    void logging(int eventId, List<LogRule> rules) {
        if (rules.equals(logging.what)) {
            return;
        }
        long number =
                ask(
                        LOGGING,
                        refused -> {
                            if (refused == logging.order) {
                                logging = new Told<>(-1, List.of());
                            }
                        });
        logging = new Told<>(number, rules);
        application.send(
                new FromDaemon.Logging(number, sessionId, channelId, eventId, system, rules));
    }

    void jfr(List<JfrRule> rules) {
        if (rules.equals(jfr.what)) {
            return;
        }
        long number =
                ask(
                        JFR,
                        refused -> {
                            if (refused == jfr.order) {
                                jfr = new Told<>(-1, List.of());
                            }
                        });
        jfr = new Told<>(number, rules);
        application.send(new FromDaemon.Jfr(number, sessionId, channelId, rules));
    }

    /// What an application says of methods is no refusal: it goes on looking for them.
    ///
    /// @param isStopped whether none are wished because the session is stopped
    void methods(List<MethodRule> rules, boolean isStopped) {
        if (rules.equals(methods)) {
            return;
        }
        if (rules.isEmpty()) {
            methodProblems = isStopped ? methodProblems.whenStopped() : MethodProblems.NONE;
        }
        methods = rules;
        var answer = new CompletableFuture<String>();
        long number = application.order(answer);
        answers.add(
                answer.thenApply(problem -> {
                    methodProblem(problem);
                    return problem;
                }));
        application.send(new FromDaemon.Methods(number, sessionId, channelId, rules));
    }

    /// The state of the application, once it records; or once more.
    void stateDump(boolean isWished, boolean isAgain) {
        if (isWished && (isAgain || !hasStateDump)) {
            var answer = new CompletableFuture<String>();
            long number = application.order(answer);
            answers.add(answer);
            application.send(new FromDaemon.StateDump(number, sessionId, channelId, isAgain));
        }
        hasStateDump = isWished;
    }

    boolean hasStateDump() {
        return hasStateDump;
    }

    /// Nothing is wished any more of what was refused.
    void forgetRefusals() {
        refusals.clear();
    }

    /// Ends it all.
    CompletableFuture<String> close() {
        var closed = new CompletableFuture<String>();
        application.send(new FromDaemon.ClosePool(application.order(closed), sessionId, channelId));
        return closed;
    }

    /// What the application answers to what it was told since the last call.
    List<CompletableFuture<String>> answers() {
        List<CompletableFuture<String>> since = answers;
        answers = new ArrayList<>();
        return since;
    }

    /// @param undo takes the wish back, if its number is still the latest
    private long ask(String what, LongConsumer undo) {
        var answer = new CompletableFuture<String>();
        long number = application.order(answer);
        answers.add(
                answer.thenApply(OlderTracer::reason)
                        .thenApply(problem -> {
                            boolean isNews;
                            if (problem.isEmpty()) {
                                isNews = refusals.remove(what) != null;
                            } else {
                                isNews = !problem.equals(refusals.put(what, problem));
                                undo.accept(number);
                            }
                            if (isNews) {
                                onRefusal.run();
                            }
                            return problem;
                        }));
        return number;
    }
}
