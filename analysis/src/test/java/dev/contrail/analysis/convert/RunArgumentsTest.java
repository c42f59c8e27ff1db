// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.contrail.analysis.Component;
import dev.contrail.analysis.UsageException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunArgumentsTest {
    @Test
    void componentsBecomeTheOptionsOfAView() throws UsageException {
        ViewOptions options =
                RunArguments.parse(
                        new String[] {
                            "--component=in:source.ctf.fs",
                            "--params=inputs=[a, b],clock-class-offset-ns=7",
                            "-cmux:flt.utils.muxer",
                            "-c",
                            "count.1:sink.utils.counter",
                            "-p",
                            "step=+3",
                            "-x",
                            "in.port*:mux",
                            "--connect",
                            "mux:count\\.1.in",
                            "--retry-duration=5"
                        });
        assertThat(options.traces()).containsExactly(Path.of("a"), Path.of("b"));
        assertThat(options.clockOffsetNanos()).isEqualTo(7);
        assertThat(options.sink())
                .isEqualTo(new Component("sink.utils.counter", Map.of("step", 3L)));
    }

    @Test
    void baseParametersAreThoseOfTheComponentsBehindThem() throws UsageException {
        ViewOptions options =
                RunArguments.parse(
                        "-b inputs=[a] -c in:source.ctf.fs -b step=1,hide-zero=yes"
                                .concat(" -c out:sink.utils.counter -p step=2 -x in:out")
                                .split(" "));
        assertThat(options.traces()).containsExactly(Path.of("a"));
        assertThat(options.sink().parameters()).isEqualTo(Map.of("step", 2L, "hide-zero", true));
        ViewOptions reset =
                RunArguments.parse(
                        "-c in:source.ctf.fs -b step=1 -r -c out:sink.utils.counter -x in:out"
                                .split(" "));
        assertThat(reset.sink().parameters()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-c sink.utils.dummy | Found an unnamed component.",
                "-c a:source.ctf.fs -c a:sink.utils.dummy | Duplicate component instance name: a",
                "-c a:source.ctf.fs -c b:sink.utils.dummy | Component `a` is not connected",
                "-c a:source.ctf.fs -c b:sink.utils.dummy -x a:c | Invalid connection: cannot find downstream component `c`: a:c",
                "-c a:source.ctf.fs -c b:sink.utils.dummy -x c:b | Invalid connection: cannot find upstream component `c`: c:b",
                "-c a:source.ctf.fs -c b:sink.utils.dummy -x b:a | Invalid connection: cannot connect sink component `b` to component `a`: b:a",
                "-c a:source.ctf.fs -c b:sink.utils.dummy -x a | Invalid connection `a`, want UPSTREAM:DOWNSTREAM",
                "-c b:sink.utils.dummy | Incomplete graph: no source component.",
                "-c a:source.ctf.fs | Incomplete graph: no sink component.",
                "trace | Unexpected argument: `trace`",
                "-p x=1 | Cannot add parameters to unavailable component: x=1",
                "--clock-gmt | Unknown option `--clock-gmt`",
                "--retry-duration=abc | Could not parse --retry-duration option's argument as an unsigned integer: `abc`",
                "--retry-duration -1 | --retry-duration option's argument must be positive or 0: -1"
            })
    void refusesWhatBabeltraceRefuses(String arguments, String message) {
        assertThatThrownBy(() -> RunArguments.parse(arguments.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
