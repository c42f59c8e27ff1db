// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.chunk;

import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.label.SessionLabel;
import dev.contrail.relay.log.RelayLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/// What a session records between two rotations, and its directory, which moves: from the session's
/// own to `.tmp_old_chunk`, `archives`, or nowhere.
///
/// Guarded by its own lock, the innermost one. Held by sessions and streams; what its producer
/// asked to be done with it is done when the last of them lets it go.
public final class TraceChunk {
    /// Until a rotation is over.
    static final String OLD = ".tmp_old_chunk";

    /// Until a rotation is over.
    static final String NEW = ".tmp_new_chunk";

    /// The session's own directory.
    static final String IN_PLACE = "";

    /// What becomes of a chunk that nobody records into any more.
    enum End {
        STAY,
        ARCHIVE,
        DELETE
    }

    private final OutputLayout layout;
    private final Path session;
    private final long id;
    private final long createdSeconds;
    private final String overrideName;
    private final Runnable settled;
    private final Set<String> topNames = new LinkedHashSet<>();

    /// Its own files, where others may lie beside them: those are nobody's to empty.
    private final Set<Path> made = new HashSet<>();

    private final boolean isAmongOthers;
    private String place;

    /// What was asked for; the place is another where something lies there already.
    private String wantedPlace;

    private String name;
    private End end = End.STAY;
    private int holders;
    private boolean isGone;
    private boolean isSettled;

    /// @param session absolute directory
    /// @param overrideName directory of a snapshot; empty otherwise
    /// @param place where its directory is to be made, below the session's
    /// @param settled to be called when nobody holds it any more
    TraceChunk(
            OutputLayout layout,
            Path session,
            long id,
            long createdSeconds,
            String overrideName,
            String place,
            Runnable settled)
            throws IOException {
        this.layout = layout;
        this.session = session;
        this.id = id;
        this.createdSeconds = createdSeconds;
        this.overrideName = overrideName;
        this.settled = settled;
        isAmongOthers = !overrideName.isEmpty() || session.equals(layout.root());
        name = layout.chunkName(id, createdSeconds, false, 0);
        wantedPlace = place;
        this.place = overrideName.isEmpty() ? freePlace(place) : overrideName;
        StoredFiles.makeDirectories(layout.root(), directory());
    }

    /// All of a session whose producer knows of no chunks.
    ///
    /// @param session absolute directory
    public static TraceChunk whole(OutputLayout layout, Path session) throws IOException {
        return new TraceChunk(layout, session, 0, 0, "", IN_PLACE, () -> {});
    }

    /// One that was left: nobody records into it any more.
    ///
    /// @param session absolute directory
    public TraceChunk(OutputLayout layout, Path session, String place) {
        this.layout = layout;
        this.session = session;
        this.place = place;
        id = 0;
        createdSeconds = 0;
        overrideName = "";
        settled = () -> {};
        isAmongOthers = false;
        name = place;
        wantedPlace = place;
        isSettled = true;
    }

    /// Where it is, and where it will be.
    public synchronized SessionLabel.Chunk label() {
        boolean isToBeMoved = end == End.ARCHIVE && !isSettled;
        return new SessionLabel.Chunk(
                place, isToBeMoved ? OutputLayout.ARCHIVES + "/" + name() : place);
    }

    /// Its producer's number.
    public long id() {
        return id;
    }

    boolean isOverridden() {
        return !overrideName.isEmpty();
    }

    /// `START-ID`, from its close on `START-END-ID`; a snapshot's own name.
    synchronized String name() {
        return isOverridden() ? overrideName : name;
    }

    /// Whether it was deleted: what it held is not to be shown any more.
    public synchronized boolean isGone() {
        return isGone;
    }

    /// Something to be done with the present path of a file.
    public interface Opening<T> {
        T at(Path path) throws IOException;
    }

    /// Makes the directory of a file below it, and calls `opening` with the file's present path.
    ///
    /// @throws FileAlreadyExistsException when it lies there and is another session's
    public synchronized <T> T create(Path relativeFile, Opening<T> opening) throws IOException {
        Path file = directory().resolve(relativeFile);
        if (isAmongOthers
                && made.add(relativeFile)
                && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            made.remove(relativeFile);
            throw new FileAlreadyExistsException(file.toString());
        }
        StoredFiles.makeDirectories(layout.root(), StoredFiles.parent(file));
        topNames.add(relativeFile.getName(0).toString());
        return opening.at(file);
    }

