// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.retention;

import dev.contrail.relay.chunk.OutputLayout;
import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.journal.SessionJournal;
import dev.contrail.relay.log.RelayLog;
import dev.contrail.relay.session.RelaySession;
import dev.contrail.relay.session.RelaySessions;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Removes the oldest traces where a [Retention] wants that: sessions that have ended, and archived
/// chunks of those that go on; never what is recorded into. Used by one thread.
///
/// What is removed is first moved aside, so that nobody finds a half of it; what a relay that was
/// killed has left there goes with the next look.
public final class RetainedTraces {
    /// Of directories of sessions, whichever relay has made them.
    private static final Pattern SESSION = Pattern.compile(".+-\\d{8}-\\d{6}(-\\d{1,3})?");

    /// How long a producer may be away that can go on with its session.
    static final long LONGEST_ABSENCE_MILLIS = TimeUnit.DAYS.toMillis(1);

    /// Below the output directory.
    static final String REMOVED = ".contrail-removed";

    private final RelaySessions sessions;
    private final Path root;
    private final Retention retention;
    private long removed;

    /// Something that can be removed as a whole.
    private record Item(Path directory, long bytes, long lastMillis) {}

    /// @param root the output directory
    public RetainedTraces(RelaySessions sessions, Path root, Retention retention) {
        this.sessions = sessions;
        this.root = root;
        this.retention = retention;
    }

    /// Removes what must go.
    ///
    /// @param nowMillis since 1970
    public void enforce(long nowMillis) throws IOException {
        StoredFiles.deleteTree(root.resolve(REMOVED));
        var items = new ArrayList<Item>();
        long total = collect(items, nowMillis);
        items.sort(Comparator.comparingLong(Item::lastMillis));
        long oldest = nowMillis - TimeUnit.SECONDS.toMillis(retention.seconds());
        for (Item each : items) {
            boolean isTooOld = retention.seconds() > 0 && each.lastMillis() < oldest;
            boolean isTooMuch = retention.bytes() > 0 && total > retention.bytes();
            if (isTooOld || isTooMuch) {
                remove(each.directory());
                total -= each.bytes();
            }
        }
        StoredFiles.deleteTree(root.resolve(REMOVED));
    }

    /// @return bytes of all traces, also of those that cannot go
    private long collect(List<Item> items, long nowMillis) throws IOException {
        Set<Path> recorded = new HashSet<>();
        sessions.all().forEach(each -> recorded.add(each.place()));
        if (recorded.contains(root)) {
            return 0; // producers before 2.11 do not say which directories are theirs
        }
        Set<Path> ended = new HashSet<>();
        sessions.readable().stream()
                .map(RelaySession::place)
                .filter(each -> !recorded.contains(each) && !each.equals(root))
                .filter(Files::isDirectory)
                .forEach(ended::add);
        for (Path group : directories(root)) {
            for (Path each : directories(group)) {
                if (SESSION.matcher(each.getFileName().toString()).matches()
                        && !recorded.contains(each)) {
                    ended.add(each);
                }
            }
        }
        // What lies in another one goes with that; what holds one that is recorded stays.
        ended.removeIf(each ->
                recorded.stream()
                                .anyMatch(other -> other.startsWith(each) || each.startsWith(other))
                        || ended.stream()
                                .anyMatch(other -> !other.equals(each) && each.startsWith(other)));
        long total = 0;
        for (Path each : recorded) {
            total += look(each).bytes();
            for (Path chunk : directories(each.resolve(OutputLayout.ARCHIVES))) {
                items.add(look(chunk));
            }
        }
        for (Path each : ended) {
            Item item = look(each);
            if (!Files.exists(each.resolve(SessionJournal.NAME)) || isAbandoned(item, nowMillis)) {
                items.add(item);
            }
            total += item.bytes();
        }
        return total;
    }

    /// Its producer does not come back to go on with it.
    private static boolean isAbandoned(Item item, long nowMillis) {
        return item.lastMillis() < nowMillis - LONGEST_ABSENCE_MILLIS;
    }

    private static List<Path> directories(Path of) throws IOException {
        if (!Files.isDirectory(of, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (var below = Files.list(of)) {
            return below.filter(each ->
                            Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)
                                    && !each.getFileName().toString().startsWith("."))
                    .toList();
        } catch (AccessDeniedException | NoSuchFileException e) { // no trace of ours
            return List.of();
        }
    }

    private static Item look(Path directory) throws IOException {
        long[] found = {0, 0};
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        found[0] += attributes.size();
                        found[1] = Math.max(found[1], attributes.lastModifiedTime().toMillis());
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException gone) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        return new Item(directory, found[0], found[1]);
    }

    private void remove(Path directory) throws IOException {
        for (RelaySession each : sessions.readable()) {
            if (each.isEnded() && each.place().startsWith(directory)) {
                sessions.forget(each);
            }
        }
        Path aside = root.resolve(REMOVED).resolve(Long.toString(removed++));
        StoredFiles.makeDirectories(root, aside);
        Files.move(directory, aside.resolve(directory.getFileName()));
        RelayLog.debug("removed " + directory);
    }
}
