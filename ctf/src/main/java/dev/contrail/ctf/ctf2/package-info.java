// SPDX-License-Identifier: Apache-2.0
/// The metadata of CTF 2, a sequence of JSON fragments, read and written.
///
/// Start at [Ctf2Metadata] and [Ctf2Writer]. Below: `dev.contrail.ctf`. Nothing here knows how
/// values are laid out in packets.
package dev.contrail.ctf.ctf2;
