// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.ctf.file.PacketLocation;
import dev.contrail.ctf.file.PacketTable;
import dev.contrail.ctf.file.StreamFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A stream file as it was before the metadata was read: its packets, if it has an index, and its
/// size.
///
/// In a trace that is being recorded, metadata is written before the packets that need it, and
/// packets before their entries in the index: what is listed here is whole and can be decoded, also
/// what lies below the size; what comes later perhaps not. The last packet may grow in place: what
/// is new is written first, then its header, then its entry. So the headers from the last entry's
/// packet on may say more than the index.
///
/// @param compression how it is compressed; nobody writes on in such a file
/// @param packets what the index lists, then what only the packets' headers say
/// @param unlisted how many of them are not in the index so, only in the layout that we write
/// @param isIndexed whether there is an index that can be used
/// @param refusal why it cannot; empty when it can or there is none
/// @param sizeBytes of a compressed file, how many it holds
/// @param damage why it holds no more than that, or cannot be read; empty when it is whole
public record ListedStream(
        Path path,
        Compression compression,
        List<PacketLocation> packets,
        int unlisted,
        boolean isIndexed,
        String refusal,
        long sizeBytes,
        String damage) {
    /// How often an index is read that makes no sense: it may be written at the same moment.
    private static final int ATTEMPTS = 3;

    /// How often headers are read of a file that grows meanwhile.
    private static final int LOOKS = 20;

    /// Packets after those that the index lists; a recorder writes one before its entry.
    private static final int MOST_UNLISTED = 4;

    /// Lists a file; one that cannot be read has nothing but that damage.
    static ListedStream of(Path path) {
        try {
            return readable(path);
        } catch (IOException e) {
            String damage = UnreadableFile.of(path, "", e).getMessage();
            return new ListedStream(path, Compression.NONE, List.of(), 0, false, "", 0, damage);
        }
    }

    private static ListedStream readable(Path path) throws IOException {
        Compression compression = Compression.of(path);
        if (compression != Compression.NONE) {
            return compressed(path, compression);
        }
        Path index = IndexFile.of(path);
        if (!Files.isRegularFile(index)) {
            return plain(path, List.of(), 0, false, "", Files.size(path));
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return indexed(path, index);
            } catch (CtfException e) {
                long size = Files.size(path);
                if (size == 0 || attempt == ATTEMPTS) {
                    String refusal = size == 0 ? "" : e.getMessage();
                    return plain(path, List.of(), 0, false, refusal, size);
                }
            }
        }
    }

    /// A compressed file may have the index of what it was made from.
    private static ListedStream compressed(Path path, Compression compression) {
        CompressedBytes.Measure whole = CompressedBytes.measure(path, compression);
        Path index = index(path);
        List<PacketLocation> listed = List.of();
        String refusal = "";
        if (Files.isRegularFile(index)) {
            try {
                listed = entries(index);
                checkEnd(index, listed, whole.bytes());
            } catch (CtfException e) {
                listed = List.of();
                refusal = e.getMessage();
            }
        }
        return new ListedStream(
                path,
                compression,
                listed,
                0,
                !listed.isEmpty(),
                refusal,
                whole.bytes(),
                whole.damage());
    }

    /// The index file, if there is one: of a compressed file that of what it was made from.
    Path index() {
        return compression == Compression.NONE ? IndexFile.of(path) : index(path);
    }

    private static Path index(Path compressed) {
        String name = Compression.plainName(compressed.getFileName().toString());
        return IndexFile.of(compressed.resolveSibling(name));
    }

    /// The same without what takes much memory.
    ListedStream withoutPackets() {
        return new ListedStream(
                path, compression, List.of(), 0, isIndexed, refusal, sizeBytes, damage);
    }

    /// Opens the file.
    StreamBytes open() throws IOException {
        if (compression == Compression.NONE && !damage.isEmpty()) {
            return new StreamBytes.None();
        }
        return compression == Compression.NONE
                ? new StreamBytes.Plain(FileChannel.open(path))
                : new CompressedBytes(path, compression, sizeBytes);
    }

    private static ListedStream plain(
            Path path,
            List<PacketLocation> packets,
            int unlisted,
            boolean isIndexed,
            String refusal,
            long sizeBytes) {
        return new ListedStream(
                path, Compression.NONE, packets, unlisted, isIndexed, refusal, sizeBytes, "");
    }

    private static ListedStream indexed(Path path, Path index) throws IOException, CtfException {
        PacketTable listed = entries(index);
        try (FileChannel stream = FileChannel.open(path)) {
            long size = stream.size();
            long end = checkEnd(index, listed, size);
            List<PacketLocation> behind = end < size ? behind(stream, listed) : List.of();
            if (behind.isEmpty()) {
                return plain(path, listed, 0, size > 0, "", stream.size());
            }
            PacketTable packets = listed;
            if (!listed.isEmpty() && behind.getFirst().offsetBytes() < end) {
                packets.removeLast();
            }
            packets.addAll(behind);
            return plain(path, packets, behind.size(), true, "", stream.size());
        }
    }

    /// Where the last packet ends, if the file has it.
    private static long checkEnd(Path index, List<PacketLocation> listed, long size)
            throws CtfException {
        long end = listed.isEmpty() ? 0 : listed.getLast().endBytes();
        if (end > size) {
            throw new CtfException(
                    index.toString(),
                    "packets end at byte %d, but the stream file at %d".formatted(end, size));
        }
        return end;
    }

    /// What cannot be read is as good as an index that makes no sense.
    private static PacketTable entries(Path index) throws CtfException {
        try (FileChannel entries = FileChannel.open(index)) {
            return IndexFile.readBegun(index.toString(), entries, Long.MAX_VALUE / 8);
        } catch (IOException e) {
            throw UnreadableFile.of(index, "", e);
        }
    }

    /// The last packet of the index, if it is longer now, and those after it. A header that says
    /// more than the file has had is read again.
    private static List<PacketLocation> behind(FileChannel stream, List<PacketLocation> listed)
            throws IOException {
        long from = listed.isEmpty() ? 0 : listed.getLast().offsetBytes();
        List<PacketLocation> found = List.of();
        long size = -1;
        for (int look = 0; look < LOOKS && stream.size() > size; look++) {
            size = stream.size();
            found = StreamFile.scan(stream, from, MOST_UNLISTED + 1).packets();
        }
        if (found.isEmpty() || listed.isEmpty()) {
            return found;
        }
        PacketLocation last = listed.getLast();
        if (found.getFirst().entry().isGrownFrom(last.entry())) {
            return found;
        }
        boolean isSame = found.getFirst().sizeBytes() == last.sizeBytes();
        return isSame ? found.subList(1, found.size()) : List.of();
    }
}
