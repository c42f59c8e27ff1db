// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.Message;
import dev.contrail.analysis.Message.EventRecord;
import dev.contrail.analysis.MessageIterator;
import dev.contrail.analysis.Sink;
import dev.contrail.analysis.SourceStream;
import dev.contrail.analysis.SourceTrace;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.TraceStream;
import dev.contrail.analysis.folder.FilePackets;
import dev.contrail.analysis.folder.NoTrace;
import dev.contrail.analysis.folder.PacketFile;
import dev.contrail.analysis.folder.PacketMemory;
import dev.contrail.analysis.folder.TraceFolder;
import dev.contrail.analysis.live.LiveSession;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads all traces in some folders and below them, or of other sources, merged in the order of
/// time.
///
/// Whatever is intact is read: damage becomes a [Message.Damage] or an entry of [#damage].
///
/// ```java
/// try (TraceReader reader = TraceReader.open(List.of(folder))) {
///     while (reader.nextEvent()) {
///         EventRecord event = reader.event();
///         System.out.println(event.nanos() + " " + event.name() + " " + event.field("n"));
///     }
/// }
/// ```
public final class TraceReader implements MessageIterator {
    private final List<String> damage = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<Trace> traces = new ArrayList<>();
    private final List<StreamSource> sources = new ArrayList<>();
    private final PacketMemory memory = new PacketMemory();
    private final List<SourceTrace> others;
    private final List<LiveSession> live;
    private final MessageIterator muxer;
    private boolean isClosed;

    private TraceReader(
            List<Path> roots, List<SourceTrace> others, List<LiveSession> live, long addedNanos)
            throws IOException {
        this.others = List.copyOf(others);
        this.live = List.copyOf(live);
        for (List<TraceFolder> group : grouped(folders(roots))) {
            addTrace(group, addedNanos);
        }
        for (SourceTrace other : others) {
            addTrace(other, addedNanos);
        }
        if (Thread.currentThread().isInterrupted()) {
            // Files were closed by that; it is no damage of theirs.
            throw new InterruptedIOException("interrupted in opening traces");
        }
        warnings.addAll(MergedClocks.warnings(sources));
        muxer =
                live.isEmpty()
                        ? new Muxer(sources)
                        : new LiveMuxer(sources, live, new LiveTraces(traces, sources, addedNanos));
    }

    /// Opens the traces in `roots` and below: reads metadata and indexes, but no event.
    ///
    /// @throws IOException when a folder cannot be read, or the thread is interrupted; bad traces
    ///   are [#damage] instead
    public static TraceReader open(List<Path> roots) throws IOException {
        return new TraceReader(roots, List.of(), List.of(), 0);
    }

    /// Reads traces that lie in no folders, merged in time order; [#close] closes them.
    ///
    /// Where a source has nothing yet, [#next] waits.
    public static TraceReader of(List<SourceTrace> traces) throws IOException {
        return new TraceReader(List.of(), traces, List.of(), 0);
    }

    /// Both, with every clock's offset changed.
    public static TraceReader open(List<Path> roots, List<SourceTrace> others, long addedNanos)
            throws IOException {
        return new TraceReader(roots, others, List.of(), addedNanos);
    }

    /// All that a user named, with every clock's offset changed. Live sessions are read until they
    /// have ended; their traces and streams come meanwhile.
    public static TraceReader open(OpenSources opened, long addedNanos) throws IOException {
        return new TraceReader(opened.roots(), opened.traces(), opened.live(), addedNanos);
    }

    /// Whether traces and streams may come while others are read.
    public boolean isLive() {
        return !live.isEmpty();
    }

    /// Has a sink write out what it has, whenever what comes next is not recorded yet.
    public void flushing(Sink sink) {
        if (muxer instanceof LiveMuxer waiting) {
            waiting.flushing(sink);
        }
    }

    /// Whether relays remember how far what is read has been shown.
    public boolean isRemembered() {
        return live.stream().anyMatch(LiveSession::isRemembered);
    }

