// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import java.util.List;

/// What a ring says about one event class: the id its records carry, its name and its fields.
///
/// Every record is `u64` (`timestamp << 16 | id`), `s32 vtid`, the pool's context (`EventContext`),
/// then the fields.
public record EventDescription(int id, String name, int logLevel, List<EventField> fields) {
    public EventDescription {
        fields = List.copyOf(fields);
    }
}
