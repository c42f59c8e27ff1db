// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.secure;

import dev.contrail.wire.RelayToken;
import dev.contrail.wire.net.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The first that is said once keys are agreed on: who connects shows a token, who listens answers
/// with one byte.
///
/// The greeting is 44 bytes, big-endian: `u64` [#MAGIC], `u32` [#VERSION], `u64` number and 24
/// bytes secret of the token.
final class Greeting {
    /// `CONTRAIL`.
    static final long MAGIC = 0x434f_4e54_5241_494cL;

    static final int VERSION = 1;
    static final int BYTES = 2 * Long.BYTES + Integer.BYTES + RelayToken.SECRET_BYTES;

    static final byte WELCOME = 0;
    static final byte UNKNOWN_TOKEN = 1;
    static final byte UNKNOWN_VERSION = 2;

    private Greeting() {}

    static ByteBuffer of(RelayToken token) {
        return ByteBuffer.allocate(BYTES)
                .putLong(MAGIC)
                .putInt(VERSION)
                .putLong(token.id())
                .put(token.secret())
                .flip();
    }

    /// Waits for so many bytes.
    static ByteBuffer read(Connection from, int bytes, long patienceNanos) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(bytes);
        while (all.hasRemaining()) {
            if (from.read(all, patienceNanos) < 0) {
                throw new EOFException("closed while tokens are shown");
            }
        }
        return all.flip();
    }
}
