// SPDX-License-Identifier: Apache-2.0

/// The state that the process is in when a session begins, as events of `lttng_ust_statedump`: what
/// it was started with, its class path and agents, the JVM's flags, its threads. They lie where
/// nothing overwrites them.
///
/// Start at [JvmStateDumps]. Below: `dev.contrail.tracer.event`.
package dev.contrail.tracer.statedump;
