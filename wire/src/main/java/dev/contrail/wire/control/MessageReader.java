// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.control;

import dev.contrail.wire.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads the fields of one message from bytes that anybody may have sent.
final class MessageReader {
    /// More than any name, path or message of ours needs.
    private static final int MAX_TEXT_BYTES = 64 * 1024;

    private final ByteBuffer untrusted;

    MessageReader(ByteBuffer untrusted) {
        this.untrusted = untrusted;
    }

    /// Reads one element of a list.
    @FunctionalInterface
    interface Element<T> {
        T read(MessageReader in) throws ProtocolException;
    }

    long number() throws ProtocolException {
        if (untrusted.remaining() < Long.BYTES) {
            throw new ProtocolException("message ends at byte " + untrusted.position());
        }
        return untrusted.getLong();
    }

    int count() throws ProtocolException {
        long value = number();
        if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
            throw new ProtocolException("number " + value + ", want 32 bits");
        }
        return (int) value;
    }

    boolean flag() throws ProtocolException {
        return number() != 0;
    }

    <E> E word(E[] values) throws ProtocolException {
        long ordinal = number();
        if (ordinal < 0 || ordinal >= values.length) {
            throw new ProtocolException("word " + ordinal + " of " + values.length);
        }
        return values[(int) ordinal];
    }

    String text() throws ProtocolException {
        long length = number();
        if (length < 0 || length > MAX_TEXT_BYTES || length > untrusted.remaining()) {
            throw new ProtocolException(
                    "text of %d bytes, %d left".formatted(length, untrusted.remaining()));
        }
        byte[] utf8 = new byte[(int) length];
        untrusted.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    <T> List<T> list(Element<T> element) throws ProtocolException {
        long size = number();
        if (size < 0 || size > untrusted.remaining() / Long.BYTES) {
            throw new ProtocolException(
                    "list of %d, %d bytes left".formatted(size, untrusted.remaining()));
        }
        var values = new ArrayList<T>((int) size);
        for (long i = 0; i < size; i++) {
            values.add(element.read(this));
        }
        return values;
    }

    List<String> texts() throws ProtocolException {
        return list(MessageReader::text);
    }

    void end() throws ProtocolException {
        if (untrusted.hasRemaining()) {
            throw new ProtocolException(untrusted.remaining() + " bytes too many");
        }
    }
}
