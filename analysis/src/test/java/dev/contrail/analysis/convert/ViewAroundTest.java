// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static dev.contrail.analysis.SmallTrace.packet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is shown around events is what `grep --context` would find in the whole.
class ViewAroundTest {
    private static final int STREAMS = 3;

    @TempDir private Path folder;
    private String err = "";

    /// Packets that overlap in time, many equal times, and one event in some thirty a `boom`.
    @BeforeEach
    void writeTrace() throws IOException {
        var random = new Random(7);
        var trace = new SmallTrace(folder);
        trace.declare(1, "boom");
        trace.declare(2, "never");
        for (int stream = 0; stream < STREAMS; stream++) {
            var packets = new ArrayList<byte[]>();
            long at = 100;
            for (int i = 0; i < 40; i++) {
                long[] ticks = SmallTrace.ticks(random, at);
                at = ticks[ticks.length - 1];
                byte[] packet = packet(stream, i, 0, ticks);
                if (random.nextInt(5) == 0) {
                    SmallTrace.reclass(packet, random.nextInt(ticks.length), 1);
                }
                packets.add(packet);
            }
            trace.file("c_" + stream, packets.toArray(byte[][]::new));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 40, 100_000})
    void showsSoManyEventsOnEitherSide(int count) throws UsageException {
        List<String> whole = shown(0, options -> options);

        assertThat(shown(0, options -> options.around(List.of("boom"), count)))
                .isEqualTo(expected(whole, (one, other) -> Math.abs(one - other) <= count));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 100_000, Long.MAX_VALUE})
    void showsSoLongOnEitherSide(long nanos) throws UsageException {
        List<String> whole = shown(0, options -> options);

        assertThat(shown(0, options -> options.aroundTime(List.of("b*m"), nanos)))
                .isEqualTo(
                        expected(
                                whole,
                                (one, other) ->
                                        Math.abs(cycles(whole.get(one)) - cycles(whole.get(other)))
                                                <= nanos));
    }

    @ParameterizedTest
    @CsvSource({"0, false", "3, false", "7, true"})
    void showsWhatIsAroundTheEventsThatAnExpressionIsTrueFor(long reach, boolean isTime)
            throws UsageException {
        String expression = "$name == \"boom\" && ($time & 1) == 0";
        List<String> whole = shown(0, options -> options);
        Set<Long> wanted =
                shown(0, options -> options, "--filter", expression).stream()
                        .map(ViewAroundTest::cycles)
                        .collect(Collectors.toSet());
        assertThat(whole)
                .anyMatch(line -> line.contains(" boom:") && wanted.contains(cycles(line)))
                .anyMatch(line -> line.contains(" boom:") && !wanted.contains(cycles(line)));
        BiPredicate<Integer, Integer> near =
                isTime
                        ? (one, other) ->
                                Math.abs(cycles(whole.get(one)) - cycles(whole.get(other))) <= reach
                        : (one, other) -> Math.abs(one - other) <= reach;

        assertThat(shown(0, options -> matching(options, expression, reach, isTime)))
                .isEqualTo(
                        expected(
                                whole,
                                (one, other) ->
                                        wanted.contains(cycles(whole.get(other)))
                                                && near.test(one, other)));
    }

    @Test
    void saysWhatIsWrongWithTheExpression() throws UsageException {
        assertThat(shown(1, options -> matching(options, "nosuch == 1", 1, false))).isEmpty();
        assertThat(err).startsWith("ERROR: The filter names nosuch, which no event of the trace");
        assertThat(shown(1, options -> matching(options, "$time < 0", 1, false))).isEmpty();
        assertThat(err).startsWith("ERROR: Nothing to show around $time < 0: no such event");
        assertThatThrownBy(() -> ViewOptions.DEFAULT.aroundMatches("$time <", 1, false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("`$time <`");
    }

    private static ViewOptions matching(
            ViewOptions options, String expression, long reach, boolean isTime) {
        try {
            return options.aroundMatches(expression, reach, isTime);
        } catch (UsageException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void choosesAmongTheEventsThatAreChosenOtherwise() throws UsageException {
        String[] filter = {"--filter", "($time & 1) == 0 || $name == \"boom\""};
        List<String> filtered = shown(0, options -> options, filter);
        List<String> last =
                shown(0, options -> options.endingWith(OptionalLong.of(200), OptionalInt.empty()));
        assertThat(last)
                .hasSizeLessThan(shown(0, options -> options).size())
                .anyMatch(line -> line.contains(" boom:"));

        assertThat(shown(0, options -> options.around(List.of("boom"), 3), filter))
                .isEqualTo(expected(filtered, (one, other) -> Math.abs(one - other) <= 3));
        assertThat(
                        shown(
                                0,
                                options ->
                                        options.endingWith(
                                                        OptionalLong.of(200), OptionalInt.empty())
                                                .around(List.of("boom"), 3)))
                .isEqualTo(expected(last, (one, other) -> Math.abs(one - other) <= 3));
    }

    @Test
    void writesNoSeparatorIntoWhatProgramsRead() throws UsageException {
        assertThat(shown(0, options -> options.around(List.of("boom"), 1), "-o", "json"))
                .hasSizeGreaterThan(20)
                .allMatch(line -> line.startsWith("{"));
    }

    @Test
    void saysWhichEventWasProbablyMeant() throws UsageException {
        assertThat(shown(1, options -> options.around(List.of("boom", "bom"), 1))).isEmpty();
        assertThat(err)
                .isEqualTo("ERROR: No event of the trace is named bom: did you mean boom?\n");

        assertThat(shown(1, options -> options.around(List.of("x*"), 1))).isEmpty();
        assertThat(err)
                .isEqualTo(
                        "ERROR: No event of the trace is named x*"
                                + " (there are: boom, never, tick)\n");
    }

    @Test
    void saysThatNoSuchEventIsInWhatIsSelected() throws UsageException {
        assertThat(shown(1, options -> options.around(List.of("never"), 1))).isEmpty();
        assertThat(err).startsWith("ERROR: Nothing to show around never: no such event");
    }

    /// Lines near one of `boom`, with a line between those that are no neighbours.
    private static List<String> expected(List<String> whole, BiPredicate<Integer, Integer> near) {
        var lines = new ArrayList<String>();
        int last = -1;
        for (int i = 0; i < whole.size(); i++) {
            boolean isNear = false;
            for (int k = 0; k < whole.size() && !isNear; k++) {
                isNear = whole.get(k).contains(" boom:") && near.test(i, k);
            }
            if (isNear) {
                if (last >= 0 && last != i - 1) {
                    lines.add("--");
                }
                lines.add(whole.get(i));
                last = i;
            }
        }
        return lines;
    }

    /// `[00000000000000000100] …`
    private static long cycles(String line) {
        return Long.parseLong(line.substring(1, line.indexOf(']')));
    }

    private List<String> shown(
            int wantedStatus, UnaryOperator<ViewOptions> change, String... arguments)
            throws UsageException {
        var words = new ArrayList<>(List.of("--clock-cycles", "--no-delta"));
        words.addAll(List.of(arguments));
        ViewOptions options = change.apply(ViewArguments.parse(words.toArray(String[]::new)));
        var out = new ByteArrayOutputStream();
        var errors = new ByteArrayOutputStream();
        int status =
                View.run(
                        List.of(folder),
                        options,
                        out,
                        new PrintStream(errors, true, StandardCharsets.UTF_8));
        err = errors.toString(StandardCharsets.UTF_8);
        assertThat(status).as(err).isEqualTo(wantedStatus);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
