// SPDX-License-Identifier: Apache-2.0
/// Traces read back: events of any number of traces in the order of time, as objects or as text.
///
/// Start at [TraceReader] to read events, at [View] to print them. Everything here belongs to the
/// thread that pulls the messages.
package dev.contrail.analysis;
