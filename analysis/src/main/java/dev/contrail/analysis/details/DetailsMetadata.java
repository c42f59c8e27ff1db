// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import dev.contrail.analysis.ClockOffset;
import dev.contrail.analysis.details.DetailsText.Color;
import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.ClockOrigin;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.Identity;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Writes what a trace declares: its stream classes with their clocks, event classes and field
/// classes, sorted by id.
final class DetailsMetadata {
    /// By number, 0 first.
    private static final List<String> LOG_LEVELS =
            List.of(
                    "Emergency",
                    "Alert",
                    "Critical",
                    "Error",
                    "Warning",
                    "Notice",
                    "Info",
                    "Debug (system)",
                    "Debug (program)",
                    "Debug (process)",
                    "Debug (module)",
                    "Debug (unit)",
                    "Debug (function)",
                    "Debug (line)",
                    "Debug");

    private final DetailsText text;
    private final DetailsOptions options;
    private final Metadata metadata;
    private final TracePlan plan;
    private final boolean isCtf2;
    private final long addedNanos;
    private final DetailsAttributes attributes;
    private final DetailsTypes types;

    /// @param addedNanos what the user wants added to the clocks' offsets
    DetailsMetadata(DetailsText text, DetailsOptions options, TracePlan plan, long addedNanos) {
        this.text = text;
        this.options = options;
        this.plan = plan;
        this.addedNanos = addedNanos;
        metadata = plan.metadata();
        CtfVersion version = metadata.trace().version();
        isCtf2 = version == CtfVersion.CTF_2;
        attributes = new DetailsAttributes(text, metadata.attributes());
        types = new DetailsTypes(text, attributes, new FieldFinder(), version);
    }

    void write() {
        text.object("Trace class").add(":\n");
        text.in();
        attributes.lines(metadata.trace());
        metadata.streams().stream()
                .sorted(Comparator.comparing(StreamClass::id, Long::compareUnsigned))
                .forEach(this::write);
        text.back(1);
    }

    /// The clock of a stream, on its own.
    void writeClock(StreamClass stream) {
        plan.stream(stream.id())
                .flatMap(StreamPlan::clock)
                .ifPresent(clock -> {
                    text.property("Clock class").line();
                    text.in();
                    write(clock);
                    text.back(1);
                });
    }

    private void write(StreamClass stream) {
        text.indent().object("Stream class");
        if (options.withStreamClassName() && stream.identity().name().isPresent()) {
            text.add(' ').quoted(stream.identity().name().get());
        }
        id(stream.identity(), stream.id());
        text.in();
        attributes.lines(stream);
        StreamPlan known = plan.stream(stream.id()).orElseThrow();
        facts(known);
        known.clock()
                .ifPresent(clock -> {
                    text.property("Default clock class").line();
                    text.in();
                    write(clock);
                    text.back(1);
                });
        types.scope("Packet context field class", Scope.PACKET_CONTEXT, stream.packetContext());
        types.scope(
                "Event common context field class", Scope.COMMON_CONTEXT, stream.eventContext());
        metadata.events().stream()
                .filter(event -> event.streamId() == stream.id())
                .sorted(Comparator.comparing(EventClass::id, Long::compareUnsigned))
                .forEach(this::write);
        text.back(1);
    }

    private void facts(StreamPlan stream) {
        boolean hasBegin = stream.hasBegin() && stream.clock().isPresent();
        boolean hasEnd = stream.hasEnd() && stream.clock().isPresent();
        boolean isLossTimed = isCtf2 ? stream.clock().isPresent() : hasBegin && hasEnd;
        text.line("Supports packets", true);
        text.line("Packets have beginning default clock snapshot", hasBegin);
        text.line("Packets have end default clock snapshot", hasEnd);
        text.line("Supports discarded events", stream.hasDiscarded());
        if (stream.hasDiscarded()) {
            text.line("Discarded events have default clock snapshots", isLossTimed);
        }
        text.line("Supports discarded packets", stream.hasSequence());
        if (stream.hasSequence()) {
            text.line("Discarded packets have default clock snapshots", isLossTimed);
        }
    }

