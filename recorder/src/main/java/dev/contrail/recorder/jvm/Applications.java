// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import dev.contrail.tracer.Level;
import dev.contrail.tracer.link.FromApplication.Bound;
import dev.contrail.tracer.link.FromApplication.JfrEvent;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import dev.contrail.tracer.stack.StackEvents;
import dev.contrail.wire.DomainName;
import dev.contrail.wire.InstrumentationPoint;
import dev.contrail.wire.JfrName;
import dev.contrail.wire.PointType;
import dev.contrail.wire.StateDumpName;
import dev.contrail.wire.Warning;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The JVM applications that are connected, and those that were refused. Owned by the control
/// thread.
final class Applications {
    /// How long `list` waits for an application that does not tell its loggers.
    private static final long INQUIRY_SECONDS = 2;

    private static final int MAX_STRANGERS = 16;

    private final Set<Application> connected = new LinkedHashSet<>();

    /// Programs that were refused, and why: the newest.
    private final Map<String, String> strangers = new LinkedHashMap<>();

    private final SortedSet<String> met = new TreeSet<>();
    private long programs;
    private final long timeoutSeconds;

    /// @param timeoutSeconds how long one may take to follow; negative for ever
    Applications(long timeoutSeconds) {
        this.timeoutSeconds = timeoutSeconds;
    }

    /// In the order in which they came.
    Set<Application> connected() {
        return Collections.unmodifiableSet(connected);
    }

    void add(Application application) {
        connected.add(application);
        programs++;
    }

    /// A connected program has that event class.
    void met(Bound bound) {
        boolean isOwn =
                !JfrName.isOne(bound.name())
                        && !StateDumpName.isOne(bound.name())
                        && !bound.name().equals(StackEvents.NAME);
        if (isOwn && met.size() < Seen.MAX_EVENTS) {
            met.add(bound.name());
        }
    }

    /// Those that are connected and those that were.
    Seen seen() {
        return new Seen(programs, met);
    }

    /// @return whether it was connected
    boolean remove(Application application) {
        return connected.remove(application);
    }

    /// Lets go of all of them.
    void close() {
        connected.forEach(Application::gone);
        connected.clear();
    }

    /// Programs that were refused, by name and process, and why.
    Map<String, String> strangers() {
        return Collections.unmodifiableMap(strangers);
    }

    /// @return whether it is news
    boolean refused(String who, String why) {
        if (why.equals(strangers.get(who))) {
            return false;
        }
        if (strangers.size() >= MAX_STRANGERS) {
            strangers.remove(strangers.keySet().iterator().next());
        }
        strangers.put(who, why);
        return true;
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

    /// Completes when each has told its loggers of that log system, or does not.
    CompletableFuture<Void> askForLoggers(LogSystem system) {
        return askEach(application -> application.askForLoggers(system));
    }

    /// Completes when each has told the events of JFR that it has, or does not.
    CompletableFuture<Void> askForJfr() {
        return askEach(Application::askForJfr);
    }

    private CompletableFuture<Void> askEach(
            Function<Application, CompletableFuture<String>> asking) {
        return CompletableFuture.allOf(
                connected.stream()
                        .map(application ->
                                asking.apply(application)
                                        .completeOnTimeout("", INQUIRY_SECONDS, TimeUnit.SECONDS))
                        .toArray(CompletableFuture<?>[]::new));
    }

    /// What can produce events in them, as far as they have told.
    List<InstrumentationPoint> points(DomainName domain) {
        var points = new ArrayList<InstrumentationPoint>();
        for (Application application : connected) {
            String provider = "PID: %d - Name: %s".formatted(application.pid(), application.name());
            for (String logger : application.loggers(LogRules.system(domain))) {
                points.add(
                        new InstrumentationPoint(
                                provider,
                                LogRules.pointName(domain, logger),
                                PointType.LOGGER,
                                -1,
                                List.of()));
            }
            if (domain == DomainName.USERSPACE) {
                for (Bound bound : application.classes().values()) {
                    if (!JfrName.isOne(bound.name())
                            && !bound.name().equals(StackEvents.NAME)
                            && bound.origin().isEmpty()) {
                        points.add(point(provider, bound.name(), bound.logLevel(), bound.fields()));
                    }
                }
                if (!application.jfrProblem().isEmpty()) {
                    String none = JfrName.PREFIX + "* (" + application.jfrProblem() + ")";
                    points.add(point(provider, none, Level.INFO, List.of()));
                }
                for (JfrEvent event : application.jfrEvents()) {
                    points.add(point(provider, event.name(), Level.INFO, event.fields()));
                }
            }
        }
        points.sort(
                Comparator.comparing(InstrumentationPoint::provider)
                        .thenComparing(InstrumentationPoint::name));
        return points;
    }

    private static InstrumentationPoint point(
            String provider, String name, int level, List<EventField> fields) {
        return new InstrumentationPoint(
                provider,
                name,
                PointType.TRACEPOINT,
                level,
                fields.stream()
                        .map(field -> field.name() + " (" + kind(field.type()) + ")")
                        .toList());
    }

    private static String kind(FieldType type) {
        return switch (type) {
            case STRING -> "string";
            case F32, F64 -> "float";
            case U8, S8, U16, S16, U32, S32, U64, S64 -> "integer";
        };
    }
}
