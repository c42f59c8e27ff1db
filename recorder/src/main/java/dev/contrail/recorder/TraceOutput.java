// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder;

import dev.contrail.ctf.IndexEntry;
import dev.contrail.ctf.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Writes traces below one directory as LTTng lays them out: `kernel/`, `ust/uid/UID/64-bit/`, in
/// each `metadata`, stream files, and `index/`.
///
/// What cannot be written is counted, never thrown at the ring: the trace stays whole up to there,
/// and [#problem] says what happened. Files that others have moved away, removed or emptied are
/// begun anew, unless something else lies there now. Goes on with the files of a daemon that was
/// killed: a torn packet is cut off, the index mended. Owned by one thread.
public final class TraceOutput implements PacketSink {
    private final Path directory;
    private final UUID seed;
    private final Map<StreamKey, StreamOutput> streams = new HashMap<>();
    private final Map<String, Metadata> metadata = new HashMap<>();
    private final Map<String, String> wanted = new HashMap<>();
    private final Map<String, UUID> uuids = new ConcurrentHashMap<>();
    private Optional<Place> place = Optional.empty();
    // Records of packets that were given up: added to the counts of the packets behind them.
    private final LostRecords lost;
    private volatile String problem = "";

    /// When the present call on the disk has begun; 0 when there is none.
    private volatile long busySince;

    /// Which look at the files it is; [Place#ALWAYS] where each packet looks.
    private long round = Place.ALWAYS;

    /// A metadata file as it was written.
    private record Metadata(String text, Place place) {}

    /// @param directory made when the first packet or metadata comes
    /// @param seed the traces' UUIDs follow from it and their directories' names, so that a
    ///   restarted daemon goes on with the same
    public TraceOutput(Path directory, UUID seed) {
        this(directory, seed, LostRecords.inMemory());
    }

    /// @param lost what an output before this one, of the same directory, has lost
    TraceOutput(Path directory, UUID seed, LostRecords lost) {
        this.directory = directory;
        this.seed = seed;
        this.lost = lost;
    }

    @Override
    public UUID traceUuid(String traceDirectory) {
        return uuids.computeIfAbsent(
                traceDirectory,
                trace ->
                        UUID.nameUUIDFromBytes(
                                (seed + "/" + trace).getBytes(StandardCharsets.UTF_8)));
    }

    /// From now on, until the next call, each file is looked for once: a look costs as much as a
    /// small packet. Without any call each packet looks.
    void beginRound() {
        round++;
    }

    @Override
    public Optional<IndexEntry> last(StreamKey stream) throws IOException {
        Path trace = directory.resolve(stream.traceDirectory());
        if (!streams.containsKey(stream)
                && !(Files.isDirectory(trace) && StreamOutput.isBegun(trace, stream))) {
            return Optional.empty();
        }
        busySince = System.nanoTime() | 1;
        try {
            return stream(stream).last();
        } catch (IOException e) {
            fail(e);
            throw e;
        } finally {
            busySince = 0;
        }
    }

    /// Where it cannot be written, the packets that need it are not stored, each of which tries
    /// again.
    @Override
    public void metadata(String traceDirectory, String text) {
        String before = wanted.put(traceDirectory, text);
        Metadata known = metadata.get(traceDirectory);
        if (!text.equals(before) || known == null || !text.equals(known.text)) {
            busySince = System.nanoTime() | 1;
            try {
                writeMetadata(traceDirectory);
            } catch (IOException e) {
                fail(e);
            } finally {
                busySince = 0;
            }
        }
    }

    private void writeMetadata(String traceDirectory) throws IOException {
        String text = wanted.getOrDefault(traceDirectory, "");
        Metadata known = metadata.get(traceDirectory);
        if (known != null && known.text.equals(text) && known.place.isKept(round)) {
            return;
        }
        Path file = trace(traceDirectory).resolve("metadata");
        boolean isMoved = known != null && !known.place.isKept(Place.ALWAYS);
        if (isMoved) {
            moved(file);
        }
        String stored = known == null || isMoved ? null : known.text;
        if (stored == null && Files.exists(file)) {
            stored = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        }
        if (stored != null && text.startsWith(stored)) {
            PrivateFiles.append(file, text.substring(stored.length()));
        } else {
            PrivateFiles.replace(file, text);
        }
        metadata.put(traceDirectory, new Metadata(text, Place.of(file)));
    }

