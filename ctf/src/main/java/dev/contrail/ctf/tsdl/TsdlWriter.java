// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.FloatClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldClass.TextClass;
import dev.contrail.ctf.FieldClass.VariantClass;
import dev.contrail.ctf.FieldLocation;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Writes a trace's metadata as CTF 1.8 text (TSDL), block after block in the order of LTTng's.
///
/// The text only grows: the whole is [#preamble] followed by what [#stream] and [#event] give for
/// each class in the order in which they came into being, so that a live reader can take up what is
/// new (`ctf.md` section 18). Every text that a user chose is escaped. Classes that only CTF 2 has
/// are an `IllegalArgumentException`.
///
/// ```java
/// String metadata = TsdlWriter.preamble(trace, streams) + TsdlWriter.event(tick);
/// ```
public final class TsdlWriter {
    private final StringBuilder text = new StringBuilder();
    private final ByteOrder nativeOrder;

    /// Whether packets say their stream class: then, and only then, babeltrace2 takes ids of
    /// streams.
    private boolean hasStreamId = true;

    private int depth;

    private TsdlWriter(ByteOrder nativeOrder) {
        this.nativeOrder = nativeOrder;
    }

    /// The `trace`, `env` and `clock` blocks, then a `stream` block for each of `streams`.
    public static String preamble(TraceClass trace, List<StreamClass> streams) {
        var writer = new TsdlWriter(trace.byteOrder());
        writer.hasStreamId =
                trace.packetHeader().members().stream()
                        .anyMatch(member -> member.name().equals("stream_id"));
        writer.trace(trace);
        writer.environment(trace);
        for (ClockClass clock : trace.clocks()) {
            writer.clock(clock);
        }
        for (StreamClass stream : streams) {
            writer.streamBlock(stream);
        }
        return writer.text.toString();
    }

    /// One `stream` block of a little-endian trace. Its packet header must have a `stream_id`.
    public static String stream(StreamClass stream) {
        return stream(stream, ByteOrder.LITTLE_ENDIAN);
    }

    /// One `stream` block of a trace of the given byte order.
    public static String stream(StreamClass stream, ByteOrder nativeOrder) {
        var writer = new TsdlWriter(nativeOrder);
        writer.streamBlock(stream);
        return writer.text.toString();
    }

    /// One `event` block of a little-endian trace, to be appended after its stream's block.
    public static String event(EventClass event) {
        return event(event, ByteOrder.LITTLE_ENDIAN);
    }

    /// One `event` block of a trace of the given byte order.
    public static String event(EventClass event, ByteOrder nativeOrder) {
        var writer = new TsdlWriter(nativeOrder);
        writer.eventBlock(event);
        return writer.text.toString();
    }

