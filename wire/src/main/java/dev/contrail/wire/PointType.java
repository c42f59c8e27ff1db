// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

/// The kind of instrumentation point that a rule selects.
public enum PointType {
    TRACEPOINT,
    SYSCALL,
    LOGGER,
    /// Methods of JVMs, `CLASS.METHOD(ARGUMENTS)`: their calls are events.
    METHOD
}
