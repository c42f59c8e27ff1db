// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.relay.file.StoredFiles;
import dev.contrail.wire.CString;
import dev.contrail.wire.push.StreamPosition;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/// How far a viewer with a name has come in the streams of a session: a file beside the trace,
/// which is replaced as a whole. A crash at any time leaves the old one or the new one. Guarded by
/// its own lock.
///
/// The file, big-endian: `u64` [#MAGIC], `u32` CRC-32 of what follows, `u32` bytes of the mark, the
/// mark, `u32` streams, and of each `u32` bytes of its path, `u32` generation, `u32` bytes of its
/// channel's name, `u64` packet, `u64` events, path, name.
final class ViewerPlace {
    /// Below a session's directory.
    static final String DIRECTORY = ".contrail-viewers";

    /// Viewers with names that a session has.
    static final int MAX_VIEWERS = 256;

    /// Longest file that is read.
    static final int MAX_FILE_BYTES = 64 << 20;

    /// `CTRLPLC1` in ASCII.
    private static final long MAGIC = 0x4354_524c_504c_4331L;

    private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;
    private static final int ENTRY_BYTES = 3 * Integer.BYTES + 2 * Long.BYTES;

    private final Path file;
    private final boolean isResumed;
    private final Map<PlaceKey, StreamPosition> places = new LinkedHashMap<>();
    private byte[] mark = {};

    private ViewerPlace(Path file, boolean isResumed) {
        this.file = file;
        this.isResumed = isResumed;
    }

    /// Whether a session remembers a viewer.
    static boolean isKnown(Path session, String name) {
        return Files.isRegularFile(session.resolve(DIRECTORY).resolve(name));
    }

    /// Reads the place of a viewer, if there is one.
    ///
    /// @param session its directory
    /// @param name that can be that of a file
    /// @throws IOException also when there are too many viewers, or the file is damaged
    static ViewerPlace open(Path session, String name) throws IOException {
        Path directory = session.resolve(DIRECTORY);
        Path file = directory.resolve(name);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var place = new ViewerPlace(file, true);
            place.read(channel);
            return place;
        } catch (NoSuchFileException e) {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
                StoredFiles.syncDirectory(session);
            }
            try (var others = Files.list(directory)) {
                if (others.count() >= MAX_VIEWERS) {
                    throw new IOException(
                            "%s: there are %d viewers already".formatted(directory, MAX_VIEWERS),
                            e);
                }
            }
            return new ViewerPlace(file, false);
        }
    }

    private void read(FileChannel channel) throws IOException {
        if (channel.size() > MAX_FILE_BYTES) {
            throw new IOException(file + ": more than " + MAX_FILE_BYTES + " bytes");
        }
        var bytes = ByteBuffer.allocate((int) channel.size());
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            continue;
        }
        bytes.flip();
        try {
            if (bytes.getLong() != MAGIC || bytes.getInt() != checksum(bytes)) {
                throw damaged();
            }
            mark = take(bytes, bytes.getInt());
            int count = bytes.getInt();
            for (int i = 0; i < count; i++) {
                int pathBytes = bytes.getInt();
                int generation = bytes.getInt();
                int channelBytes = bytes.getInt();
                var place = new StreamPosition(bytes.getLong(), bytes.getLong());
                CString path = CString.of(ByteBuffer.wrap(take(bytes, pathBytes)));
                CString name = CString.of(ByteBuffer.wrap(take(bytes, channelBytes)));
                places.put(new PlaceKey(path, generation, name), place);
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw damaged();
        }
    }

    private IOException damaged() {
        return new IOException(
                file + ": it is damaged, and does not say where the viewer was; remove it");
    }

    private static byte[] take(ByteBuffer bytes, int count) {
        if (count < 0 || count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] taken = new byte[count];
        bytes.get(taken);
        return taken;
    }

    private static int checksum(ByteBuffer bytes) {
        var sum = new CRC32();
        sum.update(bytes.duplicate());
        return (int) sum.getValue();
    }

    /// Whether the viewer has been here before.
    boolean isResumed() {
        return isResumed;
    }

    /// What the viewer has said with its last place.
    synchronized byte[] mark() {
        return mark;
    }

    /// Where it is in a stream, if it has been there.
    synchronized Optional<StreamPosition> of(PlaceKey stream) {
        return Optional.ofNullable(places.get(stream));
    }

    /// It begins a stream there, unless it has been there before; to be [#store]d.
    synchronized void begin(PlaceKey stream, StreamPosition place) {
        places.putIfAbsent(stream, place);
    }

    /// It has come there; to be [#store]d.
    synchronized void shown(Map<PlaceKey, StreamPosition> more, byte[] newMark) {
        places.putAll(more);
        mark = newMark;
    }

    /// Makes the file say so, which it does even after a loss of power when this has returned.
    synchronized void store() throws IOException {
        ByteBuffer bytes = encoded();
        Path next = file.resolveSibling("." + file.getFileName() + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        StoredFiles.syncDirectory(StoredFiles.parent(file));
    }

    private ByteBuffer encoded() {
        int size = HEADER_BYTES + 2 * Integer.BYTES + mark.length;
        for (PlaceKey each : places.keySet()) {
            size += ENTRY_BYTES + each.path().length() + each.channel().length();
        }
        var bytes = ByteBuffer.allocate(size).position(HEADER_BYTES);
        bytes.putInt(mark.length).put(mark).putInt(places.size());
        places.forEach((key, place) -> {
            bytes.putInt(key.path().length()).putInt(key.generation());
            bytes.putInt(key.channel().length());
            bytes.putLong(place.packet()).putLong(place.events());
            key.path().putTo(bytes);
            key.channel().putTo(bytes);
        });
        bytes.flip();
        int sum = checksum(bytes.duplicate().position(HEADER_BYTES));
        return bytes.putLong(0, MAGIC).putInt(Long.BYTES, sum);
    }
}
