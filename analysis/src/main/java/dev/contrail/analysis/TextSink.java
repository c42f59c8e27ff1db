// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.analysis.ViewOptions.HeaderField;
import dev.contrail.analysis.ViewOptions.NameGroup;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldLayout;
import dev.contrail.ctf.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes events as text, one line each, byte for byte as babeltrace2 2.0.4's `sink.text.pretty`;
/// but an empty string is empty, where that version prints an older one.
final class TextSink implements Sink {
    private static final List<String> LOG_LEVELS =
            List.of(
                    "TRACE_EMERG",
                    "TRACE_ALERT",
                    "TRACE_CRIT",
                    "TRACE_ERR",
                    "TRACE_WARNING",
                    "TRACE_NOTICE",
                    "TRACE_INFO",
                    "TRACE_DEBUG_SYSTEM",
                    "TRACE_DEBUG_PROGRAM",
                    "TRACE_DEBUG_PROCESS",
                    "TRACE_DEBUG_MODULE",
                    "TRACE_DEBUG_UNIT",
                    "TRACE_DEBUG_FUNCTION",
                    "TRACE_DEBUG_LINE",
                    "TRACE_DEBUG");

    private final ViewOptions options;
    private final OutputStream out;
    private final TextBuffer text = new TextBuffer();
    private final FieldText fieldText = new FieldText(text);
    private final TimeText time;
    private final boolean withHeaderNames;
    private final boolean withScopeNames;

    /// What stands between time and fields, the same for all events of a class.
    private final Map<EventClass, byte[]> headers = new IdentityHashMap<>();

    private boolean hasPrevious;
    private long previousNanos;
    private long previousTicks;

    private final LossText losses;
    private final PrintStream err;

    /// @param err receives a line for each loss
    TextSink(ViewOptions options, OutputStream out, PrintStream err) {
        this.options = options;
        this.err = err;
        this.losses = new LossText(options);
        this.out = out;
        this.time = new TimeText(options);
        this.withHeaderNames = options.names().contains(NameGroup.HEADER);
        this.withScopeNames = options.names().contains(NameGroup.SCOPE);
    }

    @Override
    public void accept(Message message) throws IOException {
        switch (message) {
            case EventRecord event -> write(event);
            case Message.DiscardedEvents lost -> err.println(losses.of(lost));
            case Message.DiscardedPackets lost -> err.println(losses.of(lost));
            case Message.StreamBegin _,
                    Message.StreamEnd _,
                    Message.PacketBegin _,
                    Message.PacketEnd _,
                    Message.Damage _ -> {}
        }
    }

    private void write(EventRecord event) throws IOException {
        if (event.hasTime()) {
            time(event);
        }
        byte[] header = headers.get(event.eventClass());
        if (header == null) {
            header = header(event);
            headers.put(event.eventClass(), header);
        }
        text.add(header);
        boolean isFirst = scope(event, Scope.PACKET_CONTEXT, NameGroup.CONTEXT, true);
        isFirst = scope(event, Scope.COMMON_CONTEXT, NameGroup.CONTEXT, isFirst);
        isFirst = scope(event, Scope.SPECIFIC_CONTEXT, NameGroup.CONTEXT, isFirst);
        scope(event, Scope.PAYLOAD, NameGroup.PAYLOAD, isFirst);
        text.add('\n');
        text.flushBlock(out);
    }

    @Override
    public void close() throws IOException {
        text.flush(out);
        out.flush();
    }

    private void time(EventRecord event) {
        if (withHeaderNames) {
            text.add("timestamp = ");
        } else {
            text.add('[');
        }
        if (options.clockCycles()) {
            text.addPadded(event.ticks(), 20);
        } else {
            time.write(text, event.nanos());
        }
        if (!withHeaderNames) {
            text.add(']').add(' ');
        }
        if (options.withDelta()) {
            text.add(withHeaderNames ? ", delta = +" : "(+");
            delta(event);
            if (!withHeaderNames) {
                text.add(')').add(' ');
            }
        }
        hasPrevious = true;
        previousNanos = event.nanos();
        previousTicks = event.ticks();
    }

