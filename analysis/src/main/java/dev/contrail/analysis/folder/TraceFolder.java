// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.folder;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.Reason;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    /// are not searched.
    public static List<Path> find(Path root) throws IOException {
        var found = new ArrayList<Path>();
        Files.walkFileTree(
                root,
                Set.of(FileVisitOption.FOLLOW_LINKS),
                Integer.MAX_VALUE,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        if (metadataFile(folder).isPresent()) {
                            found.add(folder);
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path path, IOException why)
                            throws IOException {
                        if (why instanceof FileSystemLoopException) {
                            return FileVisitResult.CONTINUE; // a link to a folder above it
                        }
                        throw why;
                    }
                });
        found.sort(null);
        return found;
    }

    /// Lists the stream files of a trace, then reads its metadata.
    public static TraceFolder open(Path root, Path folder) throws IOException, CtfException {
        var files = new ArrayList<ListedStream>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path path : entries.filter(TraceFolder::isStream).sorted().toList()) {
                files.add(ListedStream.of(path));
            }
        }
        Path file = metadataFile(folder).orElse(folder.resolve("metadata"));
        Metadata metadata = MetadataFile.parse(file.toString(), metadataBytes(file));
        return new TraceFolder(
                folder,
                root.relativize(folder).toString(),
                metadata,
                TracePlan.of(file.toString(), metadata),
                files);
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
