// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.context.Contexts;
import dev.contrail.tracer.event.EventClasses;
import dev.contrail.tracer.event.EventPoint;
import dev.contrail.tracer.event.FilterCompiler;
import dev.contrail.tracer.event.TargetFilter;
import dev.contrail.tracer.failure.Failures;
import dev.contrail.tracer.filter.FilterException;
import dev.contrail.tracer.follow.Following;
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
import dev.contrail.tracer.link.FromDaemon.StateDump;
import dev.contrail.tracer.logging.LogBridge;
import dev.contrail.tracer.logging.LogRule;
import dev.contrail.tracer.method.MethodRule;
import dev.contrail.tracer.method.MethodTracing;
import dev.contrail.tracer.process.ErrorLine;
import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.write.PoolRefusedException;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import dev.contrail.tracer.stack.StackContext;
import dev.contrail.tracer.stack.StackEvents;
import dev.contrail.tracer.statedump.JvmStateDumps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Carries out one daemon's orders. They are wishes for a state: one that is fulfilled already, as
/// after the daemon has restarted, changes nothing. Owned by the link thread.
final class Orders {
    private static final int MAX_EVENT_ID = 0xffff;

    private record Channel(long sessionId, int channelId) {}

    private final Map<Channel, OpenChannel> open = new HashMap<>();

    /// Why a channel has no pool: what is ordered in it is refused for the same reason.
    private final Map<Channel, String> refused = new HashMap<>();

    /// A new connection: whatever is not ordered again before [#endOfInitialOrders] is over.
    void begin() {
        refused.clear();
        for (OpenChannel channel : open.values()) {
            channel.isConfirmed = false;
            channel.isLoggingConfirmed = false;
            channel.isJfrConfirmed = false;
            channel.hasMethodsConfirmed = false;
            channel.confirmed.clear();
        }
    }

