// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.push;

import java.util.OptionalInt;

/// How a viewer and a relay find out that both know this protocol: the viewer session id of
/// CONNECT, which means nothing to a real relay, says so, and that of the answer, which real relays
/// count from 1. After that both speak nothing else on the connection.
public final class PushExtension {
    /// The version that our ends speak.
    public static final int VERSION = 1;

    /// `contra` in ASCII, above the 16 bits of the version.
    private static final long MAGIC = 0x636f_6e74_7261_0000L;

    private static final int VERSION_BITS = 16;

    private PushExtension() {}

    /// The viewer session id that stands for a version.
    public static long id(int version) {
        return MAGIC | version;
    }

    /// The version that a viewer session id stands for, if it is one of these.
    public static OptionalInt version(long untrustedId) {
        int version = (int) (untrustedId & (1 << VERSION_BITS) - 1);
        return version != 0 && untrustedId == id(version)
                ? OptionalInt.of(version)
                : OptionalInt.empty();
    }

    /// The version that is spoken with a peer that knows another one: the older of the two.
    public static int agreedWith(int untrusted) {
        return Math.min(VERSION, untrusted);
    }
}
