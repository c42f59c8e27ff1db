// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.analysis.UsageException;
import dev.contrail.analysis.text.TextOptions.HeaderField;
import dev.contrail.analysis.text.TextOptions.NameGroup;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewArgumentsTest {
    private static final long DAY = 1_600_041_600_000_000_000L; // 2020-09-14 00:00:00 UTC

    private static ViewOptions parse(String... arguments) throws UsageException {
        return ViewArguments.parse(arguments);
    }

    private static long begin(String text) throws UsageException {
        return parse("--clock-gmt", "--begin", text)
                .selection()
                .begin()
                .orElseThrow()
                .resolved(DAY + 1);
    }

    @Test
    void takesValuesWithAndWithoutEqualsSign() throws UsageException {
        for (String[] arguments :
                new String[][] {
                    {"-n", "payload", "-fall", "--clock-offset", "-1", "a", "b"},
                    {"--names=payload", "--fields=all", "--clock-offset=-1", "a", "b"},
                    {
                        "a",
                        "--names",
                        "args",
                        "--fields",
                        "all",
                        "--clock-offset-ns=-1000000000",
                        "--",
                        "b"
                    },
                }) {
            ViewOptions options = parse(arguments);
            assertThat(options.traces()).containsExactly(Path.of("a"), Path.of("b"));
            assertThat(options.text().names()).containsExactly(NameGroup.PAYLOAD);
            assertThat(options.text().fields()).containsExactlyInAnyOrder(HeaderField.values());
            assertThat(options.clockOffsetNanos()).isEqualTo(-1_000_000_000L);
        }
    }

    @Test
    void showsWhatBabeltraceShowsByDefault() throws UsageException {
        assertThat(parse()).isEqualTo(ViewOptions.DEFAULT);
    }

    /// As babeltrace2 does.
    @Test
    void takesListsOfNamesAndFields() throws UsageException {
        assertThat(parse("-n", "none").text().names()).isEmpty();
        assertThat(parse("-n", "payload, none").text().names()).containsExactly(NameGroup.PAYLOAD);
        assertThat(parse("-n", "ctx,all").text().names())
                .containsExactlyInAnyOrder(NameGroup.values());
        assertThat(parse("-f", "all,,emf").text().fields())
                .containsExactlyInAnyOrder(HeaderField.values());
        assertThat(parse("--names=", "-f", ",")).isEqualTo(ViewOptions.DEFAULT);
    }

    @Test
    void understandsTimes() throws UsageException {
        assertThat(begin("1600000000")).isEqualTo(1_600_000_000_000_000_000L);
        assertThat(begin("1600000000.5")).isEqualTo(1_600_000_000_500_000_000L);
        assertThat(begin("-1.25")).isEqualTo(-1_250_000_000L);
        assertThat(begin("2020-09-14 00:00:01.000000002")).isEqualTo(DAY + 1_000_000_002L);
        assertThat(begin("2020-09-14")).isEqualTo(DAY);
        assertThat(begin("00:01:00.1")).isEqualTo(DAY + 60_100_000_000L);
        assertThat(parse("--timerange=[1,2]").selection().end().orElseThrow().nanos())
                .isEqualTo(2_000_000_000L);
    }

    @Test
    void understandsLettersBehindOneDash() throws UsageException {
        assertThat(parse("-vv", "trace").traces()).isEqualTo(parse("-v", "-v", "trace").traces());
        assertThat(parse("-vodummy").sink()).isEqualTo(parse("-o", "dummy").sink());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nosuch",
                "-vZ",
                "-Z",
                "--names",
                "--names=nosuch",
                "--names=all,none",
                "--fields=nosuch",
                "--fields=none",
                "--clock-offset=x",
                "--clock-offset=9999999999999",
                "--begin=tomorrow",
                "--begin=2020-13-01",
                "--timerange=1",
                "--clock-gmt=yes",
                "-csink.nosuch",
                "-ixml",
            })
    void refusesWhatItDoesNotUnderstand(String argument) {
        assertThatThrownBy(() -> parse(argument))
                .isInstanceOf(UsageException.class)
                .hasMessageMatching(
                        ".*(Unknown|Missing|Invalid|Unsupported|large|takes no value|cannot have).*");
    }
}
