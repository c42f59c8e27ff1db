// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// Reads and writes messages on a blocking channel.
///
/// A frame is `u32` length of what follows, `u8` type, body; little endian. A string is `u16` size
/// and UTF-8 bytes, a list is `u32` count and elements. One thread may read while another writes;
/// two writers must take turns.
public final class Frames {
    /// Goes into [FromApplication.Hello] and [FromDaemon.Welcome].
    public static final int VERSION = 1;

    /// The largest frame: an event class of 255 fields with the longest names fits.
    public static final int MAX_FRAME = 1 << 20;

    /// The longest string, in bytes: a path.
    public static final int MAX_STRING = 4096;

    /// The longest list.
    public static final int MAX_LIST = 1 << 16;

    private final ReadableByteChannel in;
    private final WritableByteChannel out;
    private final ByteBuffer prefix = ByteBuffer.allocate(4).order(LITTLE_ENDIAN);

    public Frames(ByteChannel channel) {
        this.in = channel;
        this.out = channel;
    }

    /// Waits for a message of the application; `null` when it has closed the connection.
    ///
    /// @throws LinkException when what came is no message
    public FromApplication readFromApplication() throws IOException {
        ByteBuffer frame = read();
        return frame == null ? null : ApplicationCodec.decode(frame);
    }

    /// Waits for a message of the daemon; `null` when it has closed the connection.
    ///
    /// @throws LinkException when what came is no message
    public FromDaemon readFromDaemon() throws IOException {
        ByteBuffer frame = read();
        return frame == null ? null : DaemonCodec.decode(frame);
    }

    public void write(FromApplication message) throws IOException {
        write(ApplicationCodec.encode(message));
    }

    public void write(FromDaemon message) throws IOException {
        write(DaemonCodec.encode(message));
    }

    private void write(ByteBuffer frame) throws IOException {
        while (frame.hasRemaining()) out.write(frame);
    }

    private ByteBuffer read() throws IOException {
        prefix.clear();
        while (prefix.hasRemaining()) {
            if (in.read(prefix) < 0) {
                if (prefix.position() == 0) return null;
                throw new LinkException("connection ends inside a frame's length");
            }
        }
        ByteBuffer frame =
                ByteBuffer.allocate(checkedLength(prefix.getInt(0))).order(LITTLE_ENDIAN);
        while (frame.hasRemaining()) {
            if (in.read(frame) < 0)
                throw new LinkException(
                        "connection ends at byte %d of a frame of %d"
                                .formatted(frame.position(), frame.capacity()));
        }
        return frame.flip();
    }

    /// The length of a frame, once the first four bytes are there.
    static int checkedLength(int untrustedLength) throws LinkException {
        if (untrustedLength < 1 || untrustedLength > MAX_FRAME)
            throw new LinkException(
                    "frame of %s bytes, want 1 to %d"
                            .formatted(Integer.toUnsignedString(untrustedLength), MAX_FRAME));
        return untrustedLength;
    }
}
