// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.ctf2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.Ctf2Traces;
import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.DynamicBlobClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.OptionalClass;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldLocation;
import dev.contrail.ctf.FieldLocation.Relative;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.RandomLayouts;
import dev.contrail.ctf.Scope;
import dev.contrail.ctf.Traces;
import dev.contrail.ctf.decode.PacketDecoder;
import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import dev.contrail.ctf.translate.Ctf2Translation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class Ctf2WriterTest {
    private static final Pattern LOCATION =
            Pattern.compile(
                    "(?:Relative\\[parents=\\d+|Absolute\\[origin=\\w+),"
                            + " path=\\[(?:[^]]*, )?([^],]*)]]");

    private static Metadata parse(String text) throws CtfException {
        return MetadataFile.parse("m", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertSame(Metadata read, Metadata written, String name) {
        assertThat(withLastNames(read.trace())).as(name).isEqualTo(withLastNames(written.trace()));
        assertThat(withLastNames(read.streams()))
                .as(name)
                .isEqualTo(withLastNames(written.streams()));
        assertThat(withLastNames(read.events()))
                .as(name)
                .isEqualTo(withLastNames(written.events()));
    }

    /// Locations that were relative are written as absolute: of either kind the last name is left.
    private static String withLastNames(Object classes) {
        return LOCATION.matcher(classes.toString()).replaceAll("$1");
    }

    @Test
    void readsBackEveryKindOfFragmentWithItsAttributes() throws CtfException {
        Metadata metadata = MetadataFile.parse("m", Ctf2Traces.sequence(Ctf2Traces.ALL));
        String text = Ctf2Writer.metadata(metadata);
        Metadata read = parse(text);
        assertSame(read, metadata, "all");
        assertThat(Ctf2Writer.metadata(read)).isEqualTo(text);
        assertThat(text).contains("\"attributes\": {\"k\": [null, 1.5]}");
    }

    @Test
    void readsBackRandomFieldClasses() throws CtfException {
        long base = System.nanoTime();
        for (int i = 0; i < 500; i++) {
            Metadata metadata = RandomLayouts.metadata(new Random(base + i));
            assertSame(parse(Ctf2Writer.metadata(metadata)), metadata, "seed " + (base + i));
        }
    }

    @Test
    void takesUpStreamsAndEventsThatAreAppended() throws CtfException {
        Metadata metadata = MetadataFile.parse("m", Ctf2Traces.sequence(Ctf2Traces.ALL));
        String text = Ctf2Writer.preamble(metadata.trace(), metadata.streams());
        for (EventClass event : metadata.events()) {
            text += Ctf2Writer.event(event);
        }
        assertSame(parse(text), metadata, "appended");
    }

    @Test
    void escapesWhatJsonCannotHold() throws CtfException {
        var event =
                new EventClass(
                        7,
                        0,
                        "a \"b\" \\ \n\t\u0001 \u001E é 😀",
                        3,
                        StructureClass.ABSENT,
                        Traces.struct(new Member("{\"", FieldClass.unsigned(8))));
        Metadata metadata = MetadataFile.parse("m", Ctf2Traces.sequence(Ctf2Traces.ALL));
        String text =
                Ctf2Writer.preamble(metadata.trace(), metadata.streams()) + Ctf2Writer.event(event);
        assertThat(parse(text).events()).containsExactly(event);
    }

    @Test
    void writesLocationsFromTheRootOfTheirScope() {
        var inner = new SequenceClass(FieldClass.unsigned(8), new Relative(2, List.of("n")), 1);
        var own =
                new StructureClass(
                        List.of(
                                new Member("k", FieldClass.unsigned(8)),
                                new Member("b", new DynamicBlobClass(own("k"), "text/plain"))),
                        1);
        var fields =
                Traces.struct(
                        new Member("n", FieldClass.unsigned(8)),
                        new Member(
                                "s",
                                Traces.struct(
                                        new Member("t", Traces.struct(new Member("a", inner))))),
                        new Member(
                                "list",
                                new ArrayClass(new OptionalClass(own, own("n"), List.of()), 2)));
        String text = Ctf2Writer.event(new EventClass(0, 0, "e", -1, fields, fields));
        assertThat(locations(text))
                .containsExactly(
                        "specific-context [\"n\"]",
                        "specific-context [\"n\"]",
                        "specific-context [\"list\", \"k\"]",
                        "payload [\"n\"]",
                        "payload [\"n\"]",
                        "payload [\"list\", \"k\"]");
    }

    private static FieldLocation own(String name) {
        return new Relative(0, List.of(name));
    }

    private static List<String> locations(String text) {
        return Pattern.compile("\"origin\": \"event-record-([a-z-]+)\", \"path\": (\\[.*?])")
                .matcher(text)
                .results()
                .map(found -> found.group(1) + " " + found.group(2))
                .toList();
    }

    @Test
    void refusesALocationThatLeadsOutOfItsScope() {
        var fields =
                Traces.struct(
                        new Member(
                                "s",
                                new SequenceClass(
                                        FieldClass.unsigned(8), new Relative(1, List.of("n")), 1)));
        var event = new EventClass(0, 0, "e", -1, StructureClass.ABSENT, fields);
        assertThatThrownBy(() -> Ctf2Writer.event(event))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("beyond the root");
    }

    @Test
    void refusesWhatOnlyCtf18Has() {
        var fields = Traces.struct(new Member("s", new SequenceClass(FieldClass.unsigned(8), "n")));
        var event = new EventClass(0, 0, "e", -1, StructureClass.ABSENT, fields);
        assertThatThrownBy(() -> Ctf2Writer.event(event))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a location of CTF 1.8: n");
    }

    @Test
    void translatesATraceWithoutTouchingItsStreams() throws CtfException {
        Metadata old = MetadataFile.parse("m", Traces.metadata());
        Metadata translated = Ctf2Translation.of("m", old);
        Metadata read = parse(Ctf2Writer.metadata(translated));
        assertSame(read, translated, "translated");
        byte[] packet = Traces.packet(3, (7L << 48) - 2, 5);
        assertThat(records(read, packet)).hasSize(5).isEqualTo(records(old, packet));
    }

    @Test
    void refusesToTranslateTimeThatRunsOnFromPacketToPacket() throws CtfException {
        Metadata old =
                MetadataFile.parse(
                        "m",
                        "trace { major = 1; minor = 8; byte_order = le; };"
                                + "clock { name = c; };"
                                + "stream { event.header := struct { integer { size = 8; map ="
                                + " clock.c.value; } timestamp; }; };"
                                + "event { name = e; fields := struct {}; };");
        assertThatThrownBy(() -> Ctf2Translation.of("m", old))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining("partial time stamps, but no full `timestamp_begin`");
    }

    /// Times and payloads.
    private static List<List<Long>> records(Metadata metadata, byte[] packet) throws CtfException {
        var decoder = new PacketDecoder(TracePlan.of("m", metadata));
        IndexEntry entry = decoder.begin(ByteBuffer.wrap(packet), "f", 0, 0, packet.length);
        var records = new ArrayList<List<Long>>();
        while (decoder.next()) {
            FieldLayout payload = decoder.layout(Scope.PAYLOAD).orElseThrow();
            int first = decoder.firstSlot(Scope.PAYLOAD);
            int end = payload.skip(decoder.slots(), first);
            var record = new ArrayList<Long>(List.of(decoder.ticks(), entry.sequence()));
            Arrays.stream(decoder.slots(), first, end).forEach(record::add);
            records.add(record);
        }
        return records;
    }
}
