// SPDX-License-Identifier: Apache-2.0
/// Traces written: declared, their event records encoded, packets closed and indexed.
///
/// Start at [CtfWriter], then [CtfStream]. `FieldEncoder` is the other side of the decoder. Below:
/// `dev.contrail.ctf.translate`, `dev.contrail.ctf.tsdl` and `dev.contrail.ctf.ctf2` for the
/// metadata, `dev.contrail.ctf.layout` for the packets, `dev.contrail.ctf.decode` for records that
/// are copied. One thread at a time for a writer and its streams.
package dev.contrail.ctf.write;