    /// Calls `opening` with the present path of a file.
    public synchronized <T> T open(Path relativeFile, Opening<T> opening) throws IOException {
        if (isGone) {
            throw new NoSuchFileException(relativeFile.toString());
        }
        return opening.at(directory().resolve(relativeFile));
    }

    /// Whether a file is there: somebody may have moved it away.
    public boolean has(Path relativeFile) throws IOException {
        return open(relativeFile, path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    }

    /// Opens a file of its own to read. What was copied here may have links that lead anywhere, and
    /// other things than files.
    ///
    /// @throws NoSuchFileException also when what lies there is none
    public FileChannel read(Path relativeFile) throws IOException {
        return open(
                relativeFile,
                path -> {
                    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                            || !path.toRealPath().startsWith(session.toRealPath())) {
                        throw new NoSuchFileException(path.toString());
                    }
                    return FileChannel.open(
                            path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                });
    }

    /// Reads what lies in a file from there on; nothing where it is gone.
    ///
    /// @param until where what may be read ends
    public ByteBuffer read(Path relativeFile, long from, long until, int mostBytes)
            throws IOException {
        var part = ByteBuffer.allocate(Math.clamp(until - from, 0, mostBytes));
        try (FileChannel reading = read(relativeFile)) {
            while (part.hasRemaining() && reading.read(part, from + part.position()) > 0) {
                continue;
            }
        } catch (NoSuchFileException e) {
            return ByteBuffer.allocate(0);
        }
        return part.flip();
    }

    /// Moves its directory to another place below the session's; to its name if `wanted` is that.
    synchronized void moveTo(String wanted) throws IOException {
        if (wanted.equals(wantedPlace) || isGone) {
            return;
        }
        String target = freePlace(wanted);
        Path from = directory();
        Path to = session.resolve(target);
        if (place.equals(IN_PLACE) || target.equals(IN_PLACE)) {
            StoredFiles.makeDirectories(layout.root(), to);
            for (String each : topNames) {
                if (Files.exists(from.resolve(each), LinkOption.NOFOLLOW_LINKS)) {
                    Files.move(from.resolve(each), to.resolve(each));
                }
            }
            if (!place.equals(IN_PLACE)) {
                Files.deleteIfExists(from);
            }
        } else {
            StoredFiles.makeDirectories(layout.root(), StoredFiles.parent(to));
            Files.move(from, to);
        }
        place = target;
        wantedPlace = wanted;
    }

    /// Its producer's last word on it.
    synchronized void close(long seconds, End wanted) {
        name = layout.chunkName(id, createdSeconds, true, seconds);
        if (end != End.DELETE) {
            end = wanted;
        }
    }

    /// Until it is released, its directory stays where its producer's requests put it.
    public synchronized void hold() {
        holders++;
    }

    /// Holds it, unless its end has been carried out.
    synchronized boolean tryHold() {
        if (!isSettled) {
            holders++;
        }
        return !isSettled;
    }

    /// The last one carries out its end.
    public synchronized void release() {
        holders--;
        if (holders > 0) {
            return;
        }
        isSettled = true;
        try {
            switch (end) {
                case STAY -> {}
                case ARCHIVE -> moveTo(OutputLayout.ARCHIVES + "/" + name());
                case DELETE -> delete();
            }
        } catch (IOException e) {
            RelayLog.failed("trace chunk " + directory() + " stays where it is", e);
        } finally {
            settled.run();
        }
    }

    private void delete() throws IOException {
        isGone = true;
        if (place.equals(IN_PLACE)) {
            for (String each : topNames) {
                StoredFiles.deleteTree(session.resolve(each));
            }
        } else {
            StoredFiles.deleteTree(directory());
        }
    }

    private Path directory() {
        return session.resolve(place);
    }

    /// The place itself, unless a relay that was killed, or another session, has left something
    /// there.
    private String freePlace(String wanted) {
        return !wanted.equals(IN_PLACE)
                        && Files.exists(session.resolve(wanted), LinkOption.NOFOLLOW_LINKS)
                ? wanted + "-" + Long.toUnsignedString(id) + "-" + System.nanoTime()
                : wanted;
    }
}
