// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// A packet that waits in a [PacketQueue], or the word that a stream ends.
///
/// In its chunk, little-endian: `u32` bytes of the whole; `u32` kind; trace directory, channel and
/// suffix of its stream, each as `u16` and so many bytes of UTF-8; `u64` stream instance, `u64`
/// bytes and `u32` number of the stream's files; the nine numbers of its index entry, `u64` each;
/// the packet.
///
/// @param isInherited whether a daemon before this one has put it there, and may have stored it
/// @param at where its packet is
record QueuedPacket(
        Kind kind,
        StreamKey stream,
        IndexEntry entry,
        boolean isInherited,
        PacketChunk chunk,
        int at,
        int bytes) {
    /// What to do with it.
    enum Kind {
        /// Store it, or count its records as lost.
        PACKET,
        /// Store it, again and again until that is possible.
        KEPT_PACKET,
        /// Nothing more comes in that stream.
        END
    }

    private static final int MOST_STREAM_BYTES = 4096;
    private static final int KIND_AT = Integer.BYTES;
    private static final int STREAM_AT = KIND_AT + Integer.BYTES;
    private static final int ENTRY_NUMBERS = 9;
    private static final int ENTRY_BYTES = ENTRY_NUMBERS * Long.BYTES;

    /// What each packet of a stream says of that.
    static byte[] form(StreamKey stream) throws IOException {
        var form = ByteBuffer.allocate(MOST_STREAM_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try {
            putText(form, stream.traceDirectory());
            putText(form, stream.channel());
            putText(form, stream.suffix());
            form.putLong(stream.instanceId()).putLong(stream.fileBytes());
            form.putInt(stream.fileCount());
        } catch (BufferOverflowException tooLong) {
            throw new IOException("name too long: " + stream, tooLong);
        }
        return Arrays.copyOf(form.array(), form.position());
    }

    /// Bytes before its packet.
    ///
    /// @param form its stream's
    static int headBytes(byte[] form) {
        return STREAM_AT + form.length + ENTRY_BYTES;
    }

    /// Puts what lies after the head that this writes, as the next one of the chunk, which has room
    /// for it. Who puts.
    static QueuedPacket put(
            PacketChunk chunk,
            Kind kind,
            StreamKey stream,
            byte[] form,
            IndexEntry entry,
            int bytes) {
        int at = chunk.end();
        int packetAt = at + headBytes(form);
        ByteBuffer memory = chunk.memory();
        memory.putInt(at + KIND_AT, kind.ordinal());
        memory.put(at + STREAM_AT, form);
        putEntry(memory.slice(packetAt - ENTRY_BYTES, ENTRY_BYTES), entry);
        chunk.put(headBytes(form) + bytes);
        return new QueuedPacket(kind, stream, entry, false, chunk, packetAt, bytes);
    }

    /// The one that a daemon before this one has put there, if there is one.
    ///
    /// @throws IOException when it is damaged
    static Optional<QueuedPacket> left(PacketChunk chunk, int at) throws IOException {
        ByteBuffer in = chunk.memory().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int left = chunk.bytes() - at;
        int whole = left < STREAM_AT ? 0 : in.getInt(at);
        if (whole <= 0 || whole > left) {
            return Optional.empty();
        }
        int kind = in.getInt(at + KIND_AT);
        if (kind < 0 || kind >= Kind.values().length) {
            throw new IOException("kind " + kind + " at " + at);
        }
        in.limit(at + whole).position(Math.min(at + STREAM_AT, at + whole));
        try {
            var stream =
                    new StreamKey(
                            text(in), text(in), text(in), in.getLong(), in.getLong(), in.getInt());
            IndexEntry entry = entry(in);
            return Optional.of(
                    new QueuedPacket(
                            Kind.values()[kind],
                            stream,
                            entry,
                            true,
                            chunk,
                            in.position(),
                            in.remaining()));
        } catch (BufferUnderflowException tooShort) {
            throw new IOException("length " + whole + " at " + at, tooShort);
        }
    }

    /// The packet itself, until it is taken.
    ByteBuffer packet() {
        return chunk.memory().slice(at, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Whether it can be read no more: somebody has cut its file.
    boolean isGone() throws IOException {
        return chunk.isCut();
    }

    /// Where it ends.
    int end() {
        return at + bytes;
    }

    static void putEntry(ByteBuffer out, IndexEntry entry) {
        out.order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(entry.packetBits()).putLong(entry.contentBits());
        out.putLong(entry.beginTicks()).putLong(entry.endTicks());
        out.putLong(entry.recordCount()).putLong(entry.discardedEvents());
        out.putLong(entry.streamClassId()).putLong(entry.streamInstanceId());
        out.putLong(entry.sequence());
    }

    static IndexEntry entry(ByteBuffer in) {
        long[] numbers = new long[ENTRY_NUMBERS];
        for (int i = 0; i < ENTRY_NUMBERS; i++) {
            numbers[i] = in.getLong();
        }
        return new IndexEntry(
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                numbers[6],
                numbers[7],
                numbers[8]);
    }

    private static void putText(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) bytes.length).put(bytes);
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
