// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.filter;

import org.jspecify.annotations.Nullable;

/// The fields of one event, of which those are read that a filter looks at.
public interface FieldReader {
    /// The field of that number, which is an integer.
    long number(int field) throws Throwable;

    /// The field of that number, which is a text.
    @Nullable String text(int field) throws Throwable;
}