    /// What a viewer of that name said with [#shown] before it went away the last time; empty when
    /// it was not here before.
    public Optional<byte[]> mark() {
        return live.stream().map(LiveSession::mark).flatMap(Optional::stream).findFirst();
    }

    /// Nothing has been shown yet: relays are to remember where that was.
    public void begin(byte[] mark) {
        live.stream().filter(LiveSession::isRemembered).forEach(each -> each.begin(mark));
    }

    /// All messages up to the present one have been shown: relays are to remember it.
    ///
    /// @param mark what [#mark] gives the next time, up to 255 bytes
    public void shown(byte[] mark) {
        if (muxer instanceof LiveMuxer remembered) {
            remembered.shown(mark);
        }
    }

    /// The traces that could be opened.
    public List<Trace> traces() {
        return List.copyOf(traces);
    }

    /// What could not be read in opening; what could not in reading events is added as it is found.
    public List<String> damage() {
        return List.copyOf(damage);
    }

    /// What was passed over but costs no event, such as a wrong index.
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /// The streams of all traces; of live sessions a list that grows.
    public List<StreamSource> sources() {
        return isLive() ? Collections.unmodifiableList(sources) : List.copyOf(sources);
    }

    /// Moves to the next event, past all other messages; damage on the way is kept in [#damage].
    ///
    /// @return whether there is one
    public boolean nextEvent() throws IOException {
        while (next()) {
            switch (current()) {
                case EventRecord _ -> {
                    return true;
                }
                case Message.Damage(String what) -> damage.add(what);
                case Message.Remark(String what) -> warnings.add(what);
                case Message _ -> {}
            }
        }
        return false;
    }

    /// The event that [#nextEvent] moved to.
    public EventRecord event() {
        if (current() instanceof EventRecord event) {
            return event;
        }
        throw new IllegalStateException("not at an event");
    }

    @Override
    public boolean next() throws IOException {
        if (isClosed) {
            throw new IllegalStateException("the reader is closed"); // its memory is others' now
        }
        return muxer.next();
    }

    @Override
    public Message current() {
        return muxer.current();
    }

    @Override
    public long nanos() {
        return muxer.nanos();
    }

    @Override
    public void close() throws IOException {
        isClosed = true;
        muxer.close();
        for (SourceTrace other : others) {
            other.close();
        }
        for (LiveSession session : live) {
            session.close();
        }
    }

    private List<TraceFolder> folders(List<Path> roots) throws IOException {
        var folders = new ArrayList<TraceFolder>();
        var seen = new HashSet<Object>();
        for (Path named : roots) {
            Path root = named.toAbsolutePath().normalize();
            List<Path> found =
                    Files.isDirectory(root) ? TraceFolder.find(root, damage::add) : List.of();
            if (found.isEmpty()) {
                damage.add(named + ": no trace here: " + NoTrace.why(root));
            }
            for (Path folder : found) {
                if (!seen.add(TraceFolder.identity(folder))) {
                    continue;
                }
                try {
                    TraceFolder opened = TraceFolder.open(root, folder);
                    warnings.addAll(opened.metadata().warnings());
                    damage.addAll(opened.metadata().damage());
                    folders.add(opened);
                } catch (CtfException e) {
                    damage.add(e.getMessage());
                }
            }
        }
        return folders;
    }

    /// Folders of one trace identity are parts of one trace: rotated chunks, snapshots.
    private static List<List<TraceFolder>> grouped(List<TraceFolder> folders) {
        Map<Object, List<TraceFolder>> groups = new LinkedHashMap<>();
        for (TraceFolder folder : folders) {
            Optional<Object> identity = new Trace("", folder.metadata()).identity();
            Object key = identity.isPresent() ? identity.get() : folder.folder();
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(folder);
        }
        return List.copyOf(groups.values());
    }

