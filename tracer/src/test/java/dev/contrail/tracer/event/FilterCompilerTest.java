// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.tracer.AppContext;
import dev.contrail.tracer.filter.FieldReader;
import dev.contrail.tracer.filter.FilterException;
import dev.contrail.tracer.ring.EventField;
import dev.contrail.tracer.ring.FieldType;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterCompilerTest {
    private static final List<EventField> FIELDS =
            List.of(
                    new EventField("l", FieldType.S64),
                    new EventField("i", FieldType.S32),
                    new EventField("c", FieldType.U16),
                    new EventField("d", FieldType.F64),
                    new EventField("f", FieldType.F32),
                    new EventField("s", FieldType.STRING),
                    new EventField("t", FieldType.STRING));

    private static final List<Object[]> EVENTS =
            List.of(
                    new Object[] {-10L, 3, 'A', 2.5, 1.5f, "eétape", "shop"},
                    new Object[] {Long.MIN_VALUE, -1, '\uffff', Double.NaN, 0.5f, "", "shop*"},
                    new Object[] {5L, 0, '\0', 0.5, 0f, "a*b", "a*b"});

    /// Reads of an event what it is asked for.
    private static final class Reader implements FieldReader {
        private final Object[] event;
        private final List<Integer> read = new ArrayList<>();

        private Reader(Object[] event) {
            this.event = event;
        }

        @Override
        public long number(int field) {
            read.add(field);
            Object value = event[field];
            return value instanceof Character c ? c : ((Number) value).longValue();
        }

        @Override
        public String text(int field) {
            read.add(field);
            return (String) event[field];
        }
    }

    private static boolean accepts(TargetFilter filter, Object... event) throws Exception {
        for (Method method : filter.getClass().getMethods()) {
            if (method.getName().equals("accepts")) {
                return (boolean) method.invoke(filter, event);
            }
        }
        throw new AssertionError("no method");
    }

    private static String accepted(String... expressions) throws Exception {
        TargetFilter filter = FilterCompiler.compile(List.of(expressions), FIELDS);
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < EVENTS.size(); i++) {
            names.append(accepts(filter, EVENTS.get(i)) ? "ABC".substring(i, i + 1) : "");
        }
        return names.toString();
    }

    static List<String> lttng() throws Exception {
        try (InputStream in =
                FilterCompilerTest.class.getResourceAsStream("filters-of-lttng-ust.txt")) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    /// Left out in the file is what we do not have: order of strings, constants that are compared
    /// with each other, comments; contexts; and where we differ: `'a'` is a number, and a result of
    /// `& | ^ << >>` may be an operand of `&&`, `||` and `!`.
    @ParameterizedTest
    @MethodSource("lttng")
    void acceptsWhatLttngDoes(String line) throws Exception {
        String[] parts = line.split(" +", 2);
        assertThat(accepted(parts[1])).isEqualTo(parts[0].replace("-", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AC  l == -10 || l & 1",
                "C   l & 1 && !(c | 0)",
                "AC  !(l >> 63) || l == -10",
                "A   c == 'A'",
                "ABC $ctx.vpid > 1 && $ctx.vtid > 0 && $ctx.procname != \"nosuch\"",
                "-   $ctx.vtid < 0",
                "C   s == \"*b\" && t == \"a*\" && t == \"*\\**\" && \"*\" == s",
                "ABC (l < 0 || (1 << (i & 7) == 1)) == 1 && ((c | 1 | 2 | 4 | (8 & c)) > 0) == 1"
            })
    void hasOurOwn(String line) throws Exception {
        String[] parts = line.split(" +", 2);
        assertThat(accepted(parts[1])).isEqualTo(parts[0].replace("-", ""));
    }

    @Test
    void looksAtContextsOfTheApplication() throws Exception {
        assertThat(accepted("$app.filter:order != \"\"")).isEmpty();
        AppContext order = AppContext.of("filter", "order");
        assertThat(accepted("$app.filter:order == \"\"")).isEqualTo("ABC");
        order.set("b17");
        assertThat(accepted("$app.filter:order == \"b*\" && l == -10")).isEqualTo("A");
        assertThat(accepted("$app.filter:order != $app.filter:order")).isEmpty();
        assertThat(accepted("$app.filter:order > 1")).isEmpty();
        assertThat(accepted("l == -10 || $app.filter:order == 17")).isEqualTo("A");
        order.clear();
        assertThat(accepted("$app.filter:order == \"b*\"")).isEmpty();
    }

    @Test
    void acceptsWhatOneOfThemDoes() throws Exception {
        assertThat(accepted("l == 5", "i == 3")).isEqualTo("AC");
        assertThat(accepted("nosuch == 5", "i == 3", "1 << 64")).isEqualTo("A");
        assertThat(accepted("nosuch == 5", "s == 3")).isEmpty();
    }

    @Test
    void takesNullForItsText() throws Exception {
        TargetFilter filter = FilterCompiler.compile(List.of("s == \"null\" && t != s"), FIELDS);
        assertThat(accepts(filter, 0L, 0, 'a', 0.0, 0f, null, "b")).isTrue();
    }

    @Test
    void takesEveryTypeOfField() throws Exception {
        List<EventField> fields = new ArrayList<>();
        for (FieldType type : FieldType.values()) {
            if (type != FieldType.U32 && type != FieldType.U64) { // contexts only
                fields.add(new EventField("f" + fields.size(), type));
            }
        }
        StringBuilder all = new StringBuilder("1");
        for (int i = 0; i < fields.size() - 1; i++) {
            all.append(" && f").append(i).append(" == 1");
        }
        TargetFilter filter = FilterCompiler.compile(List.of(all.toString()), fields);
        Object[] values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    switch (fields.get(i).type()) {
                        case U8 -> (Object) true;
                        case S8 -> (byte) 1;
                        case S16 -> (short) 1;
                        case U16 -> (char) 1;
                        case S32 -> 1;
                        case S64 -> 1L;
                        case F32 -> 1f;
                        case F64 -> 1.0;
                        case STRING -> "";
                        case U32, U64 -> throw new AssertionError();
                    };
        }
        assertThat(accepts(filter, values)).isTrue();
        values[0] = false;
        assertThat(accepts(filter, values)).isFalse();
    }

    @Test
    void readsOnlyWhatItLooksAt() throws Exception {
        TargetFilter.Reading filter =
                FilterCompiler.compileReading(List.of("l == -10 && s == \"e*\""), FIELDS);
        Reader one = new Reader(EVENTS.get(0));
        assertThat(filter.accepts(one)).isTrue();
        assertThat(one.read).containsExactly(0, 5);
        Reader other = new Reader(EVENTS.get(1));
        assertThat(filter.accepts(other)).isFalse();
        assertThat(other.read).containsExactly(0);
    }

    @Test
    void compilesTheLargestExpressionsThereAre() throws Exception {
        String terms = "s == \"x*y*z\" || ".repeat(999);
        assertThat(accepted(terms + "l == 5")).isEqualTo("C");
        String deep = "(c == 1 || (i == 7) == (l < ".repeat(60);
        assertThat(accepted(deep + "3" + "))".repeat(60))).isNotNull();
        assertThatThrownBy(() -> accepted("l == 1 || ".repeat(1001) + "l"))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining("more than 4000 operators and operands");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"$name == \"x\"", "$event.name == \"x\"", "$time > 0", "$host == \"a\""})
    void refusesWhatOnlyReadersKnow(String expression) {
        assertThatThrownBy(() -> accepted(expression))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining("known when a trace is read");
    }
}
