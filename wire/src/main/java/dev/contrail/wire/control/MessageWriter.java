// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.control;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;

/// Writes the fields of one message: big-endian numbers, text as a length and UTF-8 bytes, lists as
/// a count and their elements. Owned by one thread.
final class MessageWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    MessageWriter number(long value) {
        try {
            out.writeLong(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    MessageWriter flag(boolean value) {
        return number(value ? 1 : 0);
    }

    MessageWriter word(Enum<?> value) {
        return number(value.ordinal());
    }

    MessageWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    <T> MessageWriter list(List<T> values, BiConsumer<MessageWriter, T> element) {
        number(values.size());
        values.forEach(value -> element.accept(this, value));
        return this;
    }

    MessageWriter texts(List<String> values) {
        return list(values, MessageWriter::text);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