    /// Of the folders' metadata the one that declares most is everyone's.
    private void addTrace(List<TraceFolder> folders, long addedNanos) throws IOException {
        TraceFolder richest =
                folders.stream()
                        .max(Comparator.comparingInt(folder -> richness(folder.metadata())))
                        .orElseThrow();
        var trace = new Trace(name(folders, richest.metadata()), richest.metadata());
        traces.add(trace);
        Map<Object, List<PacketFile>> streams = new LinkedHashMap<>();
        for (TraceFolder folder : folders) {
            for (PacketFile file : folder.packets(richest.plan())) {
                damage.addAll(file.damage());
                warnings.addAll(file.warnings());
                if (!file.packets().isEmpty()) {
                    add(file, richest, streams);
                }
            }
        }
        int unnumbered = 0;
        for (var stream : streams.entrySet()) {
            List<PacketFile> files = stream.getValue();
            IndexEntry first = files.getFirst().packets().getFirst().entry();
            StreamPlan plan = richest.plan().stream(first.streamClassId()).orElseThrow();
            var order = new PacketOrder(plan, warnings);
            List<FilePackets.Part> parts = order.of(files);
            first = parts.getFirst().location().entry();
            boolean isCtf2 = trace.metadata().trace().version() == CtfVersion.CTF_2;
            boolean isNumbered =
                    isCtf2 ? richest.plan().hasInstanceId() : isNumbered(richest.plan(), plan);
            long id = isNumbered ? first.streamInstanceId() : unnumbered++;
            Path file = isCtf2 ? files.getFirst().path() : parts.getFirst().file();
            var identity = new TraceStream(trace, plan.streamClass(), id, file.toString());
            sources.add(
                    new StreamSource(
                            identity,
                            richest.plan(),
                            plan,
                            new FilePackets(richest.plan(), parts, memory),
                            addedNanos));
        }
    }

    private void addTrace(SourceTrace other, long addedNanos) {
        Metadata metadata = other.metadata();
        warnings.addAll(metadata.warnings());
        damage.addAll(metadata.damage());
        if (!metadata.damage().isEmpty() && other.streams().isEmpty()) {
            return; // what could not be opened is no trace
        }
        TracePlan plan;
        try {
            plan = TracePlan.of(other.name(), metadata);
        } catch (CtfException e) {
            damage.add(e.getMessage());
            return;
        }
        var trace = new Trace(other.name(), metadata);
        traces.add(trace);
        for (SourceStream stream : other.streams()) {
            Optional<StreamPlan> known = plan.stream(stream.classId());
            if (known.isEmpty()) {
                damage.add(undeclared(stream.name(), stream.classId()));
                continue;
            }
            StreamPlan of = known.get();
            var identity = new TraceStream(trace, of.streamClass(), stream.id(), stream.name());
            sources.add(new StreamSource(identity, plan, of, stream.packets(), addedNanos));
        }
    }

    private static String undeclared(String stream, long classId) {
        return "%s: stream class %s is not declared"
                .formatted(stream, Long.toUnsignedString(classId));
    }

    /// Whether files of one stream class and instance id are one stream: their packets have an
    /// order.
    private static boolean isNumbered(TracePlan trace, StreamPlan stream) {
        return trace.hasInstanceId() && stream.hasBegin();
    }

    private static int richness(Metadata metadata) {
        return metadata.streams().size() + metadata.events().size();
    }

    private static String name(List<TraceFolder> folders, Metadata metadata) {
        String suffix = folders.size() == 1 ? folders.getFirst().suffix() : "";
        if (metadata.trace().environment().get("hostname") instanceof String host) {
            return suffix.isEmpty() ? host : host + "/" + suffix;
        }
        return suffix;
    }

    /// Adds a file's packets to those of its stream, which other files may have begun.
    private void add(PacketFile file, TraceFolder trace, Map<Object, List<PacketFile>> streams) {
        IndexEntry first = file.packets().getFirst().entry();
        Optional<StreamPlan> plan = trace.plan().stream(first.streamClassId());
        if (plan.isEmpty()) {
            damage.add(undeclared(file.path().toString(), first.streamClassId()));
            return;
        }
        Object key =
                isNumbered(trace.plan(), plan.get())
                        ? List.of(first.streamClassId(), first.streamInstanceId())
                        : file.path();
        streams.computeIfAbsent(key, _ -> new ArrayList<>()).add(file);
    }
}
