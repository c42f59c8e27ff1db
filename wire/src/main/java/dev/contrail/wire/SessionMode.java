// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

/// What a session does with its records.
public enum SessionMode {
    /// They are written to its output as they come.
    DISK,
    /// They stay in the rings, for snapshots.
    SNAPSHOT,
    /// They stay in the rings, and nothing is written.
    NO_OUTPUT
}