    void endOfInitialOrders() {
        for (Map.Entry<Channel, OpenChannel> entry : List.copyOf(open.entrySet())) {
            OpenChannel channel = entry.getValue();
            if (!channel.isConfirmed) { // the session is no more: nobody will read it
                remove(entry.getKey()).ifPresent(pool -> OpenChannel.ring().dropPool(pool));
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
        OpenChannel known = open.get(key);
        if (known != null && !known.pool.isOver()) {
            known.isConfirmed = true;
            return;
        }
        remove(key);
        StackContext stacks = new StackContext();
        try {
            WriterPool pool =
                    RingWriter.openFor(order.mode(), order.blockSize(), order.blockCount())
                            .openPool(
                                    order.sessionId(),
                                    order.channelId(),
                                    order.mode(),
                                    order.blockSize(),
                                    order.blockCount(),
                                    Contexts.of(order.contexts(), stacks));
            rehearse(pool);
            EventClasses.opened(pool);
            open.put(key, new OpenChannel(pool, stacks));
            Following.want(pool, order.contexts());
            refused.remove(key);
        } catch (IOException | PoolRefusedException | IllegalArgumentException e) {
            refused.put(key, PoolRefusedException.reason(e)); // also a context of later tracers
            throw e;
        }
    }

    private static void rehearse(WriterPool pool) {
        try {
            Rehearsal.of(pool);
        } catch (Throwable e) { // there is no memory: it has been tried
            ErrorLine.say(ErrorLine.About.ORDER, "recording could not be prepared: " + e);
        }
    }

    void run(ClosePool order) {
        Channel key = new Channel(order.sessionId(), order.channelId());
        try {
            Failures.tellFailed();
        } finally { // also when there is no memory to tell them
            refused.remove(key);
            remove(key).ifPresent(pool -> OpenChannel.ring().closePool(pool));
        }
    }

    private Optional<WriterPool> remove(Channel key) {
        OpenChannel channel = open.remove(key);
        if (channel == null) {
            return Optional.empty();
        }
        stopLogging(channel);
        stopJfr(channel);
        setMethods(channel, List.of());
        Following.stop(channel.pool);
        EventClasses.disableAll(channel.pool);
        if (channel.pool.pinned() != null) {
            EventClasses.disableAll(channel.pool.pinned());
        }
        return Optional.of(channel.pool);
    }

    void run(Enable order) throws IOException, PoolRefusedException, LinkException {
        OpenChannel channel = find(order.sessionId(), order.channelId());
        int classId = order.classId();
        if (classId < 0 || classId >= EventClasses.count()) {
            throw new LinkException("there is no event class " + classId);
        }
        checkId(order.eventId());
        channel.confirmed.add(classId);
        OpenChannel.Enabled wanted = new OpenChannel.Enabled(order.eventId(), order.filters());
        if (wanted.equals(channel.enabled.get(classId))) {
            return;
        }
        EventPoint point = EventClasses.point(classId);
        TargetFilter filter = filter(channel, point, order.filters());
        WriterPool pool = channel.poolOf(point);
        point.owe(pool);
        try {
            channel.describe(pool, point.description(order.eventId()));
            point.enable(pool, order.eventId(), filter);
            channel.enabled.put(classId, wanted);
            if (point.name().equals(StackEvents.NAME)) {
                channel.stacks.recordIn(pool);
            }
        } finally {
            OpenChannel.ring().tellLost(pool);
        }
    }

    /// Null when all events are wanted. Where none can be made none are recorded, also as before.
    private static @Nullable TargetFilter filter(
            OpenChannel channel, EventPoint point, List<String> filters) throws LinkException {
        if (filters.isEmpty()) {
            return null;
        }
        try {
            TargetFilter filter = FilterCompiler.compile(filters, point.fields());
            Following.wantOf(channel.pool, filters);
            return filter;
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
        for (OpenChannel channel : open.values()) {
            EventClasses.point(classId).decided(channel.pool);
        }
    }

    void run(Disable order) throws LinkException {
        OpenChannel channel = find(order.sessionId(), order.channelId());
        try {
            Failures.tellFailed();
        } finally {
            disable(channel, order.classId());
        }
    }

    private static void disable(OpenChannel channel, int classId) {
        if (channel.enabled.remove(classId) != null) {
            EventPoint point = EventClasses.point(classId);
            point.disable(channel.pool);
            if (channel.pool.pinned() != null) {
                point.disable(channel.pool.pinned());
            }
        }
        OpenChannel.ring().tellLost(channel.pool); // of who was in the middle of an event
    }

    void run(Logging order) throws IOException, PoolRefusedException, LinkException {
        OpenChannel channel = find(order.sessionId(), order.channelId());
        if (order.rules().isEmpty()) {
            stopLogging(channel);
            return;
        }
        checkId(order.eventId());
        if (channel.logging != order.system()) {
            stopLogging(channel);
        }
        EventDescription event = LogBridge.description(order.system(), order.eventId());
        channel.describe(channel.pool, event);
        try {
            OpenChannel.ring().openLarge(channel.pool, event);
        } catch (IOException | PoolRefusedException e) {
            // then long messages are cut, and counted
        }
        channel.logging = order.system();
        channel.isLoggingConfirmed = true;
        try {
            Following.wantOf(channel.pool, filters(order));
            LogBridge.set(
                    channel.pool, channel.stacks, order.system(), order.eventId(), order.rules());
        } catch (FilterException e) {
            stopLogging(channel);
            throw new LinkException(e.getMessage());
        }
    }

    private static List<String> filters(Logging order) {
        return order.rules().stream().map(LogRule::filter).toList();
    }

    /// Takes the state of this process down, once for a channel, or `again`.
    void run(StateDump order) throws LinkException {
        OpenChannel channel = find(order.sessionId(), order.channelId());
        WriterPool pinned = channel.pool.pinned();
        if (pinned != null && (order.isAgain() || !channel.hasStateDump)) {
            channel.hasStateDump = true;
            if (!JvmStateDumps.take(pinned)) {
                throw new LinkException(
                        "the state dump does not fit into what the channel has for it, a quarter of"
                                + " its memory and 1 MiB at most");
            }
        }
    }

    private static void stopLogging(OpenChannel channel) {
        if (channel.logging != null) {
            LogBridge.stop(channel.pool, channel.logging);
            channel.logging = null;
        }
    }

    JfrWish run(Jfr order) throws LinkException {
        OpenChannel channel = find(order.sessionId(), order.channelId());
        channel.hasJfr = !order.rules().isEmpty();
        channel.isJfrConfirmed = channel.hasJfr;
        String who = "contrail session %x, channel %d";
        return JfrEvents.want(
                channel.pool,
                String.format(Locale.ROOT, who, order.sessionId(), order.channelId()),
                order.rules());
    }

    private static void stopJfr(OpenChannel channel) {
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
        OpenChannel channel = find(order.sessionId(), order.channelId());
        setMethods(channel, order.rules());
        channel.hasMethodsConfirmed = true;
    }

    private static void setMethods(OpenChannel channel, List<MethodRule> rules) {
        if (channel.hasMethods || !rules.isEmpty()) {
            channel.hasMethods = !rules.isEmpty();
            channel.methodProblem = "";
            MethodTracing.want(channel.pool, rules);
        }
    }

    /// What is to be said of the methods of a channel, which is then known to the daemon.
    String methodProblem(long sessionId, int channelId) {
        OpenChannel channel = open.get(new Channel(sessionId, channelId));
        if (channel == null) {
            return "";
        }
        channel.methodProblem = MethodTracing.problem(channel.pool);
        return channel.methodProblem;
    }

    /// What has changed in that since.
    List<MethodState> methodNews() {
        List<MethodState> news = new ArrayList<>();
        for (Map.Entry<Channel, OpenChannel> each : open.entrySet()) {
            OpenChannel channel = each.getValue();
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

    private OpenChannel find(long sessionId, int channelId) throws LinkException {
        Channel key = new Channel(sessionId, channelId);
        OpenChannel channel = open.get(key);
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
