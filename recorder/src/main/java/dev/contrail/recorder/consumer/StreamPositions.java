// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.consumer;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.PrivateFiles;
import dev.contrail.recorder.output.LostRecords;
import dev.contrail.recorder.thread.RepeatedMessages;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// How far each stream of a session has come in its output: the last packet that the output has
/// acknowledged. A daemon that comes after goes on from there, wherever the files have gone.
///
/// Kept in a file, when there is one: a slot of 512 bytes a stream, little-endian: `u16` bytes of
/// the stream's name, 0 for a free slot; the nine numbers of the packet's index entry, `u64` each;
/// the name, in UTF-8. A stream's slot is written in place, in one piece.
///
/// Any thread may ask; one thread says.
public final class StreamPositions implements Closeable {
    private static final int SLOT_BYTES = 512;
    private static final int NAME_AT = Short.BYTES + 9 * Long.BYTES;
    private static final RepeatedMessages LOG =
            new RepeatedMessages(System.getLogger("dev.contrail.recorder"));

    private final Path path;
    private final Map<String, IndexEntry> positions = new ConcurrentHashMap<>();
    private final Map<String, Integer> slots = new HashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final ByteBuffer slot =
            ByteBuffer.allocateDirect(SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final boolean isNew;
    private int nextSlot;
    private Optional<FileChannel> file = Optional.empty();

    private StreamPositions(Path path) {
        this.path = path;
        this.isNew = !Files.exists(path);
    }

    /// What a daemon before this one has left in the file, which is made when there is something to
    /// say.
    public static StreamPositions in(Path file) {
        var found = new StreamPositions(file);
        if (!found.isNew) {
            found.read();
        }
        return found;
    }

    /// Whether there was no file.
    boolean isNew() {
        return isNew;
    }

    /// The last packet of the stream that the output has acknowledged. Any thread.
    Optional<IndexEntry> of(StreamKey stream) {
        return Optional.ofNullable(positions.get(LostRecords.name(stream)));
    }

    /// The output has acknowledged a packet.
    void stored(StreamKey stream, IndexEntry entry) {
        String name = LostRecords.name(stream);
        positions.put(name, entry);
        slots.computeIfAbsent(name, _ -> free.isEmpty() ? nextSlot++ : free.pop());
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > SLOT_BYTES - NAME_AT) {
            return; // no file system has such names
        }
        slot.clear().putShort((short) bytes.length);
        QueuedPacket.putEntry(slot, entry);
        slot.put(bytes);
        while (slot.hasRemaining()) {
            slot.put((byte) 0);
        }
        write(slots.get(name));
    }

    /// Nothing more comes in the stream.
    void end(StreamKey stream) {
        String name = LostRecords.name(stream);
        positions.remove(name);
        Integer its = slots.remove(name);
        if (its != null) {
            free.push(its);
            slot.clear().putShort((short) 0);
            write(its);
        }
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
            file = Optional.empty();
        }
    }

    private void write(int number) {
        slot.flip();
        try {
            if (file.isEmpty()) {
                file =
                        Optional.of(
                                PrivateFiles.open(
                                        path,
                                        Set.of(
                                                StandardOpenOption.CREATE,
                                                StandardOpenOption.WRITE)));
            }
            long at = (long) number * SLOT_BYTES;
            while (slot.hasRemaining()) {
                file.get().write(slot, at + slot.position());
            }
        } catch (IOException e) {
            LOG.warn("Cannot keep how far the streams have come in " + path, e);
        }
    }

    private void read() {
        try {
            byte[] all = Files.readAllBytes(path);
            for (; (nextSlot + 1) * SLOT_BYTES <= all.length; nextSlot++) {
                read(ByteBuffer.wrap(all, nextSlot * SLOT_BYTES, SLOT_BYTES));
            }
        } catch (IOException e) {
            LOG.warn("Cannot read " + path, e);
        }
    }

    private void read(ByteBuffer untrusted) {
        untrusted.order(ByteOrder.LITTLE_ENDIAN);
        int length = Short.toUnsignedInt(untrusted.getShort());
        if (length == 0 || length > SLOT_BYTES - NAME_AT) {
            free.push(nextSlot);
            return;
        }
        IndexEntry entry = QueuedPacket.entry(untrusted);
        byte[] name = new byte[length];
        untrusted.get(name);
        slots.put(new String(name, StandardCharsets.UTF_8), nextSlot);
        positions.put(new String(name, StandardCharsets.UTF_8), entry);
    }
}
