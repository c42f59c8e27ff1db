// SPDX-License-Identifier: Apache-2.0

/// Calls that are inserted into the loggers of a running program as long as somebody wants what
/// they log, and taken out again.
///
/// Start at [LogCapture], then [LoggerPatch]: one for each make of logger. What is called is a
/// [TapClass]; where it leads is not known here.
package dev.contrail.tracer.tap;
