// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.text;

import static dev.contrail.analysis.text.TextBuffer.utf8;

import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.text.TextOptions.HeaderField;
import dev.contrail.analysis.text.TextOptions.NameGroup;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.layout.FieldLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A line of text of one event class, without its time: what is the same for all events is encoded,
/// the rest are printers.
final class EventTemplate {
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

    /// What is printed of a scope.
    ///
    /// @param before from the end of what comes before it
    private record Part(Scope scope, byte[] before, FieldPrinter fields) {}

    private final byte[] header;
    private final Part[] parts;

    private EventTemplate(byte[] header, List<Part> parts) {
        this.header = header;
        this.parts = parts.toArray(Part[]::new);
    }

    /// The line of an event and those of its class.
    static EventTemplate of(EventRecord event, TextOptions options) {
        var parts = new ArrayList<Part>();
        add(parts, event, Scope.PACKET_CONTEXT, NameGroup.CONTEXT, options);
        add(parts, event, Scope.COMMON_CONTEXT, NameGroup.CONTEXT, options);
        add(parts, event, Scope.SPECIFIC_CONTEXT, NameGroup.CONTEXT, options);
        add(parts, event, Scope.PAYLOAD, NameGroup.PAYLOAD, options);
        return new EventTemplate(new Header(event, options).bytes(), parts);
    }

    private static void add(
            List<Part> parts,
            EventRecord event,
            Scope scope,
            NameGroup group,
            TextOptions options) {
        Optional<FieldLayout> layout = event.layout(scope);
        if (layout.isEmpty() || layout.get().isHidden()) {
            return;
        }
        Colours colours = options.colours();
        String before = parts.isEmpty() ? "" : ", ";
        if (options.names().contains(NameGroup.SCOPE)) {
            before += colours.headerName(scope.path()) + " = ";
        }
        var style =
                new FieldPrinter.Style(
                        options.names().contains(group),
                        event.stream().trace().metadata().trace().version(),
                        colours);
        parts.add(new Part(scope, utf8(before), FieldPrinters.of(layout.get(), style)));
    }

    /// Prints the event that the decoder is at.
    void print(TextBuffer out, PacketDecoder decoder) {
        out.add(header);
        long[] slots = decoder.slots();
        ByteBuffer packet = decoder.bytes();
        for (Part part : parts) {
            out.add(part.before);
            part.fields.print(out, slots, decoder.firstSlot(part.scope), packet);
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

        byte[] bytes() {
            return utf8(text.toString());
        }
    }
}
