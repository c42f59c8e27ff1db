// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.jvm;

/// A JVM of this machine, as it is seen from outside.
///
/// @param name its main class, or its jar
/// @param standing whether the tracer is in it, or can be
/// @param reason why it cannot, and what to do; empty otherwise
/// @param ringBytes the memory that the tracer's ring takes; 0 where it has none, or it cannot be
///   told
public record JavaProcess(int pid, String name, Standing standing, String reason, long ringBytes) {
    /// What can be done about it.
    public enum Standing {
        /// The tracer runs in it.
        ATTACHED,
        /// The agent can be loaded.
        ATTACHABLE,
        /// The agent cannot be loaded.
        REFUSED
    }
}
