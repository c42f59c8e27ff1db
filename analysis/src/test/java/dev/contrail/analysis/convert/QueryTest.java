// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTest {
    @TempDir private Path folder;

    @Test
    void tellsTheStreamsOfATrace() throws IOException, UsageException {
        new SmallTrace(folder).file("c_0", SmallTrace.packet(3, 0, 0, 10, 20));
        assertThat(
                        Query.answer(
                                new String[] {
                                    "--params",
                                    "inputs=[\"" + folder + "\"]",
                                    "source.ctf.fs",
                                    "babeltrace.trace-infos"
                                }))
                .contains(
                        """
                        -\s
                          stream-infos:\s
                            -\s
                              port-name: 10111213-1415-1617-1819-1a1b1c1d1e1f | 0 | 3
                              range-ns:\s
                                begin: 1600000000000000010
                                end: 1600000000000000020
                        """);
    }

    @Test
    void printsEveryKindOfValue() {
        assertThat(QueryText.of(Map.of())).isEqualTo("{ }\n");
        assertThat(QueryText.of(List.of(true, 7L, 0.5, "a b", List.of())))
                .isEqualTo("- yes\n- 7\n- 0.500000\n- a b\n- [ ]\n");
    }

    @Test
    void withoutClassAndObjectThereIsNoAnswer() throws UsageException {
        assertThat(Query.answer(new String[] {"source.ctf.fs"})).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source.ctf.no x | Cannot find component class: plugin-name=\"ctf\", comp-cls-name=\"no\", comp-cls-type=1",
                "sink.text.pretty x | unknown query object: plugin-name=\"text\", comp-cls-name=\"pretty\", comp-cls-type=4 object=\"x\"",
                "flt.utils.muxer x | comp-cls-type=2 object=\"x\"",
                "x.ctf.fs x | Unknown component class type `x`",
                "src.ctf.fs a b | Extraneous command-line argument specified to `query` command: `b`.",
                "src.ctf.fs metadata-info | Mandatory `path` parameter missing",
                "src.ctf.fs metadata-info -p path=1 | `path` parameter is required to be a string value",
                "src.ctf.fs metadata-info -p path=nowhere | Cannot open trace metadata: path=\"nowhere\".",
                "src.ctf.fs babeltrace.trace-infos | missing mandatory entry `inputs`",
                "src.ctf.fs babeltrace.trace-infos -p inputs=[nowhere] | does not contain a metadata file): `nowhere`.",
                "src.ctf.fs babeltrace.support-info | `type` and `input` parameters",
                "-p | Missing value of option `-p`",
                "-z | Unknown option `-z`"
            })
    void saysWhatIsWrong(String query, String message) {
        assertThatThrownBy(() -> Query.answer(query.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }
}
