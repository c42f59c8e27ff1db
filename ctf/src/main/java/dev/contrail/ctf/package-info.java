// SPDX-License-Identifier: Apache-2.0
/// The Common Trace Format: what a trace is made of.
///
/// Start at [TraceClass] to describe a trace, at [IndexEntry] to account for a packet. The text
/// that declares a trace is read and written in `dev.contrail.ctf.metadata`, its packets in
/// `dev.contrail.ctf.packet`; this package knows neither. Values are immutable and may be shared
/// between threads unless a type says otherwise.
package dev.contrail.ctf;