    /// A TSDL string literal, quotes included. No TSDL string can hold U+0000: it becomes U+FFFD.
    static String quoted(String value) {
        var literal = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> literal.append("\\\"");
                case '\\' -> literal.append("\\\\");
                case '\n' -> literal.append("\\n");
                case '\t' -> literal.append("\\t");
                case '\r' -> literal.append("\\r");
                case '\0' -> literal.append('\uFFFD');
                default -> {
                    if (c < ' ' || c == 0x7F) {
                        literal.append(String.format(Locale.ROOT, "\\%03o", (int) c));
                    } else {
                        literal.append(c);
                    }
                }
            }
        }
        return literal.append('"').toString();
    }

    private void trace(TraceClass trace) {
        text.append("/* CTF 1.8 */\n\n");
        open("trace {");
        line("major = 1;");
        line("minor = 8;");
        if (!trace.uuid().equals(TraceClass.NO_UUID)) {
            line("uuid = " + quoted(trace.uuid().toString()) + ";");
        }
        line("byte_order = " + name(trace.byteOrder()) + ";");
        scope("packet.header", trace.packetHeader());
        close("};\n");
    }

    private void environment(TraceClass trace) {
        if (trace.environment().isEmpty()) {
            return;
        }
        open("env {");
        trace.environment()
                .forEach((name, value) ->
                        line(
                                (Identifiers.isIdentifier(name) ? name : quoted(name))
                                        + " = "
                                        + (value instanceof Number number
                                                ? number.toString()
                                                : quoted(value.toString()))
                                        + ";"));
        close("};\n");
    }

    /// Writes a negative offset as seconds before and ticks after: babeltrace2 refuses negative
    /// ticks.
    private void clock(ClockClass clock) {
        open("clock {");
        line("name = " + quoted(clock.name()) + ";");
        if (!clock.uuid().isEmpty()) {
            line("uuid = " + quoted(clock.uuid()) + ";");
        }
        if (!clock.description().isEmpty()) {
            line("description = " + quoted(clock.description()) + ";");
        }
        line("freq = " + clock.frequency() + ";");
        if (clock.precision() != 0 && clock.precision() != -1) {
            line("precision = " + Long.toUnsignedString(clock.precision()) + ";");
        }
        long seconds = clock.offsetSeconds();
        long ticks = clock.offsetTicks();
        if (ticks < 0) {
            seconds += Math.floorDiv(ticks, clock.frequency());
            ticks = Math.floorMod(ticks, clock.frequency());
        }
        if (seconds != 0) {
            line("offset_s = " + seconds + ";");
        }
        line("offset = " + ticks + ";");
        if (clock.isAbsolute()) {
            line("absolute = TRUE;");
        }
        close("};\n");
    }

    private void streamBlock(StreamClass stream) {
        open("stream {");
        if (hasStreamId || stream.id() != 0) {
            line("id = " + Long.toUnsignedString(stream.id()) + ";");
        }
        scope("packet.context", stream.packetContext());
        scope("event.header", stream.eventHeader());
        scope("event.context", stream.eventContext());
        close("};\n");
    }

    private void eventBlock(EventClass event) {
        open("event {");
        line("name = " + quoted(event.name()) + ";");
        line("id = " + Long.toUnsignedString(event.id()) + ";");
        line("stream_id = " + Long.toUnsignedString(event.streamId()) + ";");
        if (event.logLevel() != EventClass.NO_LOG_LEVEL) {
            line("loglevel = " + event.logLevel() + ";");
        }
        if (!event.emfUri().isEmpty()) {
            line("model.emf.uri = " + quoted(event.emfUri()) + ";");
        }
        scope("context", event.context());
        scope("fields", event.fields());
        close("};\n");
    }

    /// A scope without members is declared all the same: LTTng does so for the fields of every
    /// event, and readers then show `{ }`.
    private void scope(String name, StructureClass structure) {
        if (!structure.isAbsent()) {
            declare(name + " :=", structure, "");
        }
    }

    /// Writes `before TYPE name;` with the dimensions of an array after the name, as in C.
    private void declare(String before, FieldClass fieldClass, String name) {
        String start = before.isEmpty() ? "" : before + " ";
        switch (fieldClass) {
            case IntegerClass integer -> line(start + integer(integer) + spaced(name) + ";");
            case FloatClass number -> line(start + floatingPoint(number) + spaced(name) + ";");
            case TextClass _ -> line(start + "string" + spaced(name) + ";");
            case EnumerationClass enumeration -> enumeration(start, enumeration, name);
            case StructureClass structure -> {
                open(start + "struct {");
                members(structure.members());
                int least = structure.minimumAlignmentBits();
                close("}" + (least > 1 ? " align(" + least + ")" : "") + spaced(name) + ";");
            }
            case VariantClass(String tag, List<Member> options) -> {
                open(start + "variant <" + tag + "> {");
                members(options);
                close("}" + spaced(name) + ";");
            }
            case ArrayClass(FieldClass element, int length, int _) ->
                    declare(before, element, name + "[" + length + "]");
            case SequenceClass(FieldClass element, FieldLocation.TsdlPath(String path), int _) ->
                    declare(before, element, name + "[ " + path + " ]");
            case FieldClass other ->
                    throw new IllegalArgumentException("CTF 1.8 has no " + other.getClass());
        }
    }

    private void members(List<Member> members) {
        for (Member member : members) {
            declare("", member.fieldClass(), member.name());
        }
    }

    private void enumeration(String start, EnumerationClass enumeration, String name) {
        if (!(enumeration.container() instanceof IntegerClass container)) {
            throw new IllegalArgumentException("CTF 1.8 has no " + enumeration.container());
        }
        open(start + "enum : " + integer(container) + " {");
        Function<Long, String> number =
                enumeration.container().isSigned() ? Object::toString : Long::toUnsignedString;
        for (Mapping mapping : enumeration.mappings()) {
            String lower = number.apply(mapping.lower());
            String upper = number.apply(mapping.upper());
            String range = lower.equals(upper) ? lower : lower + " ... " + upper;
            line(quoted(mapping.label()) + " = " + range + ",");
        }
        close("}" + spaced(name) + ";");
    }

    private String integer(IntegerClass integer) {
        var type = new StringBuilder("integer { size = ").append(integer.sizeBits());
        type.append("; align = ").append(integer.alignmentBits());
        type.append("; signed = ").append(integer.isSigned() ? 1 : 0);
        type.append("; encoding = ").append(integer.isText() ? "UTF8" : "none");
        type.append("; base = ").append(integer.base()).append(';');
        if (!integer.clock().isEmpty()) {
            type.append(" map = clock.").append(integer.clock()).append(".value;");
        }
        return type.append(order(integer.byteOrder())).append(" }").toString();
    }

    private String floatingPoint(FloatClass number) {
        return "floating_point { exp_dig = %d; mant_dig = %d; align = %d;%s }"
                .formatted(
                        number.exponentBits(),
                        number.mantissaBits(),
                        number.alignmentBits(),
                        order(number.byteOrder()));
    }

    private String order(ByteOrder order) {
        return order == nativeOrder ? "" : " byte_order = " + name(order) + ";";
    }

    private static String name(ByteOrder order) {
        return order == ByteOrder.LITTLE_ENDIAN ? "le" : "be";
    }

    private static String spaced(String name) {
        return name.isEmpty() ? "" : " " + name;
    }

    private void open(String line) {
        line(line);
        depth++;
    }

    private void close(String line) {
        depth--;
        line(line);
    }

    private void line(String line) {
        text.repeat('\t', depth).append(line).append('\n');
    }
}
