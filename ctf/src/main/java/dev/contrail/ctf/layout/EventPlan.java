// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.layout;

import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.Scope;
import java.util.Optional;

/// An event class with the layouts of its own scopes.
public final class EventPlan {
    private final EventClass eventClass;
    private final FieldLayout specificContext;
    private final FieldLayout payload;
    private final int number;

    EventPlan(EventClass eventClass, int number, FieldLayout specificContext, FieldLayout payload) {
        this.eventClass = eventClass;
        this.number = number;
        this.specificContext = specificContext;
        this.payload = payload;
    }

    public EventClass eventClass() {
        return eventClass;
    }

    /// Its place among the event classes of its stream class, in the metadata's order.
    public int number() {
        return number;
    }

    /// The layout of its own context: without members where none is declared.
    public FieldLayout specificContext() {
        return specificContext;
    }

    /// The layout of its payload: without members where none is declared.
    public FieldLayout payload() {
        return payload;
    }

    /// The layout of a scope that belongs to the event class, if it is declared.
    public Optional<FieldLayout> layout(Scope scope) {
        return switch (scope) {
            case SPECIFIC_CONTEXT -> specificContext.ifDeclared();
            case PAYLOAD -> payload.ifDeclared();
            case PACKET_HEADER, PACKET_CONTEXT, EVENT_HEADER, COMMON_CONTEXT -> Optional.empty();
        };
    }
}
