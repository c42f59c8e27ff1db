// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.contrail.analysis.convert.View;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random traces of CTF 1.8 look in our reader as in babeltrace2 2.0.4, byte for byte.
///
/// `-Dtrace.seeds=FIRST,END` runs other seeds than the few of the normal run.
class RandomTraceInteropTest {
    private static final Path PEER = Path.of("/usr/bin/babeltrace2");

    @TempDir private Path folder;

    static LongStream seeds() {
        String[] range = System.getProperty("trace.seeds", "0,60").split(",");
        return LongStream.range(Long.parseLong(range[0]), Long.parseLong(range[1]));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void printsWhatBabeltracePrints(long seed) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(PEER), "babeltrace2 is not installed");
        RandomTrace.write(seed, folder);
        for (List<String> options : options(new Random(seed))) {
            var arguments = new ArrayList<>(options);
            arguments.add(folder.toString());
            byte[] expected = peer(arguments);
            var out = new ByteArrayOutputStream();
            var err = new ByteArrayOutputStream();
            int status =
                    View.main(
                            arguments.toArray(String[]::new),
                            out,
                            new PrintStream(err, true, StandardCharsets.UTF_8));

            assertThat(out.toString(StandardCharsets.ISO_8859_1))
                    .as("seed %d %s %s", seed, options, err.toString(StandardCharsets.UTF_8))
                    .isEqualTo(new String(expected, StandardCharsets.ISO_8859_1));
            assertThat(status).isZero();
        }
    }

    static List<List<String>> options(Random random) {
        var text = new ArrayList<>(List.of("--clock-gmt"));
        for (String each :
                List.of(
                        "--no-delta",
                        "--clock-seconds",
                        "--clock-cycles",
                        "--clock-date",
                        "--fields=all",
                        "--names=all",
                        "--names=none",
                        "--names=payload,scope",
                        "--fields=loglevel,emf,trace:domain")) {
            if (random.nextInt(4) == 0) {
                text.add(each);
            }
        }
        return List.of(
                text, List.of("-c", "sink.text.details"), List.of("-c", "sink.utils.counter"));
    }

    private byte[] peer(List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(PEER.toString()));
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        byte[] out = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).as(() -> arguments + Arrays.toString(out)).isZero();
        return out;
    }
}
