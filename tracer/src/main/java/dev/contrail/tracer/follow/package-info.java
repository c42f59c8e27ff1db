// SPDX-License-Identifier: Apache-2.0

/// Contexts that libraries keep for the threads of a program: the mapped diagnostic contexts of
/// SLF4J and Log4j 2, and the current span of OpenTelemetry. As long as a channel wants one, calls
/// that are inserted into the library show each change, and the thread keeps the value as it keeps
/// those that the program sets itself.
///
/// Start at [Following]. Below: `dev.contrail.tracer.context`, which has the values, and
/// `dev.contrail.tracer.tap`, which inserts the calls.
package dev.contrail.tracer.follow;
