// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.Traces;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.metadata.MetadataFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TsdlParserTest {
    private static final String TRACE =
            "/* CTF 1.8 */ trace { major = 1; minor = 8; byte_order = le; };"
                    + "typealias integer { size = 8; } := u8;"
                    + "typealias integer { size = 16; align = 8; } := u16;";

    private static StructureClass fields(String body) throws CtfException {
        Metadata metadata =
                MetadataFile.parse(
                        "metadata",
                        TRACE + "event { name = e; fields := struct { " + body + " }; };");
        TracePlan.of("metadata", metadata);
        return metadata.events().getFirst().fields();
    }

    private static int size(FieldClass fieldClass) {
        return ((IntegerClass) fieldClass).sizeBits();
    }

    @Test
    void letsAnInnerNameHideAnOuterOne() throws CtfException {
        StructureClass fields =
                fields("typedef u16 word; word a; struct { typedef u8 word; word b; } s; word c;");
        assertThat(size(fields.members().get(0).fieldClass())).isEqualTo(16);
        var inner = (StructureClass) fields.members().get(1).fieldClass();
        assertThat(size(inner.members().getFirst().fieldClass())).isEqualTo(8);
        assertThat(size(fields.members().get(2).fieldClass())).isEqualTo(16);
    }

    @Test
    void tellsIntegersByTheirWholeBlock() throws CtfException {
        StructureClass fields =
                fields(
                        "integer { size = 8; } a; integer { size = 8; } b;"
                                + "integer { size = 8; /* } */ align = 16; } c;"
                                + "integer { size = 8; /* } */ align = 32; } d;"
                                + "integer { size = 8; base = \"x\"; align = 4; } e;"
                                + "integer {\nsize = 8;\n} f; integer {\nsize = 8;\n} g;");
        assertThat(fields.members())
                .extracting(member -> member.fieldClass().alignmentBits())
                .containsExactly(8, 8, 16, 32, 4, 8, 8);
        assertThatThrownBy(() -> fields("integer {\n size = 8;\n} a; integer {\n size = 8;\n} a;"))
                .hasMessageContaining("line 5");
    }

    @Test
    void readsTheFirstBracketAsTheOuterDimension() throws CtfException {
        var outer = (ArrayClass) fields("u8 a[2][3];").members().getFirst().fieldClass();
        assertThat(outer.length()).isEqualTo(2);
        assertThat(((ArrayClass) outer.element()).length()).isEqualTo(3);
    }

    @Test
    void countsEnumerationValuesOnFromTheLastRange() throws CtfException {
        var enumeration =
                (EnumerationClass)
                        fields("enum : u8 { a, b = 10 ... 19, c, \"d e\" = 300 } x;")
                                .members()
                                .getFirst()
                                .fieldClass();
        assertThat(enumeration.mappings())
                .containsExactly(
                        new Mapping("a", 0, 0),
                        new Mapping("b", 10, 19),
                        new Mapping("c", 20, 20),
                        new Mapping("d e", 300, 300));
    }

    @Test
    void takesTheBitsOfEnumerationValuesThatTheContainerCannotHave() throws CtfException {
        var enumeration =
                (EnumerationClass)
                        fields("enum : u8 { below = -7, half = -1 ... 3 } x;")
                                .members()
                                .getFirst()
                                .fieldClass();
        assertThat(enumeration.mappings())
                .containsExactly(new Mapping("below", -7, -7), new Mapping("half", 0, 3));
    }

    @Test
    void takesTheByteOrderOfATraceBlockThatComesLater() throws CtfException {
        Metadata metadata =
                MetadataFile.parse(
                        "metadata",
                        "event { name = e; fields := struct { integer { size = 16; } a; }; };"
                                + "trace { major = 1; minor = 8; byte_order = be; };");
        var field =
                (IntegerClass)
                        metadata.events().getFirst().fields().members().getFirst().fieldClass();
        assertThat(field.byteOrder()).isEqualTo(ByteOrder.BIG_ENDIAN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nosuch a;",
                "u8 a; u8 a;",
                "u8 a; u8 _a;",
                "u8 a[-1];",
                "u8 a[4294967296];",
                "u8 a[b];",
                "u8 a[b]; u8 b;",
                "string s; u8 a[s];",
                "integer { size = 65; } a;",
                "integer { size = 8; size = 8; } a;",
                "integer { size = 8; align = 3; } a;",
                "integer { size = 8; align = 9223372036854775808; } a;",
                "integer { size = 8; base = 7; } a;",
                "integer { size = 8; map = clock.c.value; } a;",
                "floating_point { exp_dig = 7; mant_dig = 9; } a;",
                "variant { u8 a; } v;",
                "u8 t; variant <t> { u8 a; } v;",
                "enum : u8 { a = 2 ... 1 } e;",
                "enum { a } e;",
                "u8 a : 3;",
                "u8 'a';",
                "u8 a",
                "u8 ;",
                "struct nosuch s;",
                "u8 a; }; fields := struct {",
            })
    void refusesWhatMakesNoSense(String body) {
        assertThatThrownBy(() -> fields(body))
                .isInstanceOf(CtfException.class)
                .hasMessageStartingWith("metadata: ");
    }

    /// As babeltrace2's `sink.ctf.fs` writes it: before each stream class that has the clock.
    @Test
    void takesAClockThatIsDeclaredTwiceAsOne() throws CtfException {
        String start = "/* CTF 1.8 */ trace { major = 1; minor = 8; byte_order = le; };";
        String clock = "clock { name = c; freq = 1000; };";
        assertThat(MetadataFile.parse("m", start + clock + clock).trace().clocks()).hasSize(1);
        assertThatThrownBy(() ->
                        MetadataFile.parse("m", start + clock + "clock { name = c; freq = 7; };"))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining("clock `c` stands twice, and differs");
    }

    @Test
    void boundsNestingInTheText() {
        String structures = "struct { ".repeat(100_000) + "} s;".repeat(100_000);
        assertThatThrownBy(() -> fields(structures))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining("nested");
        assertThatThrownBy(() -> fields("u8 a" + "[2]".repeat(50_000) + ";"))
                .isInstanceOf(CtfException.class);
    }

    @Test
    void boundsTypesThatGrowByUsingEachOther() {
        var wide = new StringBuilder("typedef struct { u8 a; } t0;");
        var deep = new StringBuilder("typedef struct { u8 a; } d0;");
        for (int i = 1; i < 1000; i++) {
            wide.append("typedef struct { t%d a; t%d b; } t%d;".formatted(i - 1, i - 1, i));
            deep.append("typedef struct { d%d a; } d%d;".formatted(i - 1, i));
        }
        assertThatThrownBy(() -> fields(wide + "t999 x;")).isInstanceOf(CtfException.class);
        assertThatThrownBy(() -> fields(deep + "d999 x;")).isInstanceOf(CtfException.class);
    }

    @Test
    void readsTheWholeBlocksWhereverTheTextIsCut() throws CtfException {
        String text = Traces.metadata();
        int refused = 0;
        int undamaged = 0;
        for (int end = 0; end <= text.length(); end++) {
            String before = text.substring(0, end);
            try {
                Metadata metadata = MetadataFile.parse("m", before);
                TracePlan.of("m", metadata);
                assertThat(metadata.streams()).hasSize(isWhole(before, "stream {") ? 1 : 0);
                assertThat(metadata.events()).hasSize(isWhole(before, "event {") ? 1 : 0);
                undamaged += metadata.damage().isEmpty() ? 1 : 0;
            } catch (CtfException e) {
                assertThat(e).hasMessageStartingWith("m: ");
                assertThat(isWhole(before, "trace {")).isFalse();
                refused++;
            }
        }
        assertThat(refused).isEqualTo(text.indexOf("\n};") + 3); // until the trace block ends
        assertThat(undamaged).isBetween(4, 20); // after each block, and its blanks
    }

    private static boolean isWhole(String text, String block) {
        int start = text.indexOf(block);
        return start >= 0 && text.indexOf("\n};", start) >= 0;
    }

    @Test
    void survivesRandomDamage() {
        byte[] text = Traces.metadata().getBytes(StandardCharsets.UTF_8);
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] damaged = text.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(128);
            }
            try {
                TracePlan.of("m", MetadataFile.parse("m", damaged));
            } catch (CtfException e) {
                // as good as a value
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
    }

    @Test
    void joinsTokensThatAreCutBetweenMetadataPackets() throws CtfException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            byte[] packets = packetized(Traces.metadata(), 11, order);
            assertThat(MetadataFile.parse("m", packets))
                    .isEqualTo(MetadataFile.parse("m", Traces.metadata()));
        }
    }

    @Test
    void ignoresATornMetadataPacketWithAWarning() throws CtfException {
        byte[] packets = packetized(Traces.metadata() + " ".repeat(11), 11, ByteOrder.BIG_ENDIAN);
        byte[] torn = java.util.Arrays.copyOf(packets, packets.length - 3);
        assertThat(MetadataFile.parse("m", torn).warnings()).hasSize(1);
    }

    @Test
    void readsTheTextOfALastPacketThatLacksNothingElse() throws CtfException {
        byte[] packets = packetized(Traces.metadata(), 1 << 20, ByteOrder.BIG_ENDIAN);
        byte[] torn = java.util.Arrays.copyOf(packets, packets.length - 3);
        Metadata metadata = MetadataFile.parse("m", torn);
        assertThat(metadata.events())
                .isEqualTo(MetadataFile.parse("m", Traces.metadata()).events());
        assertThat(metadata.warnings())
                .containsExactly("m: the last metadata packet lacks 3 bytes, none of them text");
    }

    @Test
    void saysThatTheOnlyPacketIsCut() {
        byte[] packets = packetized(Traces.metadata(), 1 << 20, ByteOrder.BIG_ENDIAN);
        byte[] cut = java.util.Arrays.copyOf(packets, packets.length / 2);
        assertThatThrownBy(() -> MetadataFile.parse("m", cut))
                .hasMessageStartingWith("m: metadata packet 0 at byte 0: content of ")
                .hasMessageEndingWith(" but " + cut.length + " bytes are left");
    }

    @Test
    void tellsOfEveryCutInPacketizedMetadata() {
        byte[] packets = packetized(Traces.metadata(), 500, ByteOrder.LITTLE_ENDIAN);
        for (int length = 4; length < packets.length - 600; length++) {
            byte[] cut = java.util.Arrays.copyOf(packets, length);
            try {
                Metadata metadata = MetadataFile.parse("m", cut);
                assertThat(metadata.damage().size() + metadata.warnings().size()).isPositive();
            } catch (CtfException e) {
                assertThat(e).hasMessageStartingWith("m");
            }
        }
    }

    private static byte[] packetized(String text, int contentBytes, ByteOrder order) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int count = (bytes.length + contentBytes - 1) / contentBytes;
        ByteBuffer out = ByteBuffer.allocate(count * (37 + contentBytes + 5)).order(order);
        for (int at = 0; at < bytes.length; at += contentBytes) {
            int length = Math.min(contentBytes, bytes.length - at);
            int start = out.position();
            out.putInt(MetadataPackets.MAGIC).putLong(1).putLong(2).putInt(0);
            out.putInt((37 + length) * 8).putInt((37 + length + 5) * 8);
            out.put(new byte[] {0, 0, 0, 1, 8}).put(bytes, at, length).put(new byte[5]);
            assertThat(out.position()).isEqualTo(start + 37 + length + 5);
        }
        return java.util.Arrays.copyOf(out.array(), out.position());
    }

    @Test
    void declaresVariantsByAliasAndByName() throws CtfException {
        StructureClass fields =
                fields(
                        "enum color : u8 { RED, GREEN }; variant either { u8 RED; u16 GREEN; };"
                                + "enum color h; variant either <h> i;");
        assertThat(fields.members()).extracting(Member::name).containsExactly("h", "i");
    }

    /// Each is read so by babeltrace2 2.0.4.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "x = hello;",
                "x = (hello);",
                "x = \"hello\";",
                "x = ((\"hello\"));",
                "\"x\" = hello;",
                "(x) = hello;",
            })
    void takesAnIdentifierInTheEnvironmentForText(String entry) throws CtfException {
        assertThat(MetadataFile.parse("metadata", TRACE + "env { " + entry + " };").trace())
                .extracting(trace -> trace.environment().get("x"))
                .isEqualTo("hello");
    }

    @Test
    void takesParenthesesAndQuotedNames() throws CtfException {
        String entries = "a = (1); b = -(-(2)); \"c d\" = 3; e = TRUE; f = g.h;";
        assertThat(MetadataFile.parse("metadata", TRACE + "env { " + entries + " };").trace())
                .satisfies(trace ->
                        assertThat(trace.environment())
                                .containsEntry("a", 1L)
                                .containsEntry("b", 2L)
                                .containsEntry("c d", 3L)
                                .containsEntry("e", "TRUE")
                                .containsEntry("f", "g.h"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x = (1;", "x = 1);", "x = -hello;", "x = ;", "x y = 1;", "(x = 1;"})
    void refusesWhatIsNoEntryOfTheEnvironment(String entry) {
        assertThatThrownBy(() -> MetadataFile.parse("metadata", TRACE + "env { " + entry + " };"))
                .isInstanceOf(CtfException.class);
    }
}
