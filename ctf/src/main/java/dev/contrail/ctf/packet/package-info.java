// SPDX-License-Identifier: Apache-2.0
/// Packets and the event records in them, decoded and encoded by the layout that metadata declares.
///
/// Start at [TracePlan] and [PacketDecoder] to read, at [CtfWriter] to write. A layout
/// ([FieldLayout]) is compiled once for a trace; interpreter, generated code and encoder walk the
/// same one.
package dev.contrail.ctf.packet;
