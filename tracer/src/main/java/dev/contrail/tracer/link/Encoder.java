// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// Builds one frame.
final class Encoder {
    private ByteBuffer frame = ByteBuffer.allocate(256).order(LITTLE_ENDIAN);

    Encoder(int type) {
        frame.putInt(0).put((byte) type);
    }

    Encoder putByte(int value) {
        room(1).put((byte) value);
        return this;
    }

    Encoder putInt(int value) {
        room(4).putInt(value);
        return this;
    }

    Encoder putLong(long value) {
        room(8).putLong(value);
        return this;
    }

    /// A string beyond [FrameFormat#MAX_STRING] is cut: names and explanations may be, paths never
    /// are.
    Encoder putString(String value) {
        byte[] bytes = value.getBytes(UTF_8);
        int size = bytes.length;
        if (size > FrameFormat.MAX_STRING) {
            size = FrameFormat.MAX_STRING;
            while ((bytes[size] & 0xc0) == 0x80) {
                size--;
            }
        }
        room(2 + size).putShort((short) size).put(bytes, 0, size);
        return this;
    }

    /// A string that may not be cut.
    Encoder putText(String value) {
        byte[] bytes = value.getBytes(UTF_8);
        if (bytes.length > FrameFormat.MAX_TEXT) {
            throw new IllegalArgumentException(
                    "text of " + bytes.length + " bytes, want at most " + FrameFormat.MAX_TEXT);
        }
        putInt(bytes.length).room(bytes.length).put(bytes);
        return this;
    }

    Encoder putStrings(List<String> values) {
        putCount(values.size());
        values.forEach(this::putString);
        return this;
    }

    /// Strings that may not be cut.
    Encoder putTexts(List<String> values) {
        putCount(values.size());
        values.forEach(this::putText);
        return this;
    }

    Encoder putCount(int count) {
        if (count > FrameFormat.MAX_LIST) {
            throw new IllegalArgumentException(
                    "list of " + count + " elements, want at most " + FrameFormat.MAX_LIST);
        }
        return putInt(count);
    }

    ByteBuffer frame() {
        int length = frame.position() - 4;
        if (length > FrameFormat.MAX_FRAME) {
            throw new IllegalArgumentException(
                    "frame of " + length + " bytes, want at most " + FrameFormat.MAX_FRAME);
        }
        return frame.putInt(0, length).flip();
    }

    private ByteBuffer room(int bytes) {
        if (frame.remaining() < bytes) {
            int capacity = Math.max(2 * frame.capacity(), frame.position() + bytes);
            int position = frame.position();
            frame = ByteBuffer.wrap(Arrays.copyOf(frame.array(), capacity)).order(LITTLE_ENDIAN);
            frame.position(position);
        }
        return frame;
    }
}
