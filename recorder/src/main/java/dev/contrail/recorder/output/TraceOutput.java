// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.file.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Writes traces below one directory as LTTng lays them out: `kernel/`, `ust/uid/UID/64-bit/`, in
/// each `metadata`, stream files, and `index/`.
///
/// What cannot be written is counted, never thrown at the ring: the trace stays whole up to there,
/// and [#problem] says what happened. Files that others have moved away, removed or emptied are
/// begun anew, unless something else lies there now. Goes on with the files of a daemon that was
/// killed: a torn packet is cut off, the index repaired. Owned by one thread.
public final class TraceOutput implements SessionOutput {
    private final Path directory;
    private final Map<StreamKey, StreamOutput> streams = new HashMap<>();
    private final Map<String, Metadata> metadata = new HashMap<>();
    private final Map<String, String> wanted = new HashMap<>();
    private final TraceUuids uuids;
    private Optional<Place> place = Optional.empty();
    // Records of packets that were given up: added to the counts of the packets after them.
    private final LostRecords lost;
    private final WriteTrouble trouble;
    private volatile String problem = "";

    private final Busy busy = new Busy();

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
    public TraceOutput(Path directory, UUID seed, LostRecords lost) {
        this.directory = directory;
        this.uuids = new TraceUuids(seed);
        this.lost = lost;
        this.trouble = WriteTrouble.below(directory);
    }

    @Override
    public TraceUuids uuids() {
        return uuids;
    }

    @Override
    public LostRecords lost() {
        return lost;
    }

    /// From now on, until the next call, each file is looked for once: a look costs as much as a
    /// small packet. Without any call each packet looks.
    @Override
    public void beginRound() {
        round++;
    }

    @Override
    public Optional<IndexEntry> last(StreamKey stream) throws IOException {
        Path trace = directory.resolve(stream.traceDirectory());
        try (var _ = busy.begin()) {
            if (!streams.containsKey(stream)
                    && !(Files.isDirectory(trace) && StreamOutput.isBegun(trace, stream))) {
                return Optional.empty();
            }
            return stream(stream).last();
        } catch (IOException e) {
            fail(e);
            throw e;
        }
    }

    /// Where it cannot be written, the packets that need it are not stored, each of which tries
    /// again.
    @Override
    public void metadata(String traceDirectory, String text) {
        String before = wanted.put(traceDirectory, text);
        Metadata known = metadata.get(traceDirectory);
        if (!text.equals(before) || known == null || !text.equals(known.text)) {
            try (var _ = busy.begin()) {
                writeMetadata(traceDirectory);
            } catch (IOException e) {
                fail(e);
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

    @Override
    public void lose(StreamKey stream, IndexEntry entry, String why) {
        if (problem.isEmpty()) {
            problem = why;
        }
        lose(stream, entry);
    }

    @Override
    public void lose(StreamKey stream, IndexEntry entry) {
        lost.add(stream, entry);
    }

    @Override
    public void store(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        try (var _ = busy.begin()) {
            if (wanted.containsKey(stream.traceDirectory())) {
                writeMetadata(stream.traceDirectory());
            }
            stream(stream).write(entry, packet, lost.of(stream).records());
            trouble.succeeded();
        } catch (IOException e) {
            fail(e);
            throw e;
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
        try (var _ = busy.begin();
                known) {
            if (known != null) {
                known.tell(lost.of(stream));
            }
        }
    }

    @Override
    public void tellLosses() {
        streams.forEach((key, stream) -> {
            try (var _ = busy.begin()) {
                if (stream.isInPlace(Place.ALWAYS)) {
                    stream.tell(lost.of(key));
                } else {
                    moved(directory.resolve(key.traceDirectory()));
                }
            } catch (IOException e) {
                fail(e);
            }
        });
    }

    @Override
    public long busyNanos() {
        return busy.nanos();
    }

    @Override
    public String place() {
        return directory.toString();
    }

    @Override
    public boolean isGrowing() {
        return true;
    }

    @Override
    public long roomLeft(StreamKey stream) {
        StreamOutput known = streams.get(stream);
        return known == null ? 0 : known.roomLeft();
    }

    @Override
    public String problem() {
        String writing = trouble.text();
        if (!problem.isEmpty()) {
            return writing.isEmpty() ? problem : problem + "; " + writing;
        }
        return writing.isEmpty() && lost.sum() > 0
                ? "A daemon before this one could not write below " + directory
                : writing;
    }

    @Override
    public void close() throws IOException {
        tellLosses();
        IOException first = null;
        for (StreamOutput stream : streams.values()) {
            try (var _ = busy.begin()) {
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
            known =
                    StreamOutput.open(
                            trace, key, traceUuid(key.traceDirectory()), lost.of(key).records());
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
                    "Another program has moved, removed or emptied %s: recording goes on in a new one; what the old one held is not in it"
                            .formatted(what);
        }
    }

    private void fail(IOException e) {
        trouble.failed(e);
    }
}
