// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.journal;

import dev.contrail.ctf.Reason;
import dev.contrail.ctf.file.IndexFile;
import dev.contrail.relay.file.FileInUseException;
import dev.contrail.relay.file.SafeNames;
import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.file.StoredTail;
import dev.contrail.relay.label.LabelFile;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.request.Refusal;
import dev.contrail.wire.CString;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sessions with a journal that a relay before this one has left: what it did not finish is cut
/// off, so that their traces can be read whether their producers come back or not.
public final class LeftSessions {
    /// How far below the output directory the directory of a session lies at most.
    private static final int MOST_DEPTH = 8;

    private LeftSessions() {}

    /// Mends them all, before anybody connects.
    ///
    /// @param root the output directory
    /// @return the labels of those that have ended
    public static List<Path> mend(Path root) {
        var journals = new ArrayList<Path>();
        var labels = new ArrayList<Path>();
        try {
            look(
                    root,
                    MOST_DEPTH,
                    file -> {
                        if (file.endsWith(SessionJournal.NAME)) {
                            journals.add(file);
                        } else if (LabelFile.isOne(file)) {
                            labels.add(file);
                        }
                    });
        } catch (IOException e) {
            RelayLog.failed("sessions that were left are not looked at", e);
        }
        journals.forEach(LeftSessions::mendOne);
        return labels;
    }

    /// Whether the producer of a session may come back to it.
    public static boolean mayGoOn(Path label) {
        return Files.exists(label.resolveSibling(SessionJournal.NAME));
    }

    /// What cannot be looked into keeps nobody from the rest.
    private static void look(Path top, int depth, Consumer<Path> seen) throws IOException {
        Files.walkFileTree(
                top,
                Set.of(),
                depth,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (attributes.isRegularFile()) {
                            seen.accept(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure) {
                        RelayLog.warn("not looked at: " + Reason.of(failure));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) {
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static void mendOne(Path journal) {
        Path session = StoredFiles.parent(journal);
        try (var left = SessionJournal.left(journal)) {
            Map<String, JournalEntry> stored = byFile(left.all());
            for (Path each : files(session)) {
                var its = Optional.ofNullable(stored.get(session.relativize(each).toString()));
                if (each.endsWith("metadata")) {
                    if (its.isPresent()) {
                        mendMetadata(each, its.get());
                    }
                } else {
                    mendData(each, its);
                }
            }
        } catch (FileInUseException e) {
            RelayLog.debug(Reason.of(e)); // that relay lives, and needs no help
        } catch (IOException | Refusal e) {
            RelayLog.warn("%s is left as it is: %s".formatted(session, Reason.of(e)));
        }
    }

    private static List<Path> files(Path session) throws IOException {
        var files = new ArrayList<Path>();
        look(
                session,
                Integer.MAX_VALUE,
                file -> {
                    if (!file.getFileName().toString().startsWith(".")
                            && !StoredFiles.parent(file).endsWith("index")) {
                        files.add(file);
                    }
                });
        return files;
    }

    /// By their paths below the session's directory: a stream whose files have a limit has its
    /// number behind its name.
    private static Map<String, JournalEntry> byFile(Collection<JournalEntry> all) {
        var byFile = new HashMap<String, JournalEntry>();
        for (boolean isNumbered : new boolean[] {false, true}) {
            for (JournalEntry each : all) {
                String number = isNumbered ? "_" + Long.toUnsignedString(each.file()) : "";
                SafeNames.below(CString.of(each.key().path()))
                        .map(directory ->
                                directory.resolve(each.key().channel() + number).toString())
                        .ifPresent(file -> byFile.putIfAbsent(file, each));
            }
        }
        return byFile;
    }

    private static void mendMetadata(Path file, JournalEntry stored) throws IOException {
        try (FileChannel opened = StoredFiles.goOn(file)) {
            if (opened.size() > stored.bytes()) {
                opened.truncate(stored.bytes());
            }
        }
    }

    /// A file that is not in the journal keeps its whole packets.
    private static void mendData(Path file, Optional<JournalEntry> stored) throws IOException {
        StoredTail wanted =
                stored.map(its -> new StoredTail(its.bytes(), its.entries()))
                        .orElse(StoredTail.ALL);
        try (FileChannel data = StoredFiles.goOn(file);
                FileChannel index = StoredFiles.goOn(IndexFile.of(file))) {
            wanted.cut(data, index, IndexFile.ENTRY_BYTES);
        } catch (NoSuchFileException none) {
            return; // no packet has come
        }
    }
}
