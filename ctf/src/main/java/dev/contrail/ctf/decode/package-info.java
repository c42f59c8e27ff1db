// SPDX-License-Identifier: Apache-2.0
/// Packets and the event records in them, decoded by their layouts.
///
/// Start at [PacketDecoder]. `FieldDecoder` interprets a layout; after enough event records
/// `RecordCompiler` makes a class for it, whose code is in `LayoutCode`, `ValueCode` and
/// `ReadCode`, from the top down, and which calls `PacketReads`. Below: `dev.contrail.ctf.layout`
/// and `dev.contrail.ctf.file`. A decoder belongs to one thread; what is generated serves all.
package dev.contrail.ctf.decode;
