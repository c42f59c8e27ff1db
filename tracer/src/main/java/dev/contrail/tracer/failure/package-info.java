// SPDX-License-Identifier: Apache-2.0

/// What goes wrong in the program without its saying so, as events: exceptions that nobody catches.
///
/// Start at [UncaughtExceptions]. Below: `dev.contrail.tracer.logging` for the text of exceptions,
/// `dev.contrail.tracer.tap` for the call that sees them, `dev.contrail.tracer.event`.
package dev.contrail.tracer.failure;
