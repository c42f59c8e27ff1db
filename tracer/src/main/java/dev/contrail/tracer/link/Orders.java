// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.context.Contexts;
import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.event.FilterCompiler;
import dev.contrail.tracer.event.TargetFilter;
import dev.contrail.tracer.filter.FilterException;
import dev.contrail.tracer.jfr.JfrEvents;
import dev.contrail.tracer.jfr.JfrRule;
import dev.contrail.tracer.jfr.JfrWish;
import dev.contrail.tracer.link.FromApplication.MethodState;
import dev.contrail.tracer.link.FromDaemon.ClosePool;
import dev.contrail.tracer.link.FromDaemon.Disable;
import dev.contrail.tracer.link.FromDaemon.Enable;
import dev.contrail.tracer.link.FromDaemon.Jfr;
import dev.contrail.tracer.link.FromDaemon.Logging;
import dev.contrail.tracer.link.FromDaemon.Methods;
import dev.contrail.tracer.link.FromDaemon.OpenPool;
import dev.contrail.tracer.logging.LogBridge;
import dev.contrail.tracer.logging.LogSystem;
import dev.contrail.tracer.method.MethodRule;
import dev.contrail.tracer.method.MethodTracing;
import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.write.PoolRefusedException;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Carries out one daemon's orders. They are wishes for a state: one that is fulfilled already, as
/// after the daemon has restarted, changes nothing. Owned by the link thread.
final class Orders {
    private static final int MAX_EVENT_ID = 0xffff;

    private record Channel(long sessionId, int channelId) {}

    /// How an event class is recorded.
    private record Enabled(int eventId, List<String> filters) {}

    /// A pool and what is recorded in it.
    private static final class Open {
        final WriterPool pool;
        final Map<Integer, EventDescription> described = new HashMap<>();
        final Map<Integer, Enabled> enabled = new HashMap<>();

        /// Said since the last connection was made.
        final Set<Integer> confirmed = new HashSet<>();

        boolean isConfirmed = true;

        /// The log system whose rules it has; null: none. A channel has those of one.
        @Nullable LogSystem logging;

        boolean isLoggingConfirmed;

        /// Whether events of JFR are wanted.
        boolean hasJfr;

        boolean isJfrConfirmed;

        boolean hasMethods;
        boolean hasMethodsConfirmed;

        /// What was last said of them.
        String methodProblem = "";

        Open(WriterPool pool) {
            this.pool = pool;
        }
    }

    private final Map<Channel, Open> open = new HashMap<>();

    /// Why a channel has no pool: what is ordered in it is refused for the same reason.
    private final Map<Channel, String> refused = new HashMap<>();

    /// A new connection: whatever is not ordered again before [#endOfInitialOrders] is over.
    void begin() {
        refused.clear();
        for (Open channel : open.values()) {
            channel.isConfirmed = false;
            channel.isLoggingConfirmed = false;
            channel.isJfrConfirmed = false;
            channel.hasMethodsConfirmed = false;
            channel.confirmed.clear();
        }
    }

    void endOfInitialOrders() {
        for (Map.Entry<Channel, Open> entry : List.copyOf(open.entrySet())) {
            Open channel = entry.getValue();
            if (!channel.isConfirmed) { // the session is no more: nobody will read it
                remove(entry.getKey()).ifPresent(pool -> ring().dropPool(pool));
                continue;
            }
            for (int classId : Set.copyOf(channel.enabled.keySet())) {
                if (!channel.confirmed.contains(classId)) {
                    disable(channel, classId);
                }
            }
            if (channel.logging != null && !channel.isLoggingConfirmed) {
                stopLogging(channel);
            }
            if (!channel.isJfrConfirmed) {
                stopJfr(channel);
            }
            if (channel.hasMethods && !channel.hasMethodsConfirmed) {
                setMethods(channel, List.of());
            }
        }
    }

