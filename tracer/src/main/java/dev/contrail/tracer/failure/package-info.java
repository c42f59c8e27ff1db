// SPDX-License-Identifier: Apache-2.0

/// What goes wrong in the program without its saying so, as events: exceptions that nobody catches,
/// ends that somebody asks for, threads that wait for locks too long.
///
/// Start at [Failures]. Below: `dev.contrail.tracer.logging` for the text of exceptions,
/// `dev.contrail.tracer.tap` for the call that sees them, `dev.contrail.tracer.event`.
package dev.contrail.tracer.failure;
