// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

/// Events of how the JVM runs virtual threads: `jvm_vthread:NAME`.
///
/// A rule that does not name them (`*`, `jvm*`) has no part in them: there may be millions a
/// second.
public final class VirtualThreadName {
    public static final String PREFIX = "jvm_vthread:";

    private VirtualThreadName() {}

    /// Whether an event, or a rule's pattern, is about virtual threads.
    public static boolean isOne(String nameOrPattern) {
        return nameOrPattern.startsWith(PREFIX);
    }
}
