// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.analysis.SmallTrace;
import dev.contrail.analysis.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares `--run-args` with what babeltrace2 prints.
class RunTextInteropTest {
    private static final Path BABELTRACE = Path.of("/usr/bin/babeltrace2");

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRACE",
                "TRACE --no-delta --clock-cycles -n payload,ctx -f trace,emf --color=always -w o.txt",
                "TRACE --clock-seconds -n all --fields=all --clock-date",
                "TRACE -n none -f loglevel",
                "TRACE -n none,arg,arg -f loglevel,all",
                "TRACE -n payload,all -f callsite,",
                "TRACE -n , --fields=",
                "--clock-force-correlate --clock-offset=3 TRACE --clock-offset-ns 4",
                "TRACE --begin=1 --end=2 --clock-gmt",
                "TRACE --timerange=[1,2]",
                "TRACE -o dummy",
                "TRACE -o ctf -w some/folder",
                "TRACE -c sink.utils.counter -p step=+3,hide-zero=yes -l I",
                "-c a:source.ctf.fs -p inputs=[\"x's\"] -c flt.utils.trimmer -p begin=3 TRACE"
            })
    void saysWhatBabeltraceSays(String line)
            throws IOException, InterruptedException, UsageException {
        assumeTrue(Files.isExecutable(BABELTRACE), "babeltrace2 is not installed");
        new SmallTrace(folder).file("c_0", SmallTrace.packet(3, 0, 0, 10));
        String[] arguments = line.replace("TRACE", folder.toString()).split(" ");
        var command = new ArrayList<>(List.of(BABELTRACE.toString(), "convert", "--run-args"));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).start();
        try (InputStream out = process.getInputStream()) {
            assertThat(RunText.quoted(RunText.of(arguments)))
                    .isEqualTo(new String(out.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void saysWhatItCannotSay() {
        assertThatThrownBy(
                        () -> RunText.of(new String[] {"--stream-intersection", folder.toString()}))
                .hasMessage(
                        "Cannot specify --stream-intersection with --run-args or --run-args-0.");
        assertThatThrownBy(() -> RunText.of(new String[] {folder.toString()}))
                .hasMessage("No source component.");
    }
}
