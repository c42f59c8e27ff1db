// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli;

/// Names and numbers of this program.
final class Version {
    static final String NUMBER = "0.1.0";

    /// The `lttng` whose commands and messages these are.
    static final String LTTNG_LEVEL = "2.13.9";

    private Version() {}

    /// What scripts that call `lttng` parse.
    static String lttngLine() {
        return "lttng (LTTng Trace Control) %s - contrail %s".formatted(LTTNG_LEVEL, NUMBER);
    }

    static String line() {
        return "contrail (a flight recorder for machines and JVMs) %s - LTTng %s's commands"
                .formatted(NUMBER, LTTNG_LEVEL);
    }
}
