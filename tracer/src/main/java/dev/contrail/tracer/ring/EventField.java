// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import java.util.Objects;

/// One payload field of an event class.
public record EventField(String name, FieldType type) {
    public EventField {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
    }
}
