// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.Identity;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.tsdl.DeclarationCache.Known;
import dev.contrail.ctf.tsdl.DeclarationCache.Setting;
import dev.contrail.ctf.tsdl.TsdlStatements.Statement;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;

/// Reads the blocks of TSDL text. They may come in any order, so the text is cut into statements
/// first, and these are read by kind (`ctf.md` section 6.1); of texts whose ends were read before,
/// only the begins.
public final class TsdlParser {
    private static final Set<String> SETTING = Set.of("trace", "env", "clock");
    private static final Set<String> CLASSES = Set.of("stream", "event", "callsite");

    /// A block's attributes and the types that it assigns with `:=`.
    private record Block(TsdlAttributes attributes, Map<String, FieldClass> types, TsdlLexer at) {

        StructureClass scope(String name) throws CtfException {
            return switch (types.get(name)) {
                case null -> StructureClass.ABSENT;
                case StructureClass structure -> structure;
                case FieldClass _ -> throw at.error("`" + name + "` is not a structure");
            };
        }
    }

    private final String file;
    private final String text;
    private final TsdlStatements statements;
    private final List<String> warnings;
    private final SequencedMap<String, Object> environment = new LinkedHashMap<>();
    private final SequencedMap<String, ClockClass> clocks = new LinkedHashMap<>();
    private final SequencedMap<Long, StreamClass> streams = new LinkedHashMap<>();
    private final List<EventClass> events = new ArrayList<>();
    private final Map<Long, Set<Long>> eventIds = new HashMap<>();
    private final TsdlScope root = TsdlScope.root();
    private final ByteOrder order;
    private final TsdlTypes types;
    private final TraceClass trace;
    private long totalFields;

    /// Reads everything but stream and event classes.
    private TsdlParser(String file, String text, TsdlStatements statements, List<String> warnings)
            throws CtfException {
        this.file = file;
        this.text = text;
        this.statements = statements;
        this.warnings = new ArrayList<>(warnings);
        Statement traceBlock = onlyTrace();
        order = byteOrder(traceBlock);
        for (Statement statement : statements.of("env")) {
            environment(statements.lexer(statement));
        }
        for (Statement statement : statements.of("clock")) {
            clock(statements.lexer(statement));
        }
        types = new TsdlTypes(order, environment, clocks.keySet());
        for (Statement statement : statements.of("")) {
            TsdlLexer lexer = statements.lexer(statement);
            if (!types.takeDeclaration(lexer, root)) {
                throw lexer.wanted("a block or a declaration");
            }
        }
        trace = trace(block(traceBlock));
    }

    public static Metadata parse(String file, String text, List<String> warnings)
            throws CtfException {
        Optional<Known> known = DeclarationCache.atEndOf(text);
        if (known.isPresent()) {
            int end = text.length() - known.get().end().length();
            Optional<TsdlStatements> before = TsdlStatements.before(end, file, text);
            if (before.isPresent()) {
                var parser = new TsdlParser(file, text, before.get(), warnings);
                if (parser.setting(end).equals(known.get().setting())) {
                    return parser.metadata(known.get().streams(), known.get().events());
                }
            }
        }
        return new TsdlParser(file, text, TsdlStatements.of(file, text), warnings).metadata();
    }

    private Metadata metadata() throws CtfException {
        for (Statement statement : statements.of("callsite")) {
            lexerInside(statement);
        }
        for (Statement statement : statements.of("stream")) {
            stream(block(statement));
        }
        int passedOver = warnings.size();
        for (Statement statement : statements.of("event")) {
            event(block(statement));
        }
        Metadata read = metadata(List.copyOf(streams.values()), events);
        if (statements.damage().isEmpty() && warnings.size() == passedOver) {
            int end = statements.endBefore(CLASSES);
            DeclarationCache.add(
                    new Known(text.substring(end), setting(end), read.streams(), read.events()));
        }
        return read;
    }

    private Metadata metadata(List<StreamClass> allStreams, List<EventClass> allEvents) {
        return new Metadata(trace, allStreams, allEvents, warnings, statements.damage());
    }

    /// What stream and event classes after `end` depend on.
    private Setting setting(int end) {
        var constants = new HashMap<String, Object>(environment);
        constants.values().removeIf(value -> !(value instanceof Long));
        return new Setting(
                order, Set.copyOf(clocks.keySet()), constants, statements.textsUntil(end, SETTING));
    }

