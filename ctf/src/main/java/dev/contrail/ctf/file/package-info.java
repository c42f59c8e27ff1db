// SPDX-License-Identifier: Apache-2.0
/// Stream files and their index: where their packets begin, and what one is known to hold without
/// being decoded.
///
/// Start at [IndexEntry], the account of one packet. Below: `dev.contrail.ctf`, whose `LttngSchema`
/// lays out what [PacketStart] writes.
package dev.contrail.ctf.file;
