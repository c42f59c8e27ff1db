// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire.control;

import dev.contrail.wire.ProtocolException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/// One connection between a client and the session daemon: frames of a 32-bit big-endian length and
/// a body; the first frame of either side is magic and version. Owned by one thread.
public final class ControlChannel implements Closeable {
    /// Changes whenever a message changes; both sides come from one build, so they must agree.
    public static final int VERSION = 11;

    private static final int MAGIC = 0x43545231;
    // The points of a kernel are the longest message: 2,323 events with their names and fields.
    private static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;

    private final ByteChannel channel;

    private ControlChannel(ByteChannel channel) {
        this.channel = channel;
    }

    /// Greets the other side and reads its greeting.
    ///
    /// @throws ProtocolException when it speaks another protocol or version
    public static ControlChannel open(ByteChannel channel) throws IOException {
        var greeting = ByteBuffer.allocate(8).putInt(MAGIC).putInt(VERSION).flip();
        writeWhole(channel, greeting);
        var answer = ByteBuffer.allocate(8);
        readWhole(channel, answer);
        answer.flip();
        int magic = answer.getInt();
        int version = answer.getInt();
        if (magic != MAGIC) {
            throw new ProtocolException("the other side is no Contrail: 0x%08x".formatted(magic));
        }
        if (version != VERSION) {
            throw new ProtocolException(
                    ("the other side speaks version %d of the control protocol, this program %d:"
                                    + " contrail sessiond --replace --background moves the sessions"
                                    + " to a daemon of this version")
                            .formatted(version, VERSION));
        }
        return new ControlChannel(channel);
    }

    /// Sends a request and waits for its reply, as long as the daemon shows signs of life; who
    /// watches for them closes the channel when there are none.
    ///
    /// @param signOfLife run for each
    public Reply ask(Request request, Runnable signOfLife) throws IOException {
        write(request.encode());
        while (true) {
            Reply reply = Reply.decode(read());
            if (!(reply instanceof Reply.Working)) {
                return reply;
            }
            signOfLife.run();
        }
    }

    /// Waits for the client's next request.
    ///
    /// @throws EOFException when the client has gone
    public Request nextRequest() throws IOException {
        return Request.decode(read());
    }

    /// Sends a reply; after [Reply.Working] another one follows.
    public void answer(Reply reply) throws IOException {
        write(reply.encode());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void write(byte[] body) throws IOException {
        if (body.length > MAX_FRAME_BYTES) {
            throw new ProtocolException("message of " + body.length + " bytes");
        }
        var frame = ByteBuffer.allocate(Integer.BYTES + body.length);
        writeWhole(channel, frame.putInt(body.length).put(body).flip());
    }

    private ByteBuffer read() throws IOException {
        var head = ByteBuffer.allocate(Integer.BYTES);
        readWhole(channel, head);
        int untrustedLength = head.getInt(0);
        if (untrustedLength < 0 || untrustedLength > MAX_FRAME_BYTES) {
            throw new ProtocolException("frame of " + untrustedLength + " bytes");
        }
        var body = ByteBuffer.allocate(untrustedLength);
        readWhole(channel, body);
        return body.flip();
    }

    private static void writeWhole(ByteChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    private static void readWhole(ByteChannel from, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (from.read(bytes) < 0) {
                throw new EOFException("the other side has closed the connection");
            }
        }
    }
}
