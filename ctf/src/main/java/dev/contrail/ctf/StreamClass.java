// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf;

import dev.contrail.ctf.FieldClass.StructureClass;

/// What the streams of one channel share. A scope without members counts as not declared.
///
/// @param clock the id of the clock class of all time stamps (CTF 2), empty for none; in CTF 1.8
///   the fields name their clock
public record StreamClass(
        long id,
        Identity identity,
        String clock,
        StructureClass packetContext,
        StructureClass eventHeader,
        StructureClass eventContext) {

    /// A stream class for [dev.contrail.ctf.write.CtfWriter] that declares nothing besides.
    ///
    /// @param clock empty when event records have no times
    public StreamClass(long id, String clock) {
        this(
                id,
                Identity.NONE,
                clock,
                StructureClass.ABSENT,
                StructureClass.ABSENT,
                StructureClass.ABSENT);
    }

    /// A stream class of CTF 1.8.
    public StreamClass(
            long id,
            StructureClass packetContext,
            StructureClass eventHeader,
            StructureClass eventContext) {
        this(id, Identity.NONE, "", packetContext, eventHeader, eventContext);
    }
}
