// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.text.TextOptions.HeaderField;
import dev.contrail.analysis.text.TextOptions.NameGroup;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.decode.PacketDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A line of text of one event class, without its time.
final class EventTemplate {
    private static final List<Scope> SCOPES =
            List.of(
                    Scope.PACKET_CONTEXT,
                    Scope.COMMON_CONTEXT,
                    Scope.SPECIFIC_CONTEXT,
                    Scope.PAYLOAD);

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

    /// Those that are printed.
    private final Scope[] scopes;

    /// Their fields: with the first one, the header; with the last one, the line's end.
    private final Line[] lines;

    private EventTemplate(List<Scope> scopes, List<Line> lines) {
        this.scopes = scopes.toArray(Scope[]::new);
        this.lines = lines.toArray(Line[]::new);
    }

    /// The line of an event and those of its class.
    ///
    /// @param before what stands between the time and the header
    static EventTemplate of(EventRecord event, TextOptions options, byte[] before) {
        List<Scope> shown = SCOPES.stream().filter(scope -> isShown(event, scope)).toList();
        var line = new Line.Builder();
        line.text(before).text(new Header(event, options).text());
        if (shown.isEmpty()) {
            return new EventTemplate(List.of(Scope.PAYLOAD), List.of(line.text("\n").build()));
        }
        var lines = new ArrayList<Line>();
        for (Scope scope : shown) {
            line.text(lines.isEmpty() ? "" : ", ");
            add(line, event, scope, options);
            line.text(lines.size() == shown.size() - 1 ? "\n" : "");
            lines.add(line.build());
            line = new Line.Builder();
        }
        return new EventTemplate(shown, lines);
    }

    private static boolean isShown(EventRecord event, Scope scope) {
        return event.layout(scope).filter(layout -> !layout.isHidden()).isPresent();
    }

    private static void add(
            Line.Builder line, EventRecord event, Scope scope, TextOptions options) {
        NameGroup group = scope == Scope.PAYLOAD ? NameGroup.PAYLOAD : NameGroup.CONTEXT;
        if (options.names().contains(NameGroup.SCOPE)) {
            line.text(options.colours().headerName(scope.path()) + " = ");
        }
        var style =
                new FieldPrinter.Style(
                        options.names().contains(group),
                        event.stream().trace().metadata().trace().version(),
                        options.colours());
        FieldPrinters.add(line, event.layout(scope).orElseThrow(), style);
    }

    /// Prints the event that the decoder is at, but its time.
    void print(TextBuffer out, PacketDecoder decoder) {
        long[] slots = decoder.slots();
        ByteBuffer packet = decoder.bytes();
        for (int i = 0; i < lines.length; i++) {
            lines[i].print(out, slots, decoder.firstSlot(scopes[i]), packet);
        }
    }

    /// What stands between the time and the fields.
    private static final class Header {
        private final TextOptions options;
        private final Trace trace;
        private final StringBuilder text = new StringBuilder();
        private final boolean withNames;
        private final String separator;
        private boolean isColonNext;

        Header(EventRecord event, TextOptions options) {
            this.options = options;
            trace = event.stream().trace();
            withNames = options.names().contains(NameGroup.HEADER);
            separator = withNames && event.hasTime() ? ", " : "";
            if (shows(HeaderField.TRACE)) {
                text.append(separator);
                text.append(withNames ? name("trace") + trace.name() + ", " : trace.name());
            }
            addFact(HeaderField.HOSTNAME, "trace:hostname", "hostname");
            addFact(HeaderField.DOMAIN, "trace:domain", "domain");
            addFact(HeaderField.PROCESS_NAME, "trace:procname", "procname");
            if (shows(HeaderField.PROCESS_ID)
                    && trace.environment().get("vpid") instanceof Long id) {
                add("trace:vpid", "(" + id + ")");
            }
            EventClass eventClass = event.eventClass();
            int level = eventClass.logLevel();
            if (shows(HeaderField.LOG_LEVEL) && level != EventClass.NO_LOG_LEVEL) {
                add("loglevel", LOG_LEVELS.get(level) + " (" + level + ")");
            }
            if (shows(HeaderField.EMF_URI) && !eventClass.emfUri().isEmpty()) {
                add("model.emf.uri", eventClass.emfUri());
            }
            addEventName(eventClass.identity().name().orElse("<unknown>"));
        }

        private boolean shows(HeaderField field) {
            return options.fields().contains(field);
        }

        private String name(String name) {
            return options.colours().headerName(name) + " = ";
        }

        private void addFact(HeaderField field, String label, String name) {
            if (shows(field) && trace.environment().get(name) instanceof String value) {
                add(label, value);
            }
        }

        private void add(String label, String value) {
            text.append(separator);
            if (withNames) {
                text.append(name(label));
            } else if (isColonNext) {
                text.append(':');
            }
            text.append(value);
            isColonNext = true;
        }

        private void addEventName(String eventName) {
            if (isColonNext && !withNames) {
                text.append(' ');
            }
            text.append(separator);
            String shown = options.colours().eventName(eventName);
            text.append(withNames ? name("name") + shown + ", " : shown + ": ");
        }

        String text() {
            return text.toString();
        }
    }
}
