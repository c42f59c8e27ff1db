// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.FieldClass.ArrayClass;
import dev.contrail.ctf.FieldClass.IntegerClass;
import dev.contrail.ctf.FieldClass.SequenceClass;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.metadata.MetadataFile;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How words of TSDL may be written: what random texts beside babeltrace2 have found.
class TsdlWordsTest {
    private static final String TRACE =
            "/* CTF 1.8 */ trace { major = 1; minor = 8; byte_order = be; };";

    private static Metadata parse(String text) throws CtfException {
        return MetadataFile.parse("metadata", text);
    }

    private static IntegerClass integer(String attribute) throws CtfException {
        String text = TRACE + "event { name = e; fields := struct { integer { %s } a; }; };";
        return (IntegerClass)
                parse(text.formatted(attribute))
                        .events()
                        .getFirst()
                        .fields()
                        .members()
                        .getFirst()
                        .fieldClass();
    }

    @Test
    void aStringEndsAtItsFirstNul() throws CtfException {
        Metadata metadata = parse(TRACE + "env { a = \"x\\0y\"; b = \"\\0\"; };");
        assertThat(metadata.trace().environment()).containsEntry("a", "x").containsEntry("b", "");
    }

    @Test
    void escapesAreBytesOfTheText() throws CtfException {
        Metadata metadata =
                parse(
                        TRACE
                                + "env { a = \"\\xc3\\xa9\"; b = \"\\303\\251\\x0411\"; c = \"é\\n😀\"; d = \"\\u00e9\"; e = \"x\\x\"; };");
        assertThat(metadata.trace().environment())
                .containsEntry("a", "é")
                .containsEntry("b", "éA1")
                .containsEntry("c", "é\n😀")
                .containsEntry("d", "é")
                .containsEntry("e", "x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "-1", "0x10", "true", "TRUE", "\"true\"", "\"TRUE\""})
    void isTrue(String word) throws CtfException {
        assertThat(integer("size = 8; signed = " + word + ";").isSigned()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "00", "false", "\"FALSE\""})
    void isFalse(String word) throws CtfException {
        assertThat(integer("size = 8; signed = " + word + ";").isSigned()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"True", "yes", "\"\"", "t"})
    void isNeither(String word) {
        assertThatThrownBy(() -> integer("size = 8; signed = " + word + ";"))
                .hasMessageContaining("want true or false");
    }

    @Test
    void takesTheByteOrderInQuotes() throws CtfException {
        Metadata metadata = parse(TRACE.replace("= be", "= \"be\""));
        assertThat(metadata.trace().byteOrder()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThatThrownBy(() -> parse(TRACE.replace("= be", "= \"middle\"")))
                .hasMessageContaining("want `le` or `be`");
    }

    @Test
    void takesTheSuffixesOfC() throws CtfException {
        for (String suffix : List.of("", "u", "L", "ll", "UL", "ull", "Lu", "LLU")) {
            assertThat(integer("size = 16" + suffix + ";").sizeBits()).isEqualTo(16);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uu", "lul", "lll", "ulu"})
    void refusesOtherSuffixes(String suffix) {
        assertThatThrownBy(() -> integer("size = 16" + suffix + ";"))
                .hasMessageContaining("suffix of the number `16" + suffix);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "env { a = 1; } { };",
                "env { a = 1; } b;",
                "clock { name = c; freq = 1; } { { } };",
                "clock { name = c; freq = 1; } c;",
                "typedef string a; typedef string a;",
                "typealias string := struct s; event { name = e; fields := struct s; };",
                "typealias string := enum s; event { name = e; fields := struct { enum s a; }; };",
                "typealias string := a; typedef string b, a;",
            })
    void refusesWhatStandsBehindABlockOrTwice(String text) {
        assertThatThrownBy(() -> parse(TRACE + text)).isInstanceOf(CtfException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"clock.c.value", "clock . c . value", "clock.c", "\"clock.c.value\""})
    void mapsToAClock(String path) throws CtfException {
        String text = TRACE + "clock { name = c; freq = 1; }; stream { event.header := struct {";
        Metadata metadata =
                parse(text + "integer { size = 8; map = " + path + "; } timestamp; }; };");
        var member = metadata.streams().getFirst().eventHeader().members().getFirst();
        assertThat(((IntegerClass) member.fieldClass()).clock()).isEqualTo("c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"clock", "c.value", "clock.c.nope", "clock.c.value.x", "\"clock.\""})
    void mapsToNothingElse(String path) {
        String clock = "clock { name = c; freq = 1; };";
        String event =
                "event { name = e; fields := struct { integer { size = 8; map = %s; } a; }; };";
        assertThatThrownBy(() -> parse(TRACE + clock + event.formatted(path)))
                .isInstanceOf(CtfException.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void aLengthMayStandInQuotes() throws CtfException {
        String text = "event { name = e; fields := struct { string a[\"n\"]; }; };";
        var array = parse(TRACE + text).events().getFirst().fields().members().getFirst();
        assertThat(array.fieldClass()).isInstanceOf(SequenceClass.class);
    }

    @Test
    void saysThatTwoTypesStandOneAfterTheOther() {
        String text = "event { name = e; fields := struct { integer { size = 8; } string id; }; };";
        assertThatThrownBy(() -> parse(TRACE + text))
                .hasMessageContaining("`string` and `id` stand one after the other");
    }

    @Test
    void anOffsetOfMoreTicksThanALongIsSecondsAndTicks() throws CtfException {
        String clock = "clock { name = c; freq = 10; offset_s = 5; offset = %s; };";
        Metadata metadata = parse(TRACE + clock.formatted("18446744073709551615"));
        var read = metadata.trace().clocks().getFirst();
        assertThat(read.offsetSeconds()).isEqualTo(1_844_674_407_370_955_161L + 5);
        assertThat(read.offsetTicks()).isEqualTo(5);
    }

    @Test
    void labelledCharactersAreTextToo() throws CtfException {
        String text =
                "event { name = e; fields := struct {"
                        + " enum : integer { size = 8; encoding = UTF8; } { A = 65 } a[3]; }; };";
        var array = parse(TRACE + text).events().getFirst().fields().members().getFirst();
        var element = ((ArrayClass) array.fieldClass()).element();
        assertThat(element.isCharacter()).isTrue();
    }
}
