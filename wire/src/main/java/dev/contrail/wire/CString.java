// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A string of C's, as LTTng's daemons send names and paths: any bytes but NUL, usually UTF-8.
///
/// Not a `String`, because what is sent on must be what was received: the name of a process is
/// anything that it has called itself, and may end in the middle of a character.
public final class CString {
    /// No bytes.
    public static final CString EMPTY = new CString(new byte[0]);

    private final byte[] bytes;

    private CString(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The text in UTF-8.
    ///
    /// @throws IllegalArgumentException when it has a NUL
    public static CString of(String text) {
        return of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// A copy of the buffer's remaining bytes, whose position stays.
    ///
    /// @throws IllegalArgumentException when one of them is NUL
    public static CString of(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return EMPTY;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        for (int i = 0; i < copy.length; i++) {
            if (copy[i] == 0) {
                throw new IllegalArgumentException(
                        "NUL at byte %d of %d".formatted(i, copy.length));
            }
        }
        return new CString(copy);
    }

    /// How many bytes it has, without a NUL at its end.
    public int length() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /// Its first bytes; itself when it has no more.
    public CString cutTo(int mostBytes) {
        return length() <= mostBytes ? this : new CString(Arrays.copyOf(bytes, mostBytes));
    }

    /// Puts its bytes, without a NUL at their end.
    public void putTo(ByteBuffer out) {
        out.put(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CString that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Read as UTF-8; what is none has become U+FFFD, so that [#of(String)] need not give the same
    /// bytes.
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
