// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.packed;

import dev.contrail.wire.CString;
import dev.contrail.wire.ProtocolException;
import java.nio.ByteBuffer;

/// Fields of packed big-endian structures in bytes that anybody may have sent. Numbers are read
/// with [ByteBuffer]'s own methods, after [#need] has seen that they are there.
public final class Fields {
    /// No message of either protocol may be longer; the real relay closes the connection of a
    /// producer that announces more (`relay-protocol.md` section 2).
    public static final int MAX_MESSAGE_BYTES = 128 * 1024 * 1024;

    /// A path with its NUL, as Linux has them.
    public static final int MAX_PATH_BYTES = 4096;

    private Fields() {}

    /// Makes sure that so many bytes are left.
    ///
    /// @param message whose bytes they are, for the exception
    public static void need(ByteBuffer untrusted, long bytes, String message)
            throws ProtocolException {
        if (untrusted.remaining() < bytes) {
            throw new ProtocolException(
                    "%s: %d bytes at byte %d, want %d"
                            .formatted(
                                    message, untrusted.remaining(), untrusted.position(), bytes));
        }
    }

    /// Reads a `char[bytes]`: up to its first NUL, which it must have.
    ///
    /// @param field what it is, for the exception
    public static CString fixed(ByteBuffer untrusted, int bytes, String field)
            throws ProtocolException {
        need(untrusted, bytes, field);
        int begin = untrusted.position();
        int end = begin;
        while (end < begin + bytes && untrusted.get(end) != 0) {
            end++;
        }
        if (end == begin + bytes) {
            throw new ProtocolException(
                    "%s: %d bytes at byte %d, want a NUL among them"
                            .formatted(field, bytes, begin));
        }
        untrusted.position(begin + bytes);
        return CString.of(untrusted.slice(begin, end - begin));
    }

    /// Reads a string whose length, with the NUL at its end, was said before; 0 stands for an empty
    /// one, too.
    ///
    /// @param untrustedLength unsigned
    /// @param most what it may be
    public static CString counted(ByteBuffer untrusted, int untrustedLength, int most, String field)
            throws ProtocolException {
        if (untrustedLength == 0) {
            return CString.EMPTY;
        }
        boundLength(untrustedLength, most, field);
        need(untrusted, untrustedLength, field);
        int last = untrusted.position() + untrustedLength - 1;
        if (untrusted.get(last) != 0) {
            throw new ProtocolException(
                    "%s: byte %d is 0x%02x, want the NUL of its end"
                            .formatted(field, last, untrusted.get(last)));
        }
        CString text = bare(untrusted, untrustedLength - 1, most, field);
        untrusted.get();
        return text;
    }

    /// Reads a string without a NUL, whose length was said before.
    ///
    /// @param untrustedLength unsigned
    /// @param most what it may be
    public static CString bare(ByteBuffer untrusted, int untrustedLength, int most, String field)
            throws ProtocolException {
        boundLength(untrustedLength, most, field);
        need(untrusted, untrustedLength, field);
        int begin = untrusted.position();
        for (int at = begin; at < begin + untrustedLength; at++) {
            if (untrusted.get(at) == 0) {
                throw new ProtocolException(
                        "%s: NUL at byte %d, want none inside".formatted(field, at));
            }
        }
        untrusted.position(begin + untrustedLength);
        return CString.of(untrusted.slice(begin, untrustedLength));
    }

    /// Makes sure that an unsigned length is at most `most`.
    public static void boundLength(int untrustedLength, int most, String field)
            throws ProtocolException {
        if (Integer.compareUnsigned(untrustedLength, most) > 0) {
            throw new ProtocolException(
                    "%s: %s bytes, want at most %d"
                            .formatted(field, Integer.toUnsignedString(untrustedLength), most));
        }
    }

    /// The number that an unsigned `u32` is.
    public static long unsigned(int value) {
        return Integer.toUnsignedLong(value);
    }

    /// The `u32` that a number is.
    ///
    /// @throws IllegalArgumentException when it has more than 32 bits
    public static int word(long value) {
        if (value >>> Integer.SIZE != 0) {
            throw new IllegalArgumentException(value + ", want 32 bits");
        }
        return (int) value;
    }

    /// Puts a `char[bytes]`, zeros after the text.
    ///
    /// @throws IllegalArgumentException when the text with its NUL does not fit
    public static void putFixed(ByteBuffer out, CString text, int bytes) {
        if (text.length() >= bytes) {
            throw new IllegalArgumentException(
                    "%d bytes and a NUL, want at most %d: %s"
                            .formatted(text.length(), bytes, text));
        }
        text.putTo(out);
        for (int i = text.length(); i < bytes; i++) {
            out.put((byte) 0);
        }
    }

    /// Puts the text and a NUL; nothing counts its bytes, see [#countedBytes].
    public static void putCounted(ByteBuffer out, CString text) {
        text.putTo(out);
        out.put((byte) 0);
    }

    /// The bytes that [#putCounted] puts.
    public static int countedBytes(CString text) {
        return text.length() + 1;
    }

    /// Puts a text that may be left out: nothing for an empty one, otherwise text and NUL.
    public static void putOptional(ByteBuffer out, CString text) {
        if (!text.isEmpty()) {
            putCounted(out, text);
        }
    }

    /// The bytes that [#putOptional] puts.
    public static int optionalBytes(CString text) {
        return text.isEmpty() ? 0 : countedBytes(text);
    }
}
