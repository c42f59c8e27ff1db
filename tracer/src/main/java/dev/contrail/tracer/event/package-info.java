// SPDX-License-Identifier: Apache-2.0

/// Event classes, and the classes spun to record them: nothing else writes records. Start at
/// [InterfaceBinder], or at [Bridge] for events that no program binds.
package dev.contrail.tracer.event;
