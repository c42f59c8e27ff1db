// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.event;

import dev.contrail.tracer.Field;
import dev.contrail.tracer.Provider;
import dev.contrail.tracer.Tracer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// Emits single events, and looks for each in the files of the trace: `TRACE EVENTS DOMAIN…`, once
/// its standard input has something to say. Prints `DOMAIN,MILLISECONDS` an event.
public final class QuietEvent {
    @Provider("quiet")
    interface Events {
        void once(@Field("number") long number);
    }

    private static final Events TRACE = Tracer.bind(Events.class);

    /// Nobody waits so long for an event.
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(20);

    private QuietEvent() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path trace = Path.of(arguments[0]);
        int events = Integer.parseInt(arguments[1]);
        int _ = System.in.read();
        for (int domain = 2; domain < arguments.length; domain++) {
            boolean isKernel = arguments[domain].equals("kernel");
            Path files = trace.resolve(isKernel ? "kernel" : "ust");
            for (int i = 0; i < events; i++) {
                Thread.sleep(ThreadLocalRandom.current().nextInt(300, 700));
                long before = bytes(files);
                long begin = System.nanoTime();
                if (isKernel) {
                    int _ = new ProcessBuilder("true").start().waitFor();
                } else {
                    TRACE.once(i);
                }
                while (bytes(files) == before) {
                    if (System.nanoTime() - begin > LONGEST_NANOS) {
                        throw new IOException("event " + i + " is not in " + files);
                    }
                    Thread.sleep(1);
                }
                System.out.printf(
                        "%s,%.1f%n", arguments[domain], (System.nanoTime() - begin) / 1e6);
            }
        }
    }

    private static long bytes(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return 0;
        }
        try (var files = Files.walk(directory, 5)) {
            long sum = 0;
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(each);
            }
            return sum;
        }
    }
}
