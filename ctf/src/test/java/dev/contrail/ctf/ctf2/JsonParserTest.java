// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.ctf2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.ctf.CtfException;
import dev.contrail.ctf.JsonValue;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonParserTest {

    private static JsonValue parse(String text) throws CtfException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new JsonParser("f", bytes, 0, bytes.length).parse();
    }

    @Test
    void readsEveryKindOfValueWithItsPlace() throws CtfException {
        var members =
                (JsonValue.Members)
                        parse(" {\"a\": [1, -2.5e1, true, null], \"b\": {}, \"c\": false}\n");
        assertThat(members.values().sequencedKeySet()).containsExactly("a", "b", "c");
        assertThat(((JsonValue.Elements) members.values().firstEntry().getValue()).values())
                .containsExactly(
                        new JsonValue.Whole(8, BigInteger.ONE),
                        new JsonValue.Real(11, -25.0),
                        new JsonValue.Truth(19, true),
                        new JsonValue.Null(25));
    }

    @Test
    void readsEscapesAndPairsOfSurrogates() throws CtfException {
        assertThat(parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00é😀\""))
                .isEqualTo(new JsonValue.Text(0, "\"\\/\b\f\n\r\té😀é😀"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "{\"a\": 1,}        | byte 8: found `}`, want the name of a property",
                "[1 2]              | byte 3: found `2`, want `,` or `]`",
                "[1,]               | byte 3: found `]`, want a JSON value",
                "// x               | byte 0: found `/`, want a JSON value",
                "01                 | byte 1: found `1`, want the end of the fragment",
                "-                  | byte 1: found the end, want a digit",
                "1.                 | byte 2: found the end, want a digit",
                "+1                 | byte 0: found `+`, want a JSON value",
                "NaN                | byte 0: found `N`, want a JSON value",
                "tru                | byte 3: found the end, want `true`",
                "\"a                | byte 2: found the end, want `\"` at the end of the text",
                "\"\\x\"            | byte 2: found `x`, want one of `\"\\/bfnrtu` after `\\`",
                "\"\\uD83D\"        | byte 3: half of a surrogate pair",
                "\"\\uDE00\"        | byte 3: half of a surrogate pair",
                "\"\\u12g4\"        | byte 5: found `g`, want four hexadecimal digits",
                "{\"a\":1,\"a\":2}  | byte 7: property `a` stands twice",
                "{} {}              | byte 3: found `{`, want the end of the fragment",
            })
    void saysWhereWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(CtfException.class)
                .hasMessage("f, " + message);
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        byte[] bytes = {'"', 'a', (byte) 0xC3, '"'};
        assertThatThrownBy(() -> new JsonParser("f", bytes, 0, bytes.length).parse())
                .isInstanceOf(CtfException.class)
                .hasMessage("f, byte 1: text that is not UTF-8");
    }

    @Test
    void boundsNestingNumbersAndValues() throws CtfException {
        int deepest = JsonParser.MAX_DEPTH;
        assertThat(parse("[".repeat(deepest) + "]".repeat(deepest)).offset()).isZero();
        assertThatThrownBy(() -> parse("[".repeat(deepest + 1)))
                .hasMessage("f, byte 620: nested more than 620 deep");
        assertThatThrownBy(() -> parse("1".repeat(1 << 20)))
                .hasMessageContaining("a number of more than 100 characters");
        assertThatThrownBy(() -> parse("[" + "0,".repeat(JsonParser.MAX_VALUES) + "0]"))
                .hasMessageContaining("more than 1048576 values");
    }
}
