// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;

/// Takes one untrusted frame apart.
final class Decoder {
    private final ByteBuffer untrusted;

    Decoder(ByteBuffer untrusted) {
        this.untrusted = untrusted;
    }

    int takeByte() throws LinkException {
        return need(1).get() & 0xff;
    }

    int takeInt() throws LinkException {
        return need(4).getInt();
    }

    long takeLong() throws LinkException {
        return need(8).getLong();
    }

    String takeString() throws LinkException {
        int size = need(2).getShort() & 0xffff;
        if (size > FrameFormat.MAX_STRING) {
            throw new LinkException(
                    "string of %d bytes, want at most %d".formatted(size, FrameFormat.MAX_STRING));
        }
        return takeUtf8(size);
    }

    private String takeUtf8(int size) throws LinkException {
        ByteBuffer bytes = need(size).slice(untrusted.position(), size);
        untrusted.position(untrusted.position() + size);
        try {
            return UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new LinkException("string is not UTF-8");
        }
    }

    String takeText() throws LinkException {
        int size = takeInt();
        if (size < 0 || size > FrameFormat.MAX_TEXT) {
            throw new LinkException(
                    "text of %s bytes, want at most %d"
                            .formatted(Integer.toUnsignedString(size), FrameFormat.MAX_TEXT));
        }
        return takeUtf8(size);
    }

    /// Takes one element of a list.
    interface Taking<T> {
        T take(Decoder in) throws LinkException;
    }

    /// A list whose elements take at least `elementBytes` each.
    <T> List<T> takeList(int elementBytes, Taking<T> taking) throws LinkException {
        int count = takeInt();
        if (count < 0 || count > FrameFormat.MAX_LIST) {
            throw new LinkException(
                    "list of %s elements, want at most %d"
                            .formatted(Integer.toUnsignedString(count), FrameFormat.MAX_LIST));
        }
        need(count * elementBytes);
        List<T> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            elements.add(taking.take(this));
        }
        return elements;
    }

    List<String> takeStrings() throws LinkException {
        return takeList(2, Decoder::takeString);
    }

    List<String> takeTexts() throws LinkException {
        return takeList(4, Decoder::takeText);
    }

    <E extends Enum<E>> E takeEnum(E[] values) throws LinkException {
        int ordinal = takeByte();
        if (ordinal >= values.length) {
            throw new LinkException(
                    "%s %d, want less than %d"
                            .formatted(
                                    values[0].getDeclaringClass().getSimpleName(),
                                    ordinal,
                                    values.length));
        }
        return values[ordinal];
    }

    <T> T end(T message) throws LinkException {
        if (untrusted.hasRemaining()) {
            throw new LinkException(
                    "%d bytes after the end of %s"
                            .formatted(untrusted.remaining(), message.getClass().getSimpleName()));
        }
        return message;
    }

    private ByteBuffer need(int bytes) throws LinkException {
        if (untrusted.remaining() < bytes) {
            throw new LinkException(
                    "frame ends at byte %d, want %d more"
                            .formatted(untrusted.limit(), bytes - untrusted.remaining()));
        }
        return untrusted;
    }
}
