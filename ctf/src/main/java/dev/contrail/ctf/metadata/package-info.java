// SPDX-License-Identifier: Apache-2.0
/// Metadata in both languages, read and written: TSDL of CTF 1.8 and the JSON text sequence of CTF
/// 2.
///
/// Start at [Metadata#parse], [TsdlWriter] and [Ctf2Writer]. Nothing here knows how values are laid
/// out in packets.
package dev.contrail.ctf.metadata;
