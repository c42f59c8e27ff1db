// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.journal;

import dev.contrail.relay.file.StoredFiles;
import dev.contrail.relay.request.RecordingSession;
import dev.contrail.relay.request.Refusal;
import dev.contrail.wire.relay.ResultCode;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/// How far each stream of a session is stored, in a file beside the trace, so that its producer can
/// go on after a kill of this relay: what lies in a stream's file beyond that is cut off.
///
/// The file, big-endian: records of `u32` length and `u32` CRC-32C of what follows, so many bytes.
/// The first holds [#MAGIC], the session daemon's UUID and its `u64` session id; each other one
/// what [JournalEntry] says of a stream, the last of a stream counts. A record that is torn or
/// damaged is passed over; at the end it was never acknowledged, and is cut off. Guarded by its own
/// lock.
public final class SessionJournal implements AutoCloseable {
    /// Hidden: readers of traces pass over it.
    public static final String NAME = ".contrail-journal";

    private static final long MAGIC = 0x6374726A_726E6C31L;
    private static final int HEAD_BYTES = 8;
    private static final int MAX_RECORD_BYTES = 4096;

    /// A longer file is written anew, once it is several times as long as it need be.
    private static final long LEAST_REWRITTEN_BYTES = 1 << 20;

    /// A longer one is none of ours: 100,000 streams have half of it.
    private static final long MAX_FILE_BYTES = 64 << 20;

    private static final int REWRITTEN_TIMES = 4;

    private final Path path;

    /// Whose session it is.
    private final RecordingSession owner;

    private final Map<JournalEntry.Key, JournalEntry> streams = new HashMap<>();
    private FileChannel file;
    private long end;

    private SessionJournal(Path path, RecordingSession owner, FileChannel file) {
        this.path = path;
        this.owner = owner;
        this.file = file;
    }