    private void delta(EventRecord event) {
        if (options.clockCycles()) {
            if (hasPrevious) {
                text.addPadded(event.ticks() - previousTicks, 12);
            } else {
                text.add("????????????");
            }
        } else if (hasPrevious) {
            long delta = event.nanos() - previousNanos; // back in time it is a huge number
            text.addUnsigned(Long.divideUnsigned(delta, 1_000_000_000L)).add('.');
            text.addPadded(Long.remainderUnsigned(delta, 1_000_000_000L), 9);
        } else {
            text.add("?.?????????");
        }
    }

    private boolean shows(HeaderField field) {
        return options.fields().contains(field);
    }

    private byte[] header(EventRecord event) {
        Trace trace = event.stream().trace();
        EventClass eventClass = event.eventClass();
        var header = new HeaderText(withHeaderNames, withHeaderNames && event.hasTime());
        if (shows(HeaderField.TRACE)) {
            header.trace(trace.name());
        }
        addText(header, HeaderField.HOSTNAME, "trace:hostname", trace, "hostname");
        addText(header, HeaderField.DOMAIN, "trace:domain", trace, "domain");
        addText(header, HeaderField.PROCESS_NAME, "trace:procname", trace, "procname");
        if (shows(HeaderField.PROCESS_ID) && trace.environment().get("vpid") instanceof Long id) {
            header.add("trace:vpid", "(" + id + ")");
        }
        int level = eventClass.logLevel();
        if (shows(HeaderField.LOG_LEVEL) && level != EventClass.NO_LOG_LEVEL) {
            header.add("loglevel", LOG_LEVELS.get(level) + " (" + level + ")");
        }
        if (shows(HeaderField.EMF_URI) && !eventClass.emfUri().isEmpty()) {
            header.add("model.emf.uri", eventClass.emfUri());
        }
        header.name(eventClass.identity().name().orElse("<unknown>"));
        return header.bytes();
    }

    private void addText(
            HeaderText header, HeaderField field, String label, Trace trace, String name) {
        if (shows(field) && trace.environment().get(name) instanceof String value) {
            header.add(label, value);
        }
    }

    /// @return whether the next scope is the first of the line
    private boolean scope(EventRecord event, Scope scope, NameGroup group, boolean isFirst) {
        Optional<FieldLayout> layout = event.layout(scope);
        if (layout.isEmpty() || layout.get().isHidden()) {
            return isFirst;
        }
        if (!isFirst) {
            text.add(',').add(' ');
        }
        if (withScopeNames) {
            text.add(scope.path()).add(" = ");
        }
        fieldText.write(
                layout.get(),
                event.decoder().firstSlot(scope),
                event.decoder().slots(),
                event.decoder().bytes(),
                options.names().contains(group),
                event.stream().trace().metadata().trace().version());
        return false;
    }

    /// What stands before an event's fields, behind the time.
    private static final class HeaderText {
        private final StringBuilder text = new StringBuilder();
        private final boolean withNames;
        private final String separator;
        private boolean isColonNext;

        /// @param isSeparated whether the time is written before, as one of the named
        HeaderText(boolean withNames, boolean isSeparated) {
            this.withNames = withNames;
            this.separator = isSeparated ? ", " : "";
        }

        void trace(String name) {
            text.append(separator);
            text.append(withNames ? "trace = " + name + ", " : name);
        }

        void add(String name, String value) {
            text.append(separator);
            if (withNames) {
                text.append(name).append(" = ");
            } else if (isColonNext) {
                text.append(':');
            }
            text.append(value);
            isColonNext = true;
        }

        void name(String name) {
            if (isColonNext && !withNames) {
                text.append(' ');
            }
            text.append(separator);
            text.append(withNames ? "name = " + name + ", " : name + ": ");
        }

        byte[] bytes() {
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
    }
}
