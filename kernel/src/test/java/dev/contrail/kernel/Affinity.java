// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The CPUs on which a test's thread may run; set with `taskset`.
final class Affinity {
    private static final Path SELF = Path.of("/proc/thread-self");

    private Affinity() {}

    static List<Integer> ofThisThread() throws IOException {
        String line;
        try (Stream<String> lines = Files.lines(SELF.resolve("status"))) {
            line =
                    lines.filter(each -> each.startsWith("Cpus_allowed_list:"))
                            .findFirst()
                            .orElseThrow();
        }
        return Arrays.stream(line.substring(line.indexOf(':') + 1).strip().split(","))
                .flatMapToInt(Affinity::range)
                .boxed()
                .toList();
    }

    private static IntStream range(String text) {
        String[] ends = text.split("-");
        return IntStream.rangeClosed(
                Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
    }

    static void pinThisThread(List<Integer> cpus) throws IOException, InterruptedException {
        String list = cpus.stream().map(String::valueOf).collect(Collectors.joining(","));
        String thread = SELF.toRealPath().getFileName().toString();
        Process taskset = new ProcessBuilder("taskset", "-cp", list, thread).start();
        if (taskset.waitFor() != 0) {
            throw new IOException(new String(taskset.getErrorStream().readAllBytes()));
        }
    }
}
