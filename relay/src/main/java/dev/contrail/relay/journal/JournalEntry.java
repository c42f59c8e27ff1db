// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.journal;

import dev.contrail.wire.relay.RelayRequest;
import dev.contrail.wire.relay.StreamMark;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What is stored of a stream.
///
/// Big-endian: `u64` file, bytes, entries, number, and the two of the mark; path and channel, each
/// with its `u16` length before it; `u8` whether it is closed, which those of the first version do
/// not have.
///
/// @param file number of its present one, where files have a limit
/// @param bytes of whole packets in that
/// @param entries in the index of that
/// @param number that its producer gave the last packet
/// @param isClosed whether its producer has said all of it
public record JournalEntry(
        Key key,
        long file,
        long bytes,
        long entries,
        long number,
        StreamMark mark,
        boolean isClosed) {
    /// A stream.
    ///
    /// @param path directory, as its producer said it
    public record Key(String path, String channel) {}

    /// Of one that its producer may go on with.
    public JournalEntry(
            Key key, long file, long bytes, long entries, long number, StreamMark mark) {
        this(key, file, bytes, entries, number, mark, false);
    }

    /// Metadata has no packets with numbers.
    public boolean isData() {
        return number != RelayRequest.NONE;
    }

    JournalEntry closed() {
        return new JournalEntry(key, file, bytes, entries, number, mark, true);
    }

    ByteBuffer encoded() {
        byte[] path = key.path().getBytes(StandardCharsets.UTF_8);
        byte[] channel = key.channel().getBytes(StandardCharsets.UTF_8);
        int texts = 2 * Short.BYTES + path.length + channel.length;
        return ByteBuffer.allocate(6 * Long.BYTES + texts + 1)
                .putLong(file)
                .putLong(bytes)
                .putLong(entries)
                .putLong(number)
                .putLong(mark.position())
                .putLong(mark.lostRecords())
                .putShort((short) path.length)
                .put(path)
                .putShort((short) channel.length)
                .put(channel)
                .put((byte) (isClosed ? 1 : 0))
                .flip();
    }

    /// @throws BufferUnderflowException when it is damaged
    static JournalEntry decoded(ByteBuffer untrusted) {
        long file = untrusted.getLong();
        long bytes = untrusted.getLong();
        long entries = untrusted.getLong();
        long number = untrusted.getLong();
        var mark = new StreamMark(untrusted.getLong(), untrusted.getLong());
        var key = new Key(text(untrusted), text(untrusted));
        boolean isClosed = untrusted.hasRemaining() && untrusted.get() != 0;
        return new JournalEntry(key, file, bytes, entries, number, mark, isClosed);
    }

    private static String text(ByteBuffer untrusted) {
        byte[] bytes = new byte[Short.toUnsignedInt(untrusted.getShort())];
        untrusted.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
