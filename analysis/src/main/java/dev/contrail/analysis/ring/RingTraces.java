// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.ring;

import dev.contrail.analysis.SourceStream;
import dev.contrail.analysis.SourceTrace;
import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.JvmSchema;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.ring.EventDescription;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.PoolSnapshot;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.read.RingPacket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.UUID;

/// Reads the ring file of a JVM: what it holds at this moment, whether its process lives or has
/// died, with nothing else at hand. Nothing is consumed, and no writer is stopped.
///
/// Each session that has recorded into the ring is a trace, each of its pools a stream class, each
/// cell of a pool a stream. A ring that no session records into has one trace, without streams.
final class RingTraces {
    private static final int ANY_OWNER = -1;

    private final Path path;
    private final RingFile file;
    private final ClockClass clock;
    private final List<EventClass> events = new ArrayList<>();
    private final List<StreamClass> streamClasses = new ArrayList<>();
    private final List<SourceStream> streams = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private RingTraces(Path path, RingFile file) throws IOException {
        this.path = path;
        this.file = file;
        String boot = file.isOfThisBoot() ? ProcFacts.BOOT.toString() : "";
        clock = ClockClass.monotonic(boot, file.clockOffset());
    }

    /// The traces in one ring.
    ///
    /// @throws IOException when it is none, is damaged or cannot be read
    static List<SourceTrace> of(Path path) throws IOException {
        try (RingFile file = RingFile.open(path, ANY_OWNER)) {
            var sessions = new LinkedHashMap<Long, List<Pool>>();
            for (Pool pool : file.pools()) {
                sessions.computeIfAbsent(pool.sessionId(), _ -> new ArrayList<>()).add(pool);
            }
            if (sessions.isEmpty()) {
                sessions.put(0L, List.of());
            }
            var traces = new ArrayList<SourceTrace>();
            for (Map.Entry<Long, List<Pool>> session : sessions.entrySet()) {
                String suffix =
                        sessions.size() == 1
                                ? ""
                                : "/session-" + Long.toHexString(session.getKey());
                traces.add(
                        new RingTraces(path, file)
                                .trace(session.getKey(), session.getValue(), suffix));
            }
            return traces;
        }
    }

    private SourceTrace trace(long session, List<Pool> pools, String suffix) throws IOException {
        var origin =
                new RingPackets.Origin(
                        path.toString(),
                        uuid(session),
                        (int) file.processId(),
                        JvmSchema.procname(processName()));
        long oldest = Pool.oldestOfMany(pools);
        for (Pool pool : pools) {
            add(pool, oldest, origin);
        }
        SequencedMap<String, Object> environment = environment();
        var trace =
                new TraceClass(
                        origin.uuid(),
                        ByteOrder.LITTLE_ENDIAN,
                        LttngSchema.packetHeader(),
                        environment,
                        List.of(clock));
        String host = environment.get("hostname") + "/";
        return new SourceTrace(
                host + path.getFileName().toString().replaceFirst("\\.ring$", "") + suffix,
                new Metadata(trace, streamClasses, events, warnings, List.of()),
                streams);
    }

    /// Contexts and event classes come last: those of all copied records are described by then.
    private void add(Pool pool, long oldest, RingPackets.Origin origin) throws IOException {
        long classId = streamClasses.size();
        PoolSnapshot snapshot = pool.snapshot(oldest);
        for (String cutOff : snapshot.cutOff()) {
            warnings.add(path + ": " + cutOff);
        }
        Map<Integer, List<RingPacket>> cells = new LinkedHashMap<>();
        for (RingPacket packet : snapshot.packets()) {
            cells.computeIfAbsent(packet.cell(), _ -> new ArrayList<>()).add(packet);
        }
        for (Map.Entry<Integer, List<RingPacket>> cell : cells.entrySet()) {
            long id = streams.size();
            streams.add(
                    new SourceStream(
                            classId,
                            id,
                            "channel %d, cell %d".formatted(pool.channelId(), cell.getKey()),
                            RingPackets.of(origin, cell.getValue(), classId, id)));
        }
        Member[] contexts = members(file.context(pool)).toArray(Member[]::new);
        streamClasses.add(JvmSchema.stream(classId, clock, contexts));
        var known = new LinkedHashMap<Integer, EventClass>();
        for (EventDescription event : file.events(pool)) {
            known.putIfAbsent(event.id(), eventClass(event, classId));
        }
        events.addAll(known.values());
    }

    private static EventClass eventClass(EventDescription event, long classId) {
        return new EventClass(
                event.id(),
                classId,
                event.name(),
                event.logLevel(),
                StructureClass.ABSENT,
                new StructureClass(members(event.fields()), 1));
    }

    private static List<Member> members(List<EventField> fields) {
        return fields.stream()
                .map(field ->
                        new Member(
                                "_" + field.name(), JvmSchema.field(field.type().metadataName())))
                .toList();
    }

    /// The same for the same session in the same ring, whenever it is read.
    private UUID uuid(long session) {
        ByteBuffer identity = ByteBuffer.allocate(24);
        identity.putLong(file.uuid().getMostSignificantBits());
        identity.putLong(file.uuid().getLeastSignificantBits());
        return UUID.nameUUIDFromBytes(identity.putLong(session).array());
    }

    /// As a session's trace has it. Rings of tracers that did not tell it are called after the
    /// process, while it lives.
    private String processName() throws IOException {
        String told = file.programName();
        if (!told.isEmpty()) {
            return told;
        }
        long id = file.foundProcessId();
        try {
            return id == 0 ? "java" : Files.readString(Path.of("/proc/" + id + "/comm")).strip();
        } catch (IOException e) {
            return "java"; // it has ended meanwhile
        }
    }

    private static SequencedMap<String, Object> environment() throws IOException {
        var environment = JvmSchema.environment();
        environment.put("hostname", Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        environment.put("producer_name", "contrail");
        return environment;
    }
}
