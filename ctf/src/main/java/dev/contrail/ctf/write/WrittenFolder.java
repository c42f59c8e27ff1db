// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.write;

import dev.contrail.ctf.Utf8;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.file.IndexFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The folder of a trace that a [CtfWriter] writes: `metadata`, stream files, `index/NAME.idx`.
/// Files are the owner's alone.
final class WrittenFolder implements AutoCloseable {
    private static final FileAttribute<?> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNERS_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<OpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path folder;
    private final FileChannel metadata;

    private WrittenFolder(Path folder, FileChannel metadata) {
        this.folder = folder;
        this.metadata = metadata;
    }

    /// Begins a trace whose metadata begins so.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException when there is a trace already
    static WrittenFolder create(Path folder, String preamble) throws IOException {
        Files.createDirectories(folder, OWNERS_FOLDER);
        return new WrittenFolder(folder, begin(folder.resolve("metadata"), encoded(preamble)));
    }

    /// Appends to the metadata.
    void declare(String text) throws IOException {
        writeFully(metadata, encoded(text));
    }

    /// @throws IllegalArgumentException when a stream file cannot have that name
    static void check(String name) {
        boolean isFileName =
                !name.isEmpty()
                        && !name.startsWith(".")
                        && name.indexOf('/') < 0
                        && name.indexOf('\0') < 0;
        if (!isFileName || name.equals("metadata") || name.equals("index")) {
            throw new IllegalArgumentException("no name for a stream file: `" + name + "`");
        }
    }

    /// Begins a stream file and its index.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException when there is such a file, or its index
    PacketOutput stream(String name) throws IOException {
        Path file = folder.resolve(name);
        Path index = IndexFile.of(file);
        Files.createDirectories(index.getParent(), OWNERS_FOLDER);
        FileChannel data = begin(file, ByteBuffer.allocate(0));
        try {
            return new StreamAndIndex(data, begin(index, IndexFile.header()));
        } catch (IOException e) {
            undo(file, data, e);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        metadata.close();
    }

    /// A packet is in the file before its entry is in the index.
    private static final class StreamAndIndex implements PacketOutput {
        private final FileChannel data;
        private final FileChannel index;
        private long offsetBytes;

        StreamAndIndex(FileChannel data, FileChannel index) {
            this.data = data;
            this.index = index;
        }

        @Override
        public void packet(ByteBuffer packet, IndexEntry entry) throws IOException {
            try {
                writeFully(data, packet);
            } catch (IOException e) {
                data.truncate(offsetBytes);
                throw e;
            }
            writeFully(index, IndexFile.entry(offsetBytes, entry));
            offsetBytes += entry.packetBits() / 8;
        }

        @Override
        public void close() throws IOException {
            try (data) {
                index.close();
            }
        }
    }

    /// Makes a file that begins so; when it cannot, there is none.
    private static FileChannel begin(Path path, ByteBuffer bytes) throws IOException {
        FileChannel file = FileChannel.open(path, NEW, OWNERS_FILE);
        try {
            writeFully(file, bytes);
        } catch (IOException e) {
            undo(path, file, e);
            throw e;
        }
        return file;
    }

    private static void undo(Path path, FileChannel file, IOException why) {
        try (file) {
            Files.delete(path);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    private static ByteBuffer encoded(String text) {
        return ByteBuffer.wrap(Utf8.bytes(text));
    }
}