    private Statement onlyTrace() throws CtfException {
        List<Statement> traces = statements.of("trace");
        if (traces.isEmpty() && !statements.damage().isEmpty()) {
            String first = statements.damage().getFirst();
            String named = file + ": ";
            throw new CtfException(
                    file,
                    "no whole `trace` block; "
                            + (first.startsWith(named) ? first.substring(named.length()) : first));
        }
        if (traces.size() != 1) {
            throw new CtfException(
                    file + (traces.isEmpty() ? "" : ": line " + traces.get(1).line()),
                    traces.isEmpty()
                            ? "no `trace` block: did its recording end before the metadata was written?"
                            : traces.size() + " `trace` blocks, want one");
        }
        return traces.getFirst();
    }

    private TsdlLexer lexerInside(Statement statement) throws CtfException {
        TsdlLexer lexer = statements.lexer(statement);
        lexer.advance();
        return lexer;
    }

    /// Finds the byte order, which types need that stand before the block is read.
    private ByteOrder byteOrder(Statement traceBlock) throws CtfException {
        TsdlLexer lexer = lexerInside(traceBlock);
        int braces = 0;
        while (lexer.kind() != TsdlLexer.Kind.END) {
            braces += lexer.is("{") ? 1 : lexer.is("}") ? -1 : 0;
            if (braces == 1 && lexer.takeName("byte_order") && lexer.take("=")) {
                boolean isWord =
                        lexer.kind() == TsdlLexer.Kind.NAME || lexer.kind() == TsdlLexer.Kind.TEXT;
                return switch (isWord ? lexer.value() : "") {
                    case "le" -> ByteOrder.LITTLE_ENDIAN;
                    case "be", "network" -> ByteOrder.BIG_ENDIAN;
                    default -> throw lexer.wanted("`le` or `be`");
                };
            }
            lexer.advance();
        }
        throw new CtfException(
                file + ": line " + traceBlock.line(), "`trace` block without `byte_order`");
    }

    private void environment(TsdlLexer lexer) throws CtfException {
        lexer.advance();
        lexer.expect("{");
        while (!lexer.take("}")) {
            if (lexer.take(";")) {
                continue;
            }
            String name = TsdlAttributes.name(lexer, "a name");
            lexer.expect("=");
            switch (TsdlAttributes.value(lexer)) {
                case TsdlAttributes.Value.Number(BigInteger number) ->
                        environment.put(name, number.longValue());
                case TsdlAttributes.Value.Text(String value) -> environment.put(name, value);
                // babeltrace2 2.0.4 takes an identifier, also `TRUE`, for the text that it is.
                case TsdlAttributes.Value.Words(String word) -> environment.put(name, word);
            }
            lexer.expect(";");
        }
        lexer.expect(";");
    }

    private void clock(TsdlLexer lexer) throws CtfException {
        lexer.advance();
        TsdlAttributes attributes = TsdlAttributes.read(lexer, "clock");
        lexer.expect(";");
        Optional<String> name = attributes.text("name");
        if (name.isEmpty()) {
            throw lexer.error("clock without `name`");
        }
        long frequency = attributes.unsigned("freq", 1_000_000_000L);
        if (frequency < 1) {
            throw lexer.error(
                    "frequency %s, want 1 to 2^63 - 1".formatted(Long.toUnsignedString(frequency)));
        }
        BigInteger seconds = attributes.number("offset_s").orElse(BigInteger.ZERO);
        BigInteger ticks = attributes.number("offset").orElse(BigInteger.ZERO);
        if (ticks.bitLength() >= Long.SIZE) { // as many whole seconds as are in it
            BigInteger[] parts = ticks.divideAndRemainder(BigInteger.valueOf(frequency));
            seconds = seconds.add(parts[0]);
            ticks = parts[1];
        }
        var clock =
                new ClockClass(
                        name.get(),
                        attributes.text("uuid").orElse(""),
                        attributes.text("description").orElse(""),
                        frequency,
                        attributes.unsigned("precision", 0),
                        seconds.longValue(),
                        ticks.longValue(),
                        attributes.isTrue("absolute"));
        // babeltrace2's own copies declare a clock once for each stream class that has it.
        ClockClass known = clocks.putIfAbsent(name.get(), clock);
        if (known != null && !known.equals(clock)) {
            throw lexer.error(
                    "clock `%s` stands twice, and differs"
                            .formatted(CtfException.shortened(name.get())));
        }
    }

