// SPDX-License-Identifier: Apache-2.0

/// The bridges from log systems, `java.util.logging`, Log4j 2 and Logback: which records are
/// wanted, and how they are read.
///
/// Start at [LogBridge], which works without any of them. [LogRecords] reads those of the JDK,
/// [LogEvents] those of log systems that the application brings, whose classes are not known here.
/// Below: `dev.contrail.tracer.tap`, which makes loggers show what they log,
/// `dev.contrail.tracer.event`, whose bridge records it, and `dev.contrail.tracer.process`.
package dev.contrail.tracer.logging;
