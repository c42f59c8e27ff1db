// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.live;

import dev.contrail.analysis.Message;
import dev.contrail.wire.push.PushRequest.StreamPlace;
import dev.contrail.wire.push.StreamPosition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How far a viewer that is remembered has come in a stream, and what of its first packet has been
/// shown before.
public final class ShownPlace {
    private final LiveSession session;
    private final LivePackets packets;

    /// Event records of the first packet that were shown before, if it is the one.
    private final StreamPosition begin;

    private long skipped;
    private long packet;
    private long events;
    private boolean isNew;

    private ShownPlace(LiveSession session, LivePackets packets) {
        this.session = session;
        this.packets = packets;
        begin = packets.begin();
        packet = begin.packet();
        events = begin.events();
    }

    /// Of a stream of a viewer that is remembered.
    public static @Nullable ShownPlace of(LiveSession session, LivePackets packets) {
        return session.isRemembered() ? new ShownPlace(session, packets) : null;
    }

    public boolean isOf(LiveSession other) {
        return session == other;
    }

    /// Whether the message that has come is of the first packet, and was shown before.
    public boolean isShown(Message message) {
        if (!begin.isWithin() || packets.number() != begin.packet()) {
            return false;
        }
        return switch (message) {
            case Message.EventRecord _ -> skipped < begin.events() && ++skipped > 0;
            case Message.Loss _ -> true;
            case Message _ -> false;
        };
    }

    /// The message has been shown.
    public void add(Message message) {
        switch (message) {
            case Message.EventRecord _ -> {
                events = isWithin() ? events + 1 : 1;
                enter();
            }
            case Message.PacketEnd _ -> {
                enter();
                events = StreamPosition.WHOLE;
            }
            case Message.PacketBegin _, Message.Loss _ -> {
                events = isWithin() ? events : 0;
                enter();
            }
            case Message _ -> {}
        }
    }

    private boolean isWithin() {
        return packet == packets.number();
    }

    private void enter() {
        packet = packets.number();
        isNew = true;
    }

    /// The place, if it was not yet taken.
    public Optional<StreamPlace> take() {
        if (!isNew) {
            return Optional.empty();
        }
        isNew = false;
        return Optional.of(new StreamPlace(packets.id(), new StreamPosition(packet, events)));
    }
}
