// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.Scope;
import dev.contrail.ctf.packet.FieldLayout;
import dev.contrail.ctf.packet.PacketDecoder;
import java.util.Collections;
import java.util.Optional;
import java.util.SequencedMap;

/// The context of a packet that begins: a cursor over its bytes, valid until the next message is
/// pulled.
public final class PacketContext {
    private final PacketDecoder decoder;

    PacketContext(PacketDecoder decoder) {
        this.decoder = decoder;
    }

    /// The fields in their order, with values as [EventRecord] has them; empty when no context is
    /// declared. What this returns may be kept.
    public SequencedMap<String, Object> fields() {
        Optional<FieldLayout> layout = layout();
        return layout.isEmpty()
                ? Collections.emptyNavigableMap()
                : new FieldValues(decoder.slots(), decoder.bytes())
                        .structure(layout.get(), decoder.firstSlot(Scope.PACKET_CONTEXT));
    }

    Optional<FieldLayout> layout() {
        return decoder.layout(Scope.PACKET_CONTEXT);
    }

    PacketDecoder decoder() {
        return decoder;
    }
}
