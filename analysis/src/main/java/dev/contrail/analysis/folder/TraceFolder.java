// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.Reason;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// A folder with a `metadata` file and stream files.
///
/// @param suffix its path below the folder that the user named
/// @param files the stream files, sorted by name; hidden ones and folders are none
public record TraceFolder(
        Path folder, String suffix, Metadata metadata, TracePlan plan, List<ListedStream> files) {

    public TraceFolder {
        files = List.copyOf(files);
    }

    /// Finds the traces in a folder and below it, also behind symbolic links; a trace's own folders
    /// are not searched. A folder that links lead to as well is searched once, under the name that
    /// it has without them if it has one.
    ///
    /// @param unreadable told which folders below cannot be searched, and why
    /// @throws IOException when the folder itself cannot
    public static List<Path> find(Path root, Consumer<String> unreadable) throws IOException {
        var found = new ArrayList<Path>();
        var seen = new HashSet<Object>();
        var folders = new ArrayDeque<Path>(List.of(root));
        var links = new PriorityQueue<Path>();
        while (!folders.isEmpty() || !links.isEmpty()) {
            Path folder = folders.isEmpty() ? links.remove() : folders.remove();
            try {
                if (!seen.add(identity(folder))) {
                    continue;
                }
                if (metadataFile(folder).isPresent()) {
                    found.add(folder);
                } else {
                    addFolders(folder, folders, links);
                }
            } catch (NoSuchFileException e) {
                if (folder.equals(root)) {
                    throw e;
                } // otherwise it was removed meanwhile
            } catch (IOException e) {
                if (folder.equals(root)) {
                    throw e;
                }
                unreadable.accept(Reason.of(e));
            }
        }
        found.sort(null);
        return found;
    }

    /// As before, for who needs all of them.
    ///
    /// @throws IOException also when a folder below cannot be searched
    public static List<Path> find(Path root) throws IOException {
        var unreadable = new ArrayList<String>();
        List<Path> found = find(root, unreadable::add);
        if (!unreadable.isEmpty()) {
            throw new IOException(unreadable.getFirst());
        }
        return found;
    }

    /// What is equal for all paths that lead to the same folder.
    public static Object identity(Path folder) throws IOException {
        Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
        return key == null ? folder.toRealPath() : key;
    }

    private static void addFolders(Path folder, Queue<Path> folders, Queue<Path> links)
            throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (Files.isSymbolicLink(entry)) {
                    if (Files.isDirectory(entry) || !isReachable(entry)) {
                        links.add(entry);
                    }
                } else if (Files.isDirectory(entry) || !Files.exists(entry)) {
                    folders.add(entry); // who searches it learns why it cannot be looked at
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /// Whether a link leads to something, or nowhere for certain.
    private static boolean isReachable(Path link) {
        try {
            Files.readAttributes(link, BasicFileAttributes.class);
            return true;
        } catch (AccessDeniedException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /// Lists the stream files of a trace, then reads its metadata.
    ///
    /// @throws CtfException when the folder or its metadata cannot be read
    public static TraceFolder open(Path root, Path folder) throws CtfException {
        List<ListedStream> files;
        try {
            files = inParallel(streams(folder), path -> path, ListedStream::of);
        } catch (IOException e) {
            throw UnreadableFile.of(folder, "", e);
        }
        Path file = metadataFile(folder).orElse(folder.resolve("metadata"));
        try {
            Metadata metadata = MetadataFile.parse(file.toString(), metadataBytes(file));
            return new TraceFolder(
                    folder,
                    root.relativize(folder).toString(),
                    metadata,
                    TracePlan.of(file.toString(), metadata),
                    files);
        } catch (IOException e) {
            throw UnreadableFile.of(file, "", e);
        }
    }

    /// The packets of all files, found by all processors where those must unpack them.
    ///
    /// @param plan of the trace
    public List<PacketFile> packets(TracePlan plan) {
        return inParallel(files, ListedStream::path, file -> PacketFile.of(file, plan));
    }

    /// One result for each file, in their order.
    private static <T, R> List<R> inParallel(
            List<T> files, Function<T, Path> path, Function<T, R> look) {
        boolean isCompressed = files.stream().map(path).anyMatch(TraceFolder::isCompressed);
        Stream<T> all = isCompressed ? files.parallelStream() : files.stream();
        return all.map(look).toList();
    }

    private static boolean isCompressed(Path file) {
        String name = file.getFileName().toString();
        return !Compression.plainName(name).equals(name);
    }

    private static List<Path> streams(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(TraceFolder::isStream).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// The metadata of a folder: `metadata`, also compressed. Empty where there is none.
    public static Optional<Path> metadataFile(Path folder) {
        return Stream.of("metadata", "metadata.gz", "metadata.zst")
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /// What is in a metadata file, unpacked.
    public static byte[] metadataBytes(Path file) throws IOException, CtfException {
        Compression compression = Compression.of(file);
        try (InputStream in = compression.open(file)) {
            byte[] bytes = in.readNBytes(MetadataFile.MAX_BYTES + 1);
            if (bytes.length > MetadataFile.MAX_BYTES) {
                throw new CtfException(
                        file.toString(),
                        "more than %d bytes of metadata".formatted(MetadataFile.MAX_BYTES));
            }
            return bytes;
        } catch (IOException e) {
            if (compression == Compression.NONE) {
                throw e;
            }
            throw new CtfException(
                    file.toString(), "the compressed data cannot be read: " + Reason.of(e));
        }
    }

    /// A compressed file beside what it was made from, as `gzip --keep` leaves it, is none.
    private static boolean isStream(Path file) {
        String name = file.getFileName().toString();
        String plain = Compression.plainName(name);
        return !plain.equals("metadata")
                && !name.startsWith(".")
                && Files.isRegularFile(file)
                && (plain.equals(name) || !Files.isRegularFile(file.resolveSibling(plain)));
    }
}
