// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.DiscardedPackets;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.Message.Inactivity;
import dev.contrail.analysis.Message.Loss;
import dev.contrail.analysis.Message.PacketBegin;
import dev.contrail.analysis.Message.StreamEnd;
import dev.contrail.analysis.TraceStream;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.decode.PacketDecoder;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What is going on, from the messages of any number of machines, those of each in the order of
/// time. Of what is stored, those of all are; of what is live, each machine goes by its own clock,
/// and none waits for another.
///
/// Any threads give messages, one for each machine, and ask for tables meanwhile. What it keeps has
/// bounds, however long it goes on; what leaves is summed up in rows called `(others)`.
///
/// ```java
/// var state = new TopState();
/// while (reader.next()) {
///     state.accept(reader.current());
/// }
/// state.table(TopView.PROCESSES, Period.TOTAL, Wanted.ALL).rows().forEach(System.out::println);
/// ```
public final class TopState {
    /// Machines that are kept apart.
    static final int MAX_HOSTS = 256;

    /// Streams whose losses are counted one by one.
    static final int MAX_STREAMS = 16384;

    /// Classes of events whose meaning is remembered, over all versions of metadata.
    private static final int MAX_SHAPES = 65536;

    private static final String LOG_EVENT = "lttng_jul:event";

    /// What is known of a stream.
    private static final class Origin {
        private final TracedHost host;
        private final boolean isKernel;
        private long cpu;
        private long pid = -1;
        private String process = "";

        Origin(TracedHost host, boolean isKernel) {
            this.host = host;
            this.isKernel = isKernel;
        }
    }

    private final boolean isLive;
    private final LocalFacts facts;
    private final Interval interval = new Interval();
    private final Map<String, TracedHost> hosts = new LinkedHashMap<>();
    private final Map<TraceStream, Origin> origins = new IdentityHashMap<>();
    private final Map<EventClass, EventShape> shapes = new IdentityHashMap<>();
    private final Losses losses = new Losses(MAX_STREAMS);
    private @Nullable TraceStream lastStream;
    private @Nullable Origin lastOrigin;
    private final Spans spans = new Spans();
    private long events;
    private long messages;

    /// Of what is stored: state dumps are of the time that they were recorded in.
    public TopState() {
        this(false, LocalFacts.NONE);
    }

    private TopState(boolean isLive, LocalFacts facts) {
        this.isLive = isLive;
        this.facts = facts;
    }

    /// Of what happens now: state dumps, which may be of long ago, are known, and no part of it.
    public static TopState live() {
        return live(LocalFacts.NONE);
    }

    /// Of what happens now on one machine, of which more is known than is recorded.
    public static TopState live(LocalFacts facts) {
        return new TopState(true, facts);
    }

    /// Takes the next message.
    public synchronized void accept(Message message) {
        messages++;
        switch (message) {
            case EventRecord event -> event(event);
            case PacketBegin begin -> begin(begin);
            case Loss loss -> lose(loss);
            case Inactivity quiet -> {
                spans.advance(quiet.untilNanos());
                Origin origin = origin(quiet.stream());
                origin.host
                        .spans(origin.isKernel)
                        .forEach(each -> each.advance(quiet.untilNanos()));
            }
            case StreamEnd(TraceStream stream, var _, long _) -> {
                origins.remove(stream);
                lastStream = null;
            }
            case Message _ -> {}
        }
    }

    private void lose(Loss loss) {
        TracedHost host = host(loss.stream());
        losses.add(
                host.name(), loss.stream().name(), loss.count(), loss instanceof DiscardedPackets);
        Origin origin = origins.get(loss.stream());
        if (origin != null && origin.isKernel) {
            host.scheduling().miss(origin.cpu, now(host));
        }
    }

    /// The time that a machine's kernel has come to.
    private long now(TracedHost host) {
        return (isLive ? host.kernelSpans() : spans).now();
    }

    /// How long a period is of which a view tells something.
    private long nanos(TracedHost host, TopView view, Period period) {
        Spans own = view == TopView.EVENTS ? host.spans() : host.kernelSpans();
        return (isLive ? own : spans).nanos(period);
    }

    private void event(EventRecord event) {
        Origin origin = origin(event.stream());
        EventShape shape = shape(event);
        PacketDecoder decoder = event.decoder();
        if (isLive && shape.isState()) {
            understand(origin, shape, decoder, now(origin.host));
            return;
        }
        events++;
        if (origin.isKernel) {
            origin.host.count(-1, "", shape.name());
        } else {
            countOfProcess(event, origin, shape);
        }
        if (!event.hasTime()) {
            return;
        }
        long nanos = event.nanos();
        spans.begin(nanos);
        origin.host.spans(origin.isKernel).forEach(each -> each.begin(nanos));
        understand(origin, shape, decoder, nanos);
    }

    private void understand(Origin origin, EventShape shape, PacketDecoder decoder, long nanos) {
        origin.host.understand(
                shape,
                decoder,
                decoder.firstSlot(Scope.PAYLOAD),
                origin.cpu,
                nanos,
                (isLive ? origin.host.kernelSpans() : spans).first());
    }

