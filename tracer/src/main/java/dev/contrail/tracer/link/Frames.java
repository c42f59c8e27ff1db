// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/// Reads and writes messages on a blocking channel.
///
/// One thread may read while another writes; two writers must take turns.
public final class Frames {
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
    public @Nullable FromApplication readFromApplication() throws IOException {
        ByteBuffer frame = read();
        return frame == null ? null : ApplicationCodec.decode(frame);
    }

    /// Waits for a message of the daemon; `null` when it has closed the connection.
    ///
    /// @throws LinkException when what came is no message
    public @Nullable FromDaemon readFromDaemon() throws IOException {
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
        while (frame.hasRemaining()) {
            out.write(frame);
        }
    }

    private @Nullable ByteBuffer read() throws IOException {
        prefix.clear();
        while (prefix.hasRemaining()) {
            if (in.read(prefix) < 0) {
                if (prefix.position() == 0) {
                    return null;
                }
                throw new LinkException("connection ends inside a frame's length");
            }
        }
        ByteBuffer frame =
                ByteBuffer.allocate(FrameFormat.checkedLength(prefix.getInt(0)))
                        .order(LITTLE_ENDIAN);
        while (frame.hasRemaining()) {
            if (in.read(frame) < 0) {
                throw new LinkException(
                        "connection ends at byte %d of a frame of %d"
                                .formatted(frame.position(), frame.capacity()));
            }
        }
        return frame.flip();
    }
}
