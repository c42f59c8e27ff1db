// SPDX-License-Identifier: Apache-2.0
/// The Common Trace Format: trace model, metadata, packets, index, and the decoder.
///
/// Start at [TraceClass] to describe a trace, at [IndexEntry] to account for a packet. Values are
/// immutable and may be shared between threads unless a type says otherwise.
package dev.contrail.ctf;
