// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.jfr;

import java.util.List;

/// Which events of JFR are wanted, and how they are set.
///
/// @param pattern of names, `jfr:NAME`; `*` stands for any characters
/// @param exclusions patterns of names that are not wanted after all
/// @param settings words `KEY=VALUE`: `threshold`, `period` and `throttle` as JFR has them, without
///   spaces; `stack=no` or the most frames; `profile`, the name of one of the JDK's configurations,
///   which chooses among the names
public record JfrRule(String pattern, List<String> exclusions, List<String> settings) {
    /// What the events' names begin with.
    public static final String PREFIX = "jfr:";

    public JfrRule {
        exclusions = List.copyOf(exclusions);
        settings = List.copyOf(settings);
    }

    /// The value of a setting; empty when it is not set.
    String setting(String key) {
        for (String word : settings) {
            if (word.startsWith(key + "=")) {
                return word.substring(key.length() + 1);
            }
        }
        return "";
    }
}
