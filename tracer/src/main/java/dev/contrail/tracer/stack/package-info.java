// SPDX-License-Identifier: Apache-2.0

/// Stacks of events, as a context: each different stack is recorded once in a channel, as an event
/// of its own, and referred to by its number.
///
/// Start at [StackContext]. Below: `dev.contrail.tracer.event`, `dev.contrail.tracer.filter`.
package dev.contrail.tracer.stack;
