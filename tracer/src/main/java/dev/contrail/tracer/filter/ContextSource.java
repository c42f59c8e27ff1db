// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.filter;

import org.jspecify.annotations.Nullable;

/// Where the value of a context comes from, for filters that name it. Called by whatever thread
/// emits an event, before it is recorded: may not allocate, block or throw, nor call what can be
/// instrumented.
public interface ContextSource {
    /// [ValueKind#INTEGER] or [ValueKind#TEXT], and always the same.
    ValueKind kind();

    /// The value, where it is an integer.
    long number();

    /// The value, where it is a text; null when there is none now: then no filter that looks at it
    /// accepts the event.
    @Nullable String text();
}
