// SPDX-License-Identifier: Apache-2.0

/// What the JVM does with the program without its saying so, as events: exceptions that nobody
/// catches, errors of the JVM's, ends that somebody asks for, threads that wait for locks too long,
/// virtual threads that are mounted.
///
/// Start at [Failures]. Below: `dev.contrail.tracer.logging` for the text of exceptions,
/// `dev.contrail.tracer.tap` for the call that sees them, `dev.contrail.tracer.event`.
package dev.contrail.tracer.failure;
