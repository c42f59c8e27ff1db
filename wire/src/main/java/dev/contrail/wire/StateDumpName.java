// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

/// Events of state dumps under user space: `lttng_ust_statedump:NAME`.
///
/// A rule that does not name them (`*`, `lttng*`) has no part in them: they are none of a program's
/// own.
public final class StateDumpName {
    public static final String PREFIX = "lttng_ust_statedump:";

    private StateDumpName() {}

    /// Whether an event, or a rule's pattern, is about state dumps.
    public static boolean isOne(String nameOrPattern) {
        return nameOrPattern.startsWith(PREFIX);
    }
}
