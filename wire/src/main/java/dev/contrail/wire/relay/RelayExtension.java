// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.relay;

import java.util.Optional;

/// What our own producers and relays say to each other beyond LTTng's protocol, agreed on in
/// GET_CONFIGURATION (`relay-extension.md`): LTTng's relays refuse query flags other than 0, and go
/// on.
///
/// Both ways in 64 bits: [#MAGIC] in the upper half, then 16 bits of version, then 16 of flags.
///
/// @param version the highest that is known, or the one that is spoken
/// @param flags of a query: [#SYNCED]; of an answer: also [#CLEAR_ALLOWED], as LTTng's
public record RelayExtension(int version, int flags) {
    public static final int VERSION = 1;

    /// The first minor version with GET_CONFIGURATION.
    public static final int LEAST_MINOR = 12;

    /// Of LTTng's answer.
    public static final int CLEAR_ALLOWED = 1;

    /// What is acknowledged survives a loss of power.
    public static final int SYNCED = 2;

    /// Packets may come packed.
    public static final int PACKED = 4;

    private static final int MAGIC = 0x4354524C;
    private static final int HALF = 16;
    private static final int MASK = (1 << HALF) - 1;

    /// What 64 bits say, if they are of a producer or relay of ours.
    public static Optional<RelayExtension> of(long untrusted) {
        if (untrusted >>> Integer.SIZE != MAGIC) {
            return Optional.empty();
        }
        return Optional.of(
                new RelayExtension((int) (untrusted >>> HALF) & MASK, (int) untrusted & MASK));
    }

    public long bits() {
        return (long) MAGIC << Integer.SIZE | (long) version << HALF | flags;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
