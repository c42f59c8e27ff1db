// SPDX-License-Identifier: Apache-2.0
/// The Common Trace Format: what a trace is made of, whichever version of the format it is in.
///
/// Start at [TraceClass] to describe a trace, at [Metadata] for all that one declares. Also here:
/// the clocks that time stamps count, and the words for a failure ([Reason]). This is the lowest
/// package; the metadata text is read in `dev.contrail.ctf.metadata`, packets in
/// `dev.contrail.ctf.decode`, and traces are written in `dev.contrail.ctf.write`. Values are
/// immutable and may be shared between threads unless a type says otherwise.
package dev.contrail.ctf;