    private void write(EventClass event) {
        text.indent().object("Event class");
        name(event)
                .ifPresent(name -> {
                    text.add(" `").color(Color.GREEN).add(name);
                    text.color(Color.RESET).add('`');
                });
        id(event.identity(), event.id());
        text.in();
        attributes.lines(event);
        if (event.logLevel() != EventClass.NO_LOG_LEVEL) {
            text.line("Log level", LOG_LEVELS.get(event.logLevel()));
        }
        if (!event.emfUri().isEmpty()) {
            text.line("EMF URI", event.emfUri());
        }
        types.scope("Specific context field class", Scope.SPECIFIC_CONTEXT, event.context());
        types.scope("Payload field class", Scope.PAYLOAD, event.fields());
        text.back(1);
    }

    /// CTF 1.8 has no event without a name, but an empty name counts as none.
    static Optional<String> name(EventClass event) {
        return event.identity().name().filter(name -> !name.isEmpty());
    }

    /// What tells a class from others: ` (Namespace …, UID …, ID 3):`.
    private void id(Identity identity, long id) {
        text.add(" (");
        if (identity(identity)) {
            text.add(", ");
        }
        text.add("ID ").unsigned(id).add("):\n");
    }

    /// @return whether there is anything to tell
    private boolean identity(Identity identity) {
        identity.namespace().ifPresent(namespace -> text.add("Namespace ").quoted(namespace));
        Optional<String> uid = identity.uid().filter(_ -> options.withUuid());
        uid.ifPresent(known ->
                text.add(identity.namespace().isPresent() ? ", UID " : "UID ").quoted(known));
        return identity.namespace().isPresent() || uid.isPresent();
    }

    /// Writes what tells a trace of CTF 2 from others, in parentheses.
    void identity() {
        Identity identity = metadata.trace().identity();
        if (identity.namespace().isPresent() || identity.uid().isPresent() && options.withUuid()) {
            text.add(" (");
            identity(identity);
            text.add(')');
        }
    }

    private void write(ClockClass clock) {
        if (isCtf2) {
            lines(clock.identity());
        } else {
            text.line("Name", clock.name());
        }
        attributes.lines(clock);
        if (!clock.description().isEmpty()) {
            text.line("Description", clock.description());
        }
        text.lineUnsigned("Frequency (Hz)", clock.frequency());
        if (clock.precision() != -1) {
            text.lineUnsigned("Precision (cycles)", clock.precision());
        }
        if (clock.accuracy() != -1) {
            text.lineUnsigned("Accuracy (cycles)", clock.accuracy());
        }
        String from = isCtf2 ? " from origin" : "";
        ClockOffset offset = ClockOffset.of(clock, addedNanos);
        text.lineSigned("Offset%s (s)".formatted(from), offset.seconds());
        text.lineUnsigned("Offset%s (cycles)".formatted(from), offset.cycles());
        if (isCtf2) {
            origin(clock.origin());
        } else {
            ClockOrigin origin = metadata.trace().origin(clock);
            text.line("Origin is Unix epoch", origin instanceof ClockOrigin.UnixEpoch);
            if (options.withUuid() && !clock.uuid().isEmpty()) {
                text.line("UUID", clock.uuid().toLowerCase(Locale.ROOT));
            }
        }
    }

    private void origin(ClockOrigin origin) {
        switch (origin) {
            case ClockOrigin.UnixEpoch _ -> text.line("Origin", "Unix epoch");
            case ClockOrigin.Unknown _ -> {}
            case ClockOrigin.Custom(Identity identity) -> {
                text.property("Origin").line();
                text.in();
                lines(identity);
                text.back(1);
            }
        }
    }

    private void lines(Identity identity) {
        identity.namespace().ifPresent(namespace -> text.line("Namespace", namespace));
        identity.name().ifPresent(name -> text.line("Name", name));
        identity.uid().filter(_ -> options.withUuid()).ifPresent(uid -> text.line("UID", uid));
    }
}
