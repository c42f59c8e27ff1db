// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import java.nio.ByteBuffer;

/// A decoder of the event records of one stream class, made by [RecordCompiler] for its layout.
///
/// It has no state of its own, so any number of threads may use it, each with its own
/// [FieldDecoder]. It gives the same slots as [FieldDecoder] does; what it cannot decode, or finds
/// wrong, it leaves to that.
abstract class RecordDecoder {
    /// The record is for the interpreter.
    static final long DOUBT = -1;

    /// Decodes the event record at a bit position of the packet into the present row of `state`:
    /// slots from the first free one on, their begins in each scope, clock, time and number of the
    /// event.
    ///
    /// @param packet in little-endian order
    /// @return the position after the record, or [#DOUBT]: then slots and clock are undefined
    abstract long decode(FieldDecoder state, ByteBuffer packet, long position);
}
