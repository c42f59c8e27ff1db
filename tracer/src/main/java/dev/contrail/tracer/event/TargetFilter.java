// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import dev.contrail.tracer.filter.FieldReader;
import org.jspecify.annotations.Nullable;

/// Which of the events that reach a [Target] are recorded. Public because generated classes call
/// it; not for anybody else.
///
/// What has a method `accepts` of the event's fields is a class below this one, made once for each
/// sequence of field types, and below that are the filters: see [FilterCompiler]. It runs before
/// the record is begun: no guard protects it from events of what it calls, which is
/// `java.lang.String` at most, and contexts.
public abstract class TargetFilter {
    TargetFilter() {}

    /// One that reads the fields itself, those that it needs.
    public abstract static class Reading extends TargetFilter {
        Reading() {}

        /// Throws what `fields` throw.
        public abstract boolean accepts(FieldReader fields);
    }

    /// A string as it will be recorded.
    static String text(@Nullable String field) {
        return field == null ? "null" : field;
    }
}
