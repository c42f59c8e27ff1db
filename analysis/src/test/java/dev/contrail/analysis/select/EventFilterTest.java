// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.source.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The event is `tick { n = -10, text = "é\n", _values_length = 2, values = [1, 65535] }`.
class EventFilterTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n == -10 && tetx == 'e' | names tetx, .*did you mean text\\?.* n, text, values",
                "$ctx.packet_seq == 0 | names \\$ctx.packet_seq, .*did you mean \\$ctx.packet_seq_num"
            })
    void refusesAFieldThatNoEventHas(String expression, String message)
            throws IOException, UsageException {
        new SmallTrace(folder).file("c_0", packet(3, 0, 0, 10));
        EventFilter filter = EventFilter.parse(expression.replace('\'', '"'));
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThatThrownBy(() -> filter.check(reader.traces()))
                    .isInstanceOf(UsageException.class)
                    .message()
                    .containsPattern(message);
        }
    }

    @Test
    void takesTheFieldsThatThereAre() throws IOException, UsageException {
        new SmallTrace(folder).file("c_0", packet(3, 0, 0, 10));
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            EventFilter.parse("n == 1 || _values[7] == 2 || $ctx.packet_seq_num == 0 || $time > 0")
                    .check(reader.traces());
        }
    }

    private boolean accepts(String expression) throws IOException, UsageException {
        new SmallTrace(folder).file("c_0", packet(3, 0, 0, 10));
        try (TraceReader reader = TraceReader.open(List.of(folder))) {
            assertThat(reader.nextEvent()).isTrue();
            return EventFilter.parse(expression).accepts(reader.event());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n == -10",
                "n < 0 && values[1] == 0xffff",
                "n > 0 || values[0]",
                "!(n == 10)",
                "n != 10",
                "-n == 10 && +n == -10 && ~n == 9",
                "values[1] & 1 == 1", // bitwise first, other than in C
                "values[1] >> 8 == 255",
                "1 << 3 == 8",
                "values[0] | 6 == 7",
                "values[0] ^ 1 == 0",
                "n >= -10.5 && n <= -9.5",
                "n == -1e1",
                "text == \"é*\"",
                "text == \"*\\n\"",
                "text == \"*\"",
                "text != \"e\"",
                "$name == \"tick\"",
                "$name == \"*i*k\"",
                "$event.name == \"tick\" && !($event.name != $name)",
                "$host == \"host1\" && $trace == \"host1\"",
                "$time == 1600000000000000010",
                "$ctx.packet_seq_num == 0",
                "n == -10 || $app.shop:user == 1", // may come later
                "1.5 && !0.5 == 0 && !(0.5 && 1)",
                "n == 012 || n == -012",
                "'a' == 97",
                "$name == \"tick\" || nosuch == 1", // not looked at
                "!(n & 1) && n != 0x0fUL && n < 5L",
                "  ( ( n ) )  "
            })
    void acceptsWhatHolds(String expression) throws IOException, UsageException {
        assertThat(accepts(expression)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n == 10",
                "n && 0",
                "nosuch == 1",
                "nosuch != 1",
                "!(nosuch == 1)",
                "nosuch == 1 || n == -10",
                "n == -10 || nosuch == 1", // as LTTng: a filter has to fit the event
                "1 || text == 1",
                "!(0 && values[2])",
                "n == -10 || $ctx.nosuch",
                "-9.5",
                "values[2] == 0",
                "values == 1",
                "n.deeper == 1",
                "1 << 64 == 0",
                "1 << -1 == 0 || 1",
                "text == 1",
                "text == \"é\"",
                "text == \"\\*\"",
                "$ctx.nosuch",
                "$app.shop:user == 1"
            })
    void rejects(String expression) throws IOException, UsageException {
        assertThat(accepts(expression)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n ==",
                "n = 1",
                "(n",
                "n)",
                "n + 1 == 2",
                "n * 2",
                "n[x]",
                "n[-1]",
                "n.",
                "$nosuch",
                "$event",
                "$event.",
                "$event.time",
                "$event.names",
                "$ctx",
                "$app.shop",
                "\"a",
                "\"a\" < text",
                "\"a\" == \"a\"",
                "!\"a\"",
                "09",
                "1.2.3",
                "99999999999999999999999",
                "'a"
            })
    void saysWhereItDoesNotUnderstand(String expression) {
        assertThatThrownBy(() -> EventFilter.parse(expression))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("`" + expression + "`")
                .hasMessageContaining("character");
    }

    @Test
    void saysHowAFieldOfThePayloadIsNamed() {
        assertThatThrownBy(() -> EventFilter.parse("$order == 0"))
                .hasMessageContaining("a field of the payload goes without $: order");
    }

    @Test
    void refusesEndlessNesting() {
        for (String deep : new String[] {"(".repeat(10_000), "!".repeat(10_000) + "n"}) {
            assertThatThrownBy(() -> EventFilter.parse(deep))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("levels");
        }
    }
}
