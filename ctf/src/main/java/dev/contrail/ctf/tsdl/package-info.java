// SPDX-License-Identifier: Apache-2.0
/// The metadata text of CTF 1.8, TSDL, read and written.
///
/// Start at [TsdlParser], which parses the blocks that [TsdlStatements] finds, and at [TsdlWriter].
/// Below: `dev.contrail.ctf`. Nothing here knows how values are laid out in packets.
package dev.contrail.ctf.tsdl;