    void run(OpenPool order) throws IOException, PoolRefusedException {
        Channel key = new Channel(order.sessionId(), order.channelId());
        Open known = open.get(key);
        if (known != null && !known.pool.isOver()) {
            known.isConfirmed = true;
            return;
        }
        remove(key);
        try {
            WriterPool pool =
                    RingWriter.openFor(order.mode(), order.blockSize(), order.blockCount())
                            .openPool(
                                    order.sessionId(),
                                    order.channelId(),
                                    order.mode(),
                                    order.blockSize(),
                                    order.blockCount(),
                                    Contexts.of(order.contexts()));
            EventClasses.opened(pool);
            open.put(key, new Open(pool));
            refused.remove(key);
        } catch (IOException | PoolRefusedException e) {
            refused.put(key, PoolRefusedException.reason(e));
            throw e;
        }
    }

    void run(ClosePool order) {
        refused.remove(new Channel(order.sessionId(), order.channelId()));
        remove(new Channel(order.sessionId(), order.channelId()))
                .ifPresent(pool -> ring().closePool(pool));
    }

    private Optional<WriterPool> remove(Channel key) {
        Open channel = open.remove(key);
        if (channel == null) {
            return Optional.empty();
        }
        stopLogging(channel);
        stopJfr(channel);
        setMethods(channel, List.of());
        EventClasses.disableAll(channel.pool);
        return Optional.of(channel.pool);
    }

    void run(Enable order) throws IOException, PoolRefusedException, LinkException {
        Open channel = find(order.sessionId(), order.channelId());
        int classId = order.classId();
        if (classId < 0 || classId >= EventClasses.count()) {
            throw new LinkException("there is no event class " + classId);
        }
        checkId(order.eventId());
        channel.confirmed.add(classId);
        Enabled wanted = new Enabled(order.eventId(), order.filters());
        if (wanted.equals(channel.enabled.get(classId))) {
            return;
        }
        EventPoint point = EventClasses.point(classId);
        TargetFilter filter = filter(channel, point, order.filters());
        point.owe(channel.pool);
        try {
            describe(channel, point.description(order.eventId()));
            point.enable(channel.pool, order.eventId(), filter);
            channel.enabled.put(classId, wanted);
        } finally {
            ring().tellLost(channel.pool);
        }
    }

    /// Null when all events are wanted. Where none can be made none are recorded, also as before.
    private static @Nullable TargetFilter filter(
            Open channel, EventPoint point, List<String> filters) throws LinkException {
        if (filters.isEmpty()) {
            return null;
        }
        try {
            return FilterCompiler.compile(filters, point.fields());
        } catch (FilterException e) {
            disable(channel, point.classId());
            throw new LinkException(point.name() + ": " + e.getMessage());
        }
    }

    /// The daemon has said all that it wants of a class.
    void decided(int classId) {
        if (classId < 0 || classId >= EventClasses.count()) {
            return;
        }
        for (Open channel : open.values()) {
            EventClasses.point(classId).decided(channel.pool);
        }
    }

    void run(Disable order) throws LinkException {
        disable(find(order.sessionId(), order.channelId()), order.classId());
    }

    private static void disable(Open channel, int classId) {
        if (channel.enabled.remove(classId) != null) {
            EventClasses.point(classId).disable(channel.pool);
        }
        ring().tellLost(channel.pool); // of who was in the middle of an event
    }

    void run(Logging order) throws IOException, PoolRefusedException, LinkException {
        Open channel = find(order.sessionId(), order.channelId());
        if (order.rules().isEmpty()) {
            stopLogging(channel);
            return;
        }
        checkId(order.eventId());
        if (channel.logging != order.system()) {
            stopLogging(channel);
        }
        EventDescription event = LogBridge.description(order.system(), order.eventId());
        describe(channel, event);
        try {
            ring().openLarge(channel.pool, event);
        } catch (IOException | PoolRefusedException e) {
            // then long messages are cut, and counted
        }
        channel.logging = order.system();
        channel.isLoggingConfirmed = true;
        try {
            LogBridge.set(channel.pool, order.system(), order.eventId(), order.rules());
        } catch (FilterException e) {
            stopLogging(channel);
            throw new LinkException(e.getMessage());
        }
    }

