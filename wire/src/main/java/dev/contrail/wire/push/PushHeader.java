// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.push;

import dev.contrail.wire.ProtocolException;
import dev.contrail.wire.packed.Fields;
import java.nio.ByteBuffer;

/// What goes before each message, in both directions: 8 bytes, big-endian, `u32` kind, `u32` how
/// many bytes follow.
///
/// @param bodyBytes at most [#MAX_BODY_BYTES]
public record PushHeader(int kind, int bodyBytes) {
    public static final int BYTES = 8;

    /// Packets and metadata come in pieces; nothing else is that long but a list of many sessions.
    public static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

    /// Takes a header out of a buffer.
    ///
    /// @throws ProtocolException when it is cut, or announces too much
    public static PushHeader decode(ByteBuffer untrusted) throws ProtocolException {
        Fields.need(untrusted, BYTES, "header of a message");
        int kind = untrusted.getInt();
        int bytes = untrusted.getInt();
        Fields.boundLength(bytes, MAX_BODY_BYTES, "a message");
        return new PushHeader(kind, bytes);
    }

    /// Puts the header into a buffer.
    public void encode(ByteBuffer out) {
        out.putInt(kind).putInt(bodyBytes);
    }
}
