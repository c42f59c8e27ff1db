// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import dev.contrail.ctf.Scope;
import dev.contrail.ctf.layout.FieldLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An event record as a decoder gives it: its class, its time, the slots of its scopes.
record DecodedRecord(long id, long ticks, List<Long> slots) {
    private static final Scope[] SCOPES = {
        Scope.EVENT_HEADER, Scope.COMMON_CONTEXT, Scope.SPECIFIC_CONTEXT, Scope.PAYLOAD
    };

    /// The record that `decoder` stands at.
    static DecodedRecord of(PacketDecoder decoder) {
        var slots = new ArrayList<Long>();
        for (Scope scope : SCOPES) {
            Optional<FieldLayout> layout = decoder.layout(scope);
            if (layout.isPresent()) {
                int first = decoder.firstSlot(scope);
                int end = layout.get().skip(decoder.slots(), first);
                for (int slot = first; slot < end; slot++) {
                    slots.add(decoder.slots()[slot]);
                }
            }
        }
        return new DecodedRecord(decoder.event().eventClass().id(), decoder.ticks(), slots);
    }
}
