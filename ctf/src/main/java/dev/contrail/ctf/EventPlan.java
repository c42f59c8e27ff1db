// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import java.util.Optional;

/// An event class with the layouts of its own scopes; null layouts are scopes not declared.
public final class EventPlan {
    private final EventClass eventClass;
    final FieldLayout specificContext;
    final FieldLayout payload;

    /// Whether a record of it was decoded: generated code is for such. Any thread may set it; to
    /// see it late does no harm.
    boolean isSeen;

    EventPlan(EventClass eventClass, FieldLayout specificContext, FieldLayout payload) {
        this.eventClass = eventClass;
        this.specificContext = specificContext;
        this.payload = payload;
    }

    public EventClass eventClass() {
        return eventClass;
    }

    /// The layout of a scope that belongs to the event class, if it is declared.
    public Optional<FieldLayout> layout(Scope scope) {
        return switch (scope) {
            case SPECIFIC_CONTEXT -> Optional.ofNullable(specificContext);
            case PAYLOAD -> Optional.ofNullable(payload);
            case PACKET_HEADER, PACKET_CONTEXT, EVENT_HEADER, COMMON_CONTEXT -> Optional.empty();
        };
    }
}
