// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.push;

/// How far a viewer has come in a stream.
///
/// @param packet number (`net_seq_num`) of the last packet of which it has shown something, or
///   [#NOTHING]
/// @param events how many event records of that packet it has shown, or [#WHOLE]
public record StreamPosition(long packet, long events) {
    /// Stands for no packet at all.
    public static final long NOTHING = -1;

    /// Stands for all event records of the packet.
    public static final long WHOLE = -1;

    /// Before the first packet.
    public static final StreamPosition BEGIN = new StreamPosition(NOTHING, 0);

    /// Whether a packet was begun.
    public boolean isBegun() {
        return packet != NOTHING;
    }

    /// Whether that packet has been shown only in part.
    public boolean isWithin() {
        return isBegun() && events != WHOLE;
    }
}
