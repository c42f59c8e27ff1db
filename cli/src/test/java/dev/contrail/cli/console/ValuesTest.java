// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "0x1000, 4096",
        "0X1F, 31",
        "010, 8",
        "512k, 524288",
        "512K, 524288",
        "1M, 1048576",
        "2G, 2147483648",
        "0x10k, 16384"
    })
    void readsASizeAsACIntegerWithASuffix(String text, long bytes) {
        assertThat(Values.size(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "k",
                "1m",
                "1g",
                "1.5M",
                "-1",
                "+1",
                "1kk",
                "1 k",
                "0x",
                "08",
                "1T",
                "abc",
                "99999999999999999999",
                "9999999999G"
            })
    void refusesWhatIsNoSize(String text) {
        assertThat(Values.size(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "500, 500",
        "500us, 500",
        "10ms, 10000",
        "2s, 2000000",
        "5m, 300000000",
        "1h, 3600000000",
        "0x10ms, 16000",
        "010s, 8000000"
    })
    void readsAPeriodInMicrosecondsUnlessTheUnitSaysOtherwise(String text, long micros) {
        assertThat(Values.periodMicros(text)).hasValue(micros);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "100u", "100ns", "-3", "1.5s", "ab", "1d", "1S", "s"})
    void refusesWhatIsNoPeriod(String text) {
        assertThat(Values.periodMicros(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "4, 4", "0x10, 16", "010, 8", "2147483647, 2147483647"})
    void readsACount(String text, int count) {
        assertThat(Values.count(text)).hasValue(count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "3k", "-1", "2147483648"})
    void refusesWhatIsNoCount(String text) {
        assertThat(Values.count(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "2, 2", "3, 4", "4096, 4096", "5000, 8192"})
    void roundsUpToAPowerOfTwo(long value, long rounded) {
        assertThat(Values.powerOfTwo(value)).isEqualTo(rounded);
    }

    @Test
    void separatesNamesAtCommasThatAreNotEscaped() {
        assertThat(Values.names("a:b,c:*")).isEqualTo(List.of("a:b", "c:*"));
        assertThat(Values.names("a\\,b,c")).isEqualTo(List.of("a,b", "c"));
        assertThat(Values.names("a\\*b")).isEqualTo(List.of("a\\*b"));
    }
}