    private static void stopLogging(Open channel) {
        if (channel.logging != null) {
            LogBridge.stop(channel.pool, channel.logging);
            channel.logging = null;
        }
    }

    JfrWish run(Jfr order) throws LinkException {
        Open channel = find(order.sessionId(), order.channelId());
        channel.hasJfr = !order.rules().isEmpty();
        channel.isJfrConfirmed = channel.hasJfr;
        String who = "contrail session %x, channel %d";
        return JfrEvents.want(
                channel.pool,
                String.format(Locale.ROOT, who, order.sessionId(), order.channelId()),
                order.rules());
    }

    private static void stopJfr(Open channel) {
        if (channel.hasJfr) {
            JfrEvents.want(channel.pool, "", List.of());
            channel.hasJfr = false;
        }
    }

    /// Whether an event class is one of JFR, whose events come late.
    static boolean isOfJfr(int classId) {
        return classId >= 0
                && classId < EventClasses.count()
                && EventClasses.point(classId).name().startsWith(JfrRule.PREFIX);
    }

    void run(Methods order) throws LinkException {
        Open channel = find(order.sessionId(), order.channelId());
        setMethods(channel, order.rules());
        channel.hasMethodsConfirmed = true;
    }

    private static void setMethods(Open channel, List<MethodRule> rules) {
        if (channel.hasMethods || !rules.isEmpty()) {
            channel.hasMethods = !rules.isEmpty();
            channel.methodProblem = "";
            MethodTracing.want(channel.pool, rules);
        }
    }

    /// What is to be said of the methods of a channel, which is then known to the daemon.
    String methodProblem(long sessionId, int channelId) {
        Open channel = open.get(new Channel(sessionId, channelId));
        if (channel == null) {
            return "";
        }
        channel.methodProblem = MethodTracing.problem(channel.pool);
        return channel.methodProblem;
    }

    /// What has changed in that since.
    List<MethodState> methodNews() {
        List<MethodState> news = new ArrayList<>();
        for (Map.Entry<Channel, Open> each : open.entrySet()) {
            Open channel = each.getValue();
            if (channel.hasMethods
                    && !channel.methodProblem.equals(MethodTracing.problem(channel.pool))) {
                long sessionId = each.getKey().sessionId();
                int channelId = each.getKey().channelId();
                String problem = methodProblem(sessionId, channelId);
                news.add(new MethodState(sessionId, channelId, problem));
            }
        }
        return news;
    }

    /// Metadata comes before the first record that needs it (rule 5).
    private static void describe(Open channel, EventDescription event)
            throws IOException, PoolRefusedException, LinkException {
        EventDescription known = channel.described.get(event.id());
        if (event.equals(known)) {
            return;
        }
        if (known != null) {
            throw new LinkException("event id " + event.id() + " is that of " + known.name());
        }
        ring().describe(channel.pool, event);
        channel.described.put(event.id(), event);
    }

    /// Where there is a pool there is a ring.
    private static RingWriter ring() {
        return Objects.requireNonNull(RingWriter.current());
    }

    private Open find(long sessionId, int channelId) throws LinkException {
        Channel key = new Channel(sessionId, channelId);
        Open channel = open.get(key);
        if (channel != null) {
            return channel;
        }
        String reason = refused.get(key);
        if (reason != null) {
            throw new LinkException(reason);
        }
        throw new LinkException(
                "channel %d of session %d is not open".formatted(channelId, sessionId));
    }

    private static void checkId(int eventId) throws LinkException {
        if (eventId < 0 || eventId > MAX_EVENT_ID) {
            throw new LinkException("event id " + eventId + ", want 0 to " + MAX_EVENT_ID);
        }
    }
}