    /// The journal of a session's directory; a new one where nothing lies yet.
    ///
    /// @param directory that exists
    /// @throws Refusal when something else lies there
    /// @throws dev.contrail.relay.file.FileInUseException when another relay goes on with it
    public static SessionJournal open(Path directory, RecordingSession owner)
            throws IOException, Refusal {
        Path path = directory.resolve(NAME);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            try (var files = Files.list(directory)) {
                if (files.findAny().isPresent()) {
                    throw Refusal.of(
                            ResultCode.INVALID, directory + " holds something without a journal");
                }
            }
            var made = new SessionJournal(path, owner, StoredFiles.create(path));
            made.rewrite(false);
            return made;
        }
        return found(path, owner, true);
    }

    private static SessionJournal found(Path path, RecordingSession owner, boolean isOwned)
            throws IOException, Refusal {
        FileChannel file = StoredFiles.goOnAlone(path);
        var found = new SessionJournal(path, owner, file);
        try {
            found.load(isOwned);
            return found;
        } catch (IOException | Refusal e) {
            file.close();
            throw e;
        }
    }

    /// A journal that was left, whoever's session it is of: to be looked at, and closed.
    static SessionJournal left(Path path) throws IOException, Refusal {
        return found(path, new RecordingSession(new UUID(0, 0), 0), false);
    }

    private void load(boolean isOwned) throws IOException, Refusal {
        if (file.size() > MAX_FILE_BYTES) {
            throw Refusal.of(ResultCode.INVALID, "%s has %d bytes".formatted(path, file.size()));
        }
        ByteBuffer untrusted = ByteBuffer.allocate((int) file.size());
        while (untrusted.hasRemaining() && file.read(untrusted, untrusted.position()) > 0) {}
        untrusted.flip();
        Optional<ByteBuffer> first = next(untrusted);
        if (first.isEmpty() || isOwned && !first.get().equals(ownerRecord())) {
            throw Refusal.of(ResultCode.INVALID, path + " is of another session");
        }
        end = untrusted.position();
        while (untrusted.hasRemaining()) {
            Optional<ByteBuffer> body = next(untrusted);
            if (body.isEmpty()) {
                untrusted.get(); // damaged: the next one begins somewhere behind
                continue;
            }
            try {
                JournalEntry stored = JournalEntry.decoded(body.get());
                streams.put(stored.key(), stored);
            } catch (BufferUnderflowException damaged) {
                continue;
            }
            end = untrusted.position();
        }
        file.truncate(end); // nobody was told of what is torn
    }

    /// The next record, if it is whole.
    private static Optional<ByteBuffer> next(ByteBuffer untrusted) {
        if (untrusted.remaining() < HEAD_BYTES) {
            return Optional.empty();
        }
        int length = untrusted.getInt(untrusted.position());
        int checksum = untrusted.getInt(untrusted.position() + Integer.BYTES);
        if (length <= 0
                || length > MAX_RECORD_BYTES
                || length > untrusted.remaining() - HEAD_BYTES) {
            return Optional.empty();
        }
        ByteBuffer body = untrusted.slice(untrusted.position() + HEAD_BYTES, length);
        if (checksum(body) != checksum) {
            return Optional.empty();
        }
        untrusted.position(untrusted.position() + HEAD_BYTES + length);
        return Optional.of(body);
    }

    private static int checksum(ByteBuffer body) {
        var sum = new CRC32C();
        sum.update(body.duplicate());
        return (int) sum.getValue();
    }

    private ByteBuffer ownerRecord() {
        UUID daemon = owner.daemonUuid();
        return ByteBuffer.allocate(4 * Long.BYTES)
                .putLong(MAGIC)
                .putLong(daemon.getMostSignificantBits())
                .putLong(daemon.getLeastSignificantBits())
                .putLong(owner.sessionId())
                .flip();
    }

    /// What is stored of a stream, if it is known.
    synchronized Optional<JournalEntry> of(JournalEntry.Key key) {
        return Optional.ofNullable(streams.get(key));
    }

    /// All that is stored.
    synchronized Collection<JournalEntry> all() {
        return streams.values().stream().toList();
    }

    /// So much more is stored. What it says is, when it returns.
    ///
    /// @param isSynced whether it survives a loss of power then
    synchronized void append(Collection<JournalEntry> more, boolean isSynced) throws IOException {
        for (JournalEntry each : more) {
            streams.put(each.key(), each);
        }
        if (end > LEAST_REWRITTEN_BYTES && end > REWRITTEN_TIMES * bytes(streams.values())) {
            rewrite(isSynced);
            return;
        }
        ByteBuffer records = ByteBuffer.allocate(Math.toIntExact(bytes(more)));
        more.forEach(each -> put(records, each.encoded()));
        write(records.flip());
        if (isSynced) {
            file.force(false);
        }
    }

    /// What it says survives a loss of power.
    synchronized void sync() throws IOException {
        file.force(false);
        StoredFiles.syncDirectory(StoredFiles.parent(path));
    }

    private void write(ByteBuffer records) throws IOException {
        int count = records.remaining();
        try {
            StoredFiles.write(file, records, end);
        } catch (IOException e) {
            file.truncate(end); // needs no room
            throw e;
        }
        end += count;
    }

    /// Each stream once, in another file that takes the place of this one.
    private void rewrite(boolean isSynced) throws IOException {
        Path next = path.resolveSibling(NAME + ".new");
        FileChannel before = file;
        FileChannel made = StoredFiles.create(next);
        try {
            ByteBuffer records =
                    ByteBuffer.allocate(
                            Math.toIntExact(
                                    HEAD_BYTES
                                            + ownerRecord().remaining()
                                            + bytes(streams.values())));
            put(records, ownerRecord());
            streams.values().forEach(each -> put(records, each.encoded()));
            int count = records.flip().remaining();
            StoredFiles.write(made, records, 0);
            if (isSynced) {
                made.force(true);
            }
            StoredFiles.claim(next, made);
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
            if (isSynced) {
                StoredFiles.syncDirectory(StoredFiles.parent(path));
            }
            file = made;
            end = count;
        } catch (IOException e) {
            made.close();
            throw e;
        }
        before.close();
    }

    private static long bytes(Collection<JournalEntry> all) {
        return all.stream().mapToLong(each -> HEAD_BYTES + each.encoded().remaining()).sum();
    }

    private static void put(ByteBuffer out, ByteBuffer body) {
        out.putInt(body.remaining()).putInt(checksum(body)).put(body);
    }

    /// Its session is complete: nobody goes on with it.
    synchronized void delete() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
