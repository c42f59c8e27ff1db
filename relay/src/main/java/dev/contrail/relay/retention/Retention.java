// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.retention;

/// How much of what was recorded stays.
///
/// @param bytes that all traces together may have; 0 for any
/// @param seconds since something was last written; 0 for ever
public record Retention(long bytes, long seconds) {
    /// All stays.
    public static final Retention ALL = new Retention(0, 0);

    /// Whether something may have to go.
    public boolean isBounded() {
        return bytes > 0 || seconds > 0;
    }
}