    @Override
    public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) {
        try {
            store(stream, entry, packet);
        } catch (IOException e) {
            lose(stream, entry);
        }
    }

    /// As [#lose(StreamKey, IndexEntry)], because of something else than this output.
    ///
    /// @param why for the user
    void lose(StreamKey stream, IndexEntry entry, String why) {
        if (problem.isEmpty()) {
            problem = why;
        }
        lose(stream, entry);
    }

    /// That packet is given up: its records are counted as lost.
    void lose(StreamKey stream, IndexEntry entry) {
        lost.add(stream, Math.max(0, entry.recordCount()));
    }

    @Override
    public void store(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        busySince = System.nanoTime() | 1;
        try {
            if (wanted.containsKey(stream.traceDirectory())) {
                writeMetadata(stream.traceDirectory());
            }
            stream(stream).write(entry, packet, lost.of(stream));
        } catch (IOException e) {
            fail(e);
            throw e;
        } finally {
            busySince = 0;
        }
    }

    @Override
    public boolean mayGrow(StreamKey stream, long sequence, long moreBytes) throws IOException {
        StreamOutput known = streams.get(stream);
        return known != null && known.isInPlace(round) && known.mayGrow(sequence, moreBytes);
    }

    @Override
    public void end(StreamKey stream) throws IOException {
        StreamOutput known = streams.remove(stream);
        busySince = System.nanoTime() | 1;
        try (known) {
            if (known != null) {
                known.tell(lost.of(stream));
            }
        } finally {
            busySince = 0;
        }
    }

    /// Says in the traces what could not be stored until now, where no packet has said it.
    void tellLosses() {
        streams.forEach((key, stream) -> {
            busySince = System.nanoTime() | 1;
            try {
                if (stream.isInPlace(Place.ALWAYS)) {
                    stream.tell(lost.of(key));
                } else {
                    moved(directory.resolve(key.traceDirectory()));
                }
            } catch (IOException e) {
                fail(e);
            } finally {
                busySince = 0;
            }
        });
    }

    /// How long the disk has been busy with one thing, such as a packet, in nanoseconds; 0 when it
    /// is not. Any thread.
    long busyNanos() {
        long since = busySince;
        return since == 0 ? 0 : System.nanoTime() - since;
    }

    Path directory() {
        return directory;
    }

    /// How many bytes more fit into the stream's present file; as many as you like without a limit.
    long roomLeft(StreamKey stream) {
        StreamOutput known = streams.get(stream);
        return known == null ? 0 : known.roomLeft();
    }

    /// What went wrong, such as a full disk; empty for nothing. Any thread.
    public String problem() {
        return problem.isEmpty() && lost.sum() > 0
                ? "A daemon before this one could not write below " + directory
                : problem;
    }

    /// Records of packets that could not be written. Any thread.
    public long lostRecords() {
        return lost.sum();
    }

    /// Of these, the ones of a channel.
    long lostRecords(boolean isKernel, String channel) {
        return lost.ofChannel(isKernel, channel);
    }

    long lostOfStateDump(String channel) {
        return lost.ofStream("kernel/" + channel + "_" + StreamKey.STATE_DUMP);
    }

    @Override
    public void close() throws IOException {
        tellLosses();
        IOException first = null;
        for (StreamOutput stream : streams.values()) {
            try {
                stream.close();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        streams.clear();
        metadata.clear();
        wanted.clear();
        if (first != null) {
            fail(first);
            throw first;
        }
    }

    private StreamOutput stream(StreamKey key) throws IOException {
        StreamOutput known = streams.get(key);
        if (known != null && !known.isInPlace(round)) {
            streams.remove(key);
            known.close();
            known = null;
            moved(directory.resolve(key.traceDirectory()));
        }
        if (known == null) {
            Path trace = trace(key.traceDirectory());
            PrivateFiles.directory(trace.resolve("index"));
            known = StreamOutput.open(trace, key, traceUuid(key.traceDirectory()), lost.of(key));
            streams.put(key, known);
        }
        return known;
    }

    /// The directory of a trace, made where it is missing; but not inside something that others
    /// have put in the place of ours.
    private Path trace(String traceDirectory) throws IOException {
        if (place.isPresent()
                && !place.get().isKept(Place.ALWAYS)
                && !isEmpty(PrivateFiles.directory(directory))) {
            throw new IOException("something else lies there now");
        }
        Path trace = PrivateFiles.directory(directory.resolve(traceDirectory));
        place = Optional.of(Place.of(directory));
        return trace;
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    private void moved(Path what) {
        if (problem.isEmpty()) {
            problem =
                    "%s was moved away, removed or emptied by somebody: it was begun anew there, and what it held is where it was moved to, or gone"
                            .formatted(what);
        }
    }

    private void fail(IOException e) {
        if (problem.isEmpty()) {
            problem = "Cannot write below %s: %s".formatted(directory, Reason.of(e));
        }
    }
}
