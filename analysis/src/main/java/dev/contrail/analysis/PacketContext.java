// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.Scope;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.layout.FieldLayout;
import java.util.Collections;
import java.util.Optional;
import java.util.SequencedMap;

/// The context of a packet that begins: a cursor over its bytes, valid until the next message is
/// pulled.
public final class PacketContext {
    private final PacketDecoder decoder;

    /// For the source of a stream, whose decoder is at the packet.
    public PacketContext(PacketDecoder decoder) {
        this.decoder = decoder;
    }

    /// The fields in their order, with values as [Message.EventRecord] has them; empty when no
    /// context is declared. What this returns may be kept.
    public SequencedMap<String, Object> fields() {
        Optional<FieldLayout> layout = layout();
        return layout.isEmpty()
                ? Collections.emptyNavigableMap()
                : new FieldValues(decoder.slots(), decoder.bytes())
                        .structure(layout.get(), decoder.firstSlot(Scope.PACKET_CONTEXT));
    }

    /// How the fields lie in its slots; empty when no context is declared.
    public Optional<FieldLayout> layout() {
        return decoder.layout(Scope.PACKET_CONTEXT);
    }

    /// The decoder that is at the packet.
    public PacketDecoder decoder() {
        return decoder;
    }
}
