// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm.ring;

import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.JvmSchema;
import dev.contrail.ctf.LttngSchema;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.tsdl.TsdlWriter;
import dev.contrail.recorder.domain.RingAccount;
import dev.contrail.recorder.domain.SessionFacts;
import dev.contrail.recorder.file.StateLog;
import dev.contrail.tracer.context.Contexts;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a session's trace of one user's applications declares: streams, event ids, stream numbers.
///
/// Everything that was given out is a line of a file, so that a restarted daemon gives out the
/// same. The control thread gives out event ids, the consumer thread stream numbers: guarded by the
/// object's lock, which is never held while waiting for anybody.
public final class JvmTrace {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_]+");

    private static final int USUAL_PACKET_BYTES = 64 << 10;
    private static final int MAX_EVENT_ID = 65_534;

    /// More than the streams that a trace has: where it is not known which numbers were given out,
    /// so many are left out, so that none means two streams.
    static final long LEFT_OUT = 1 << 20;

    private static final Map<String, Integer> WORDS_OF_FIRST_VERSION =
            Map.of("stream", 2, "event", 6, "process", 3, "departed", 6, "instance", 6);

    private final SessionFacts session;
    private final int uid;
    private final StateLog log;
    private final StringBuilder blocks = new StringBuilder();
    private final Map<Integer, Integer> nextEventId = new HashMap<>();
    private final Map<String, Integer> eventIds = new HashMap<>();
    private final Map<String, Long> instances = new HashMap<>();
    private final Map<String, String> processes = new HashMap<>();
    private final Map<String, long[]> departed = new HashMap<>();
    private long nextInstance;
    private String text = "";
    private UUID textUuid = TraceClass.NO_UUID;
    private int textBlocks = -1;

    private JvmTrace(SessionFacts session, int uid) throws IOException {
        this.session = session;
        this.uid = uid;
        Path file = session.stateDirectory().resolve("jvm-" + uid);
        if (Files.exists(file) && !StateLog.isOne(file)) {
            List<String> first = ofFirstVersion(file);
            if (!first.isEmpty()) {
                StateLog.begin(file, first);
            }
        }
        this.log = StateLog.open(file);
    }

    /// What a daemon of the first version has kept: a file of such lines, in which the numbers of
    /// streams did not stand, as they were given out in order.
    ///
    /// @return empty when the file is something else
    private static List<String> ofFirstVersion(Path file) throws IOException {
        if (Files.size(file) > StateLog.MAX_FILE_BYTES) {
            return List.of();
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        var records = new ArrayList<String>();
        long instances = 0;
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
            List<String> words = List.of(line.split("\t", -1));
            if (words.size() != WORDS_OF_FIRST_VERSION.getOrDefault(words.getFirst(), 0)) {
                return List.of();
            }
            boolean isInstance = words.getFirst().equals("instance");
            records.add(isInstance ? line.replaceFirst("\t", "\t" + instances++ + "\t") : line);
        }
        return records;
    }

    /// The trace of that user in that session, as an earlier daemon may have begun it.
    public static JvmTrace open(SessionFacts session, int uid) throws IOException {
        var trace = new JvmTrace(session, uid);
        for (String record : trace.log.records()) {
            try {
                trace.replay(record.split("\t", -1));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IOException(
                        "state of a trace: " + e.getMessage(), e); // a bug: its checksum is right
            }
        }
        if (trace.log.mayLackRecords()) {
            trace.nextInstance += LEFT_OUT;
            trace.instance(0, TraceClass.NO_UUID, 0, 0, 0); // of no stream: so that this is kept
        }
        return trace;
    }

    /// Relative to the session's output, as LTTng has it for per-user buffers.
    public String directory() {
        return "ust/uid/" + uid + "/64-bit";
    }

    /// The id of an event class in a channel, given out now if it is new.
    ///
    /// @param contexts of the channel: always the same
    /// @return empty when the channel has as many event classes as the record's header can tell
    ///   apart
    public synchronized OptionalInt eventId(
            int channelId,
            List<String> contexts,
            String name,
            int logLevel,
            List<EventField> fields)
            throws IOException {
        Integer known = eventIds.get(eventKey(channelId, name, logLevel, fields));
        if (known != null) {
            return OptionalInt.of(known);
        }
        if (!nextEventId.containsKey(channelId)) {
            var words = new ArrayList<>(List.of("stream", Integer.toString(channelId)));
            contexts.forEach(context -> words.add(encode(context)));
            keep(words.toArray(String[]::new));
            declareStream(channelId, contexts);
        }
        int id = nextEventId.getOrDefault(channelId, 0);
        if (id > MAX_EVENT_ID) {
            return OptionalInt.empty();
        }
        keep(
                "event",
                Integer.toString(channelId),
                Integer.toString(id),
                Integer.toString(logLevel),
                encode(name),
                describe(fields));
        declareEvent(channelId, id, logLevel, name, fields);
        return OptionalInt.of(id);
    }

    /// What makes two events of one class: the same name and fields at another level are another.
    private static String eventKey(
            int channelId, String name, int logLevel, List<EventField> fields) {
        return channelId + "\t" + name + "\t" + logLevel + "\t" + describe(fields);
    }

    /// The name of the process that writes a ring, kept for the time when nobody can say it any
    /// more.
    public synchronized void process(Path ring, String name) throws IOException {
        if (!processes.containsKey(ring.toString())) {
            keep("process", encode(ring.toString()), encode(name));
            processes.put(ring.toString(), name);
        }
    }

    /// The rings that [#process] was told of.
    public synchronized List<Path> rings() {
        return processes.keySet().stream().map(Path::of).toList();
    }

    /// Keeps the account of a ring that goes, for a daemon after this one.
    ///
    /// @param isHistory whether what it holds goes with it
    synchronized void departed(Path ring, int channelId, RingAccount account, boolean isHistory)
            throws IOException {
        long overwritten = isHistory ? account.recorded() : account.overwritten();
        String[] words = {
            "departed",
            Integer.toString(channelId),
            encode(ring.toString()),
            Long.toString(account.recorded()),
            Long.toString(account.discarded()),
            Long.toString(overwritten)
        };
        keep(words);
        replay(words);
    }

    /// Whether that ring's account is kept: its file is nobody's any more.
    public synchronized boolean isDeparted(Path ring, int channelId) {
        return departed.containsKey(channelId + "\t" + ring);
    }

    /// The account of all rings of the channel that have gone.
    synchronized RingAccount departedOf(int channelId) {
        long recorded = 0;
        long discarded = 0;
        long overwritten = 0;
        for (Map.Entry<String, long[]> each : departed.entrySet()) {
            if (each.getKey().startsWith(channelId + "\t")) {
                recorded += each.getValue()[0];
                discarded += each.getValue()[1];
                overwritten += each.getValue()[2];
            }
        }
        return new RingAccount(
                directory(),
                "ended applications",
                recorded,
                discarded,
                overwritten,
                Long.MAX_VALUE);
    }

    /// The name that [#process] was told, or `java`.
    public synchronized String processName(Path ring) {
        return processes.getOrDefault(ring.toString(), "java");
    }

    /// The number of the stream of one cell, if one was given out.
    synchronized OptionalLong knownInstance(
            int channelId, UUID ring, int pool, int generation, int cell) {
        Long known = instances.get(key(channelId, ring, pool, generation, cell));
        return known == null ? OptionalLong.empty() : OptionalLong.of(known);
    }

    /// The number of the stream of one cell; its packets carry it, its file is named after it.
    synchronized long instance(int channelId, UUID ring, int pool, int generation, int cell)
            throws IOException {
        String key = key(channelId, ring, pool, generation, cell);
        Long known = instances.get(key);
        if (known != null) {
            return known;
        }
        long next = nextInstance;
        keep(
                "instance",
                Long.toString(next),
                Integer.toString(channelId),
                ring.toString(),
                Integer.toString(pool),
                Integer.toString(generation),
                Integer.toString(cell));
        instances.put(key, next);
        nextInstance = next + 1;
        return next;
    }

    private static String key(int channelId, UUID ring, int pool, int generation, int cell) {
        return channelId + "\t" + ring + "\t" + pool + "\t" + generation + "\t" + cell;
    }

    /// The metadata of the trace with that UUID; a later text begins with an earlier one.
    synchronized String metadata(UUID traceUuid) {
        if (textBlocks != blocks.length() || !textUuid.equals(traceUuid)) {
            text = TsdlWriter.preamble(traceClass(traceUuid), List.of()) + blocks;
            textUuid = traceUuid;
            textBlocks = blocks.length();
        }
        return text;
    }

    private TraceClass traceClass(UUID traceUuid) {
        var environment = JvmSchema.environment();
        environment.put("tracer_buffering_scheme", "uid");
        environment.put("tracer_buffering_id", (long) uid);
        environment.put("architecture_bit_width", 64L);
        environment.put("trace_name", session.name());
        environment.put("trace_creation_datetime", session.created());
        environment.put("hostname", session.hostname());
        environment.put("producer_name", "contrail");
        environment.put("producer_version", "0.1.0");
        return new TraceClass(
                traceUuid,
                ByteOrder.LITTLE_ENDIAN,
                LttngSchema.packetHeader(),
                environment,
                List.of(session.clock()));
    }

    /// What was found wrong with what an earlier daemon has kept; empty for nothing.
    String problem() {
        return log.problem();
    }

    private void replay(String[] words) throws IOException {
        switch (words[0]) {
            case "stream" ->
                    declareStream(
                            Integer.parseInt(words[1]),
                            Stream.of(words).skip(2).map(JvmTrace::decode).toList());
            case "event" ->
                    declareEvent(
                            Integer.parseInt(words[1]),
                            Integer.parseInt(words[2]),
                            Integer.parseInt(words[3]),
                            decode(words[4]),
                            fields(words[5]));
            case "process" -> processes.put(decode(words[1]), decode(words[2]));
            case "departed" ->
                    departed.put(
                            words[1] + "\t" + decode(words[2]),
                            new long[] {
                                Long.parseLong(words[3]),
                                Long.parseLong(words[4]),
                                Long.parseLong(words[5])
                            });
            case "instance" -> {
                long number = Long.parseLong(words[1]);
                instances.put(String.join("\t", List.of(words).subList(2, words.length)), number);
                nextInstance = Math.max(nextInstance, number + 1);
            }
            default -> throw new IOException("state of a trace: unknown record " + words[0]);
        }
    }

    private void declareStream(int channelId, List<String> contexts) {
        nextEventId.put(channelId, 0);
        Member[] members = members(Contexts.fields(contexts)).toArray(Member[]::new);
        blocks.append(TsdlWriter.stream(JvmSchema.stream(channelId, session.clock(), members)));
    }

    /// The name as TSDL can say it: what is a letter to Java and not to C becomes `_` and its
    /// number in hexadecimal digits.
    private static String identifier(String untrustedName) {
        if (PLAIN.matcher(untrustedName).matches()) {
            return untrustedName;
        }
        var identifier = new StringBuilder();
        untrustedName
                .codePoints()
                .forEach(character -> {
                    String plain = Character.toString(character);
                    identifier.append(
                            PLAIN.matcher(plain).matches() ? plain : "_%04x".formatted(character));
                });
        return identifier.toString();
    }

    private void declareEvent(
            int channelId, int id, int logLevel, String name, List<EventField> fields) {
        nextEventId.put(channelId, id + 1);
        eventIds.put(eventKey(channelId, name, logLevel, fields), id);
        blocks.append(
                TsdlWriter.event(
                        new EventClass(
                                id,
                                channelId,
                                name,
                                logLevel,
                                StructureClass.ABSENT,
                                new StructureClass(members(fields), 1))));
    }

    private static List<Member> members(List<EventField> fields) {
        var members = new ArrayList<Member>();
        var names = new HashSet<String>();
        for (EventField field : fields) {
            String identifier = "_" + identifier(field.name());
            while (!names.add(identifier)) {
                identifier += "_";
            }
            members.add(new Member(identifier, JvmSchema.field(field.type().metadataName())));
        }
        return members;
    }

    private static String describe(List<EventField> fields) {
        var words = new ArrayList<String>();
        for (EventField field : fields) {
            words.add(encode(field.name()) + ":" + field.type());
        }
        return String.join(",", words);
    }

    private static List<EventField> fields(String words) {
        var fields = new ArrayList<EventField>();
        for (String word : words.isEmpty() ? new String[0] : words.split(",")) {
            int colon = word.indexOf(':');
            fields.add(
                    new EventField(
                            decode(word.substring(0, colon)),
                            FieldType.valueOf(word.substring(colon + 1))));
        }
        return fields;
    }

    private static String encode(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static String decode(String word) {
        return URLDecoder.decode(word, StandardCharsets.UTF_8);
    }

    private void keep(String... words) throws IOException {
        log.append(String.join("\t", words));
    }
}