    private static void countOfProcess(EventRecord event, Origin origin, EventShape shape) {
        long pid = origin.pid;
        String process = origin.process;
        if (pid < 0) {
            SequencedMap<String, Object> context = event.fields(Scope.COMMON_CONTEXT);
            pid = context.get("vpid") instanceof Long vpid ? vpid : -1;
            process = context.get("procname") instanceof String name ? name : "";
        }
        String name = shape.name();
        if (name.equals(LOG_EVENT)) {
            name += event.field("logger_name").map(logger -> " " + logger).orElse("");
        }
        origin.host.count(pid, process, name);
    }

    private EventShape shape(EventRecord event) {
        EventClass eventClass = event.eventClass();
        EventShape known = shapes.get(eventClass);
        if (known == null) {
            if (shapes.size() >= MAX_SHAPES) {
                shapes.clear();
            }
            known = EventShape.of(eventClass.name(), event.layout(Scope.PAYLOAD));
            shapes.put(eventClass, known);
        }
        return known;
    }

    private void begin(PacketBegin begin) {
        Origin origin = origin(begin.stream());
        SequencedMap<String, Object> context = begin.context().fields();
        origin.cpu = context.get("cpu_id") instanceof Long cpu ? cpu : -1;
        origin.pid = context.get("vpid") instanceof Long pid ? pid : -1;
        String process = context.get("procname") instanceof String name ? name : "";
        if (origin.pid >= 0 && !process.isEmpty() && !process.equals(origin.process)) {
            origin.host.describe(origin.pid, process);
        }
        origin.process = process;
    }

    private Origin origin(TraceStream stream) {
        Origin known = lastOrigin;
        if (stream != lastStream || known == null) {
            known =
                    origins.computeIfAbsent(
                            stream,
                            _ ->
                                    new Origin(
                                            host(stream),
                                            "kernel"
                                                    .equals(
                                                            stream.trace()
                                                                    .environment()
                                                                    .get("domain"))));
            lastStream = stream;
            lastOrigin = known;
        }
        return known;
    }

    /// The machine that a stream comes from: machines of one name have clocks of their own.
    private TracedHost host(TraceStream stream) {
        String name =
                stream.trace().environment().get("hostname") instanceof String host
                        ? host
                        : stream.trace().name();
        String clock =
                stream.trace().metadata().trace().clocks().stream()
                        .findFirst()
                        .flatMap(each -> each.identity().uid())
                        .orElse("");
        String key = name + "\0" + clock;
        TracedHost known = hosts.get(key);
        if (known == null) {
            long same =
                    hosts.keySet().stream().filter(each -> each.startsWith(name + "\0")).count();
            boolean isRoom = hosts.size() < MAX_HOSTS;
            String shown = !isRoom ? "(others)" : same == 0 ? name : name + "#" + (same + 1);
            known =
                    hosts.computeIfAbsent(
                            isRoom ? key : "", _ -> new TracedHost(shown, interval, facts));
        }
        return known;
    }

    /// Ends the interval of time that is being counted, and begins another one.
    ///
    /// @param at not before [#now]; of what is live, each machine ends it at its own time
    public synchronized void endInterval(long at) {
        spans.advance(at);
        settle();
        interval.end();
        spans.end();
        hosts.values().forEach(each -> each.spans(true).forEach(Spans::end));
    }

    private void settle() {
        hosts.values().forEach(each -> each.scheduling().settle(now(each)));
    }

    /// The rows of a view as they are now.
    public synchronized Table table(TopView view, Period period, Wanted wanted) {
        boolean isTotal = period == Period.TOTAL;
        if (isTotal) {
            settle();
        }
        var rows = new ArrayList<Table.Row>();
        if (view == TopView.LOST) {
            rows.addAll(losses.rows(wanted));
        } else {
            for (TracedHost host : hosts.values()) {
                if (wanted.isHost(host.name())) {
                    new HostRows(host, period, nanos(host, view, period), wanted).add(view, rows);
                }
            }
        }
        return new Table(view, period, spans.begin(period), spans.end(period), rows);
    }

    /// The names of the machines, in the order in which they were first seen.
    public synchronized List<String> hosts() {
        return hosts.values().stream().map(TracedHost::name).toList();
    }

    /// How many intervals have ended.
    public synchronized int intervals() {
        return interval.number();
    }

    /// Events so far.
    public synchronized long events() {
        return events;
    }

    /// Events a second in the last interval.
    public synchronized double rate() {
        double sum = 0;
        for (TracedHost each : hosts.values()) {
            long nanos = nanos(each, TopView.EVENTS, Period.INTERVAL);
            long count = each.sums.get(Tally.Sum.EVENTS, Period.INTERVAL);
            sum += nanos > 0 ? count * 1e9 / nanos : 0;
        }
        return sum;
    }

    /// How many messages it was given.
    public synchronized long messages() {
        return messages;
    }

    /// Events that are known to be lost so far.
    public synchronized long lostEvents() {
        return losses.events();
    }

    /// Packets that are known to be lost so far.
    public synchronized long lostPackets() {
        return losses.packets();
    }

    /// How often some were lost so far, and nobody knows how many.
    public synchronized long uncountedLosses() {
        return losses.uncounted();
    }

    /// The time that it has come to, nanoseconds since the origin; [Long#MIN_VALUE] before the
    /// first event. Of several machines that are live, the latest.
    public synchronized long now() {
        return spans.now();
    }
}
