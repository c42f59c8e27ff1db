// SPDX-License-Identifier: Apache-2.0

/// Event classes, and the classes spun to record them: nothing else writes records.
///
/// Start at [InterfaceBinder], or at [Bridge] for events that no program binds. Below:
/// `dev.contrail.tracer.ring.write`, which generated code calls, and `dev.contrail.tracer.ring`.
package dev.contrail.tracer.event;
