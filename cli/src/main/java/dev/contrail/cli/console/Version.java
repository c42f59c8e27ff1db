// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

/// Names and numbers of this program.
public final class Version {
    /// Of this program.
    public static final String NUMBER = "0.1.0";

    /// The `lttng` whose commands and messages these are.
    public static final String LTTNG_LEVEL = "2.13.9";

    private Version() {}

    /// What scripts that call `lttng` parse.
    public static String lttngLine() {
        return "lttng (LTTng Trace Control) %s - contrail %s".formatted(LTTNG_LEVEL, NUMBER);
    }

    /// What `contrail --version` prints.
    public static String line() {
        return "contrail (a flight recorder for machines and JVMs) %s - LTTng %s's commands"
                .formatted(NUMBER, LTTNG_LEVEL);
    }
}