    private Block block(Statement statement) throws CtfException {
        TsdlLexer lexer = lexerInside(statement);
        TsdlScope scope = root.inner();
        var attributes = new TsdlAttributes(lexer, statement.kind());
        var assigned = new HashMap<String, FieldClass>();
        lexer.expect("{");
        while (!lexer.take("}")) {
            if (lexer.take(";") || types.takeDeclaration(lexer, scope)) {
                continue;
            }
            String name = TsdlAttributes.name(lexer, "an attribute");
            if (lexer.take("=")) {
                attributes.put(name);
                continue;
            }
            lexer.expect(":=");
            FieldClass type = types.type(lexer, scope);
            lexer.expect(";");
            if (assigned.putIfAbsent(name, type) != null) {
                throw lexer.error("`" + name + "` stands twice");
            }
        }
        lexer.expect(";");
        return new Block(attributes, assigned, lexer);
    }

    private TraceClass trace(Block block) throws CtfException {
        TsdlAttributes attributes = block.attributes();
        if (attributes.bounded("major", -1, -1, Integer.MAX_VALUE) != 1
                || attributes.bounded("minor", -1, -1, Integer.MAX_VALUE) != 8) {
            throw block.at().error("the version of the trace is not 1.8");
        }
        return new TraceClass(
                uuid(block), order, block.scope("packet.header"), environment, allClocks());
    }

    private List<ClockClass> allClocks() {
        return List.copyOf(clocks.values());
    }

    private static UUID uuid(Block block) throws CtfException {
        Optional<String> uuid = block.attributes().text("uuid");
        if (uuid.isEmpty()) {
            return TraceClass.NO_UUID;
        }
        if (!Identifiers.isUuid(uuid.get())) {
            throw block.at().error("`" + CtfException.shortened(uuid.get()) + "`, want a UUID");
        }
        return UUID.fromString(uuid.get());
    }

    private void stream(Block block) throws CtfException {
        TsdlAttributes attributes = block.attributes();
        if (!attributes.has("id") && statements.of("stream").size() > 1) {
            throw block.at().error("stream without `id`, though there are several");
        }
        long id = attributes.unsigned("id", 0);
        var stream =
                new StreamClass(
                        id,
                        block.scope("packet.context"),
                        block.scope("event.header"),
                        block.scope("event.context"));
        if (streams.putIfAbsent(id, stream) != null) {
            throw block.at().error("stream " + Long.toUnsignedString(id) + " stands twice");
        }
    }

    private void event(Block block) throws CtfException {
        TsdlAttributes attributes = block.attributes();
        Optional<String> name = attributes.text("name");
        if (name.isEmpty()) {
            throw block.at().error("event without `name`");
        }
        if (streams.isEmpty()) {
            streams.put(
                    0L,
                    new StreamClass(
                            0,
                            StructureClass.ABSENT,
                            StructureClass.ABSENT,
                            StructureClass.ABSENT));
        }
        if (!attributes.has("stream_id") && streams.size() > 1) {
            throw block.at().error("event without `stream_id`, though there are several streams");
        }
        long stream = attributes.unsigned("stream_id", streams.firstEntry().getKey());
        if (!streams.containsKey(stream)) {
            throw block.at().error("stream " + Long.toUnsignedString(stream) + " is not declared");
        }
        long id = attributes.unsigned("id", 0);
        if (!eventIds.computeIfAbsent(stream, _ -> new HashSet<>()).add(id)) {
            throw block.at().error("event id " + Long.toUnsignedString(id) + " stands twice");
        }
        var event =
                new EventClass(
                        id,
                        stream,
                        name.get().isEmpty() ? Identity.NONE : Identity.named(name.get()),
                        logLevel(block),
                        attributes.text("model.emf.uri").orElse(""),
                        block.scope("context"),
                        block.scope("fields"));
        totalFields += types.fieldCount(event.context()) + types.fieldCount(event.fields());
        if (totalFields > Metadata.MAX_TOTAL_FIELDS) {
            throw block.at()
                    .error("more than " + Metadata.MAX_TOTAL_FIELDS + " fields in all events");
        }
        events.add(event);
    }

    private int logLevel(Block block) throws CtfException {
        Optional<BigInteger> level = block.attributes().number("loglevel");
        if (level.isEmpty()) {
            return EventClass.NO_LOG_LEVEL;
        }
        if (level.get().signum() < 0 || level.get().compareTo(BigInteger.valueOf(14)) > 0) {
            warnings.add(block.at().error("log level " + level.get() + " is unknown").getMessage());
            return EventClass.NO_LOG_LEVEL;
        }
        return level.get().intValue();
    }
}
