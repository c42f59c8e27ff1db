// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

/// Events of the JDK's Flight Recorder under user space: `jfr:NAME`, those of the JDK without
/// `jdk.`: `jfr:GarbageCollection`, `jfr:com.shop.Paid`.
///
/// `jfr:*` is all of them. A rule that does not name JFR (`*`, `jf*`) is about tracepoints and has
/// no part in it: what JFR can record costs too much to be recorded by accident.
public final class JfrName {
    public static final String PREFIX = "jfr:";

    private JfrName() {}

    /// Whether an event, or a rule's pattern, is about JFR.
    public static boolean isOne(String nameOrPattern) {
        return nameOrPattern.startsWith(PREFIX);
    }
}
