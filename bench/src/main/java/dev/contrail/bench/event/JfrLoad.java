// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.event;

import dev.contrail.tracer.ring.read.Pool;
import dev.contrail.tracer.ring.read.RingFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// A load as of a service that parses requests, looks something up and writes answers: `SECONDS
/// THREADS`. Prints `REQUESTS_PER_SECOND CPU_NANOSECONDS_PER_REQUEST`, and, when its events of JFR
/// are recorded by the tracer, `DELAY_P50 DELAY_P99` in milliseconds: how long it takes until they
/// are in the ring.
///
/// Emits an event of its own a hundred times a second, which carries our clock.
public final class JfrLoad {
    private static final long WARM_UP_NANOS = 5_000_000_000L;

    @Name("bench.Ping")
    @StackTrace(false)
    static final class Ping extends Event {
        long ticks;
    }

    private static final Map<String, Integer> STOCK = new ConcurrentHashMap<>();
    private static final LongAdder DONE = new LongAdder();
    private static volatile boolean isOver;

    private JfrLoad() {}

    public static void main(String[] arguments) throws Exception {
        long nanos = Long.parseLong(arguments[0]) * 1_000_000_000;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            int seed = i;
            threads.add(new Thread(() -> serve(seed)));
        }
        threads.forEach(Thread::start);
        LockSupport.parkNanos(WARM_UP_NANOS);
        long begin = System.nanoTime();
        long before = DONE.sum();
        long cpuBefore = cpuNanos();
        List<Long> delays = watch(begin, nanos);
        long done = DONE.sum() - before;
        long cpu = (cpuNanos() - cpuBefore) / done;
        long rate = done * 1_000_000_000 / (System.nanoTime() - begin);
        isOver = true;
        for (Thread each : threads) {
            each.join();
        }
        long[] sorted = delays.stream().mapToLong(Long::longValue).sorted().toArray();
        String told = "";
        if (sorted.length > 0) {
            told = " " + sorted[sorted.length / 2] + " " + sorted[sorted.length * 99 / 100];
        }
        System.out.println(rate + " " + cpu + told);
        LockSupport.parkNanos(2_500_000_000L);
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static void serve(int seed) {
        int number = seed;
        while (!isOver) {
            number = number * 1_103_515_245 + 12_345;
            String request =
                    "GET /shop/item?id="
                            + (number & 0xfff)
                            + "&count="
                            + (number >>> 28)
                            + "&user=u";
            Map<String, String> fields = new HashMap<>();
            for (String pair : request.substring(request.indexOf('?') + 1).split("&")) {
                fields.put(
                        pair.substring(0, pair.indexOf('=')),
                        pair.substring(pair.indexOf('=') + 1));
            }
            int left = STOCK.merge(fields.get("id"), 1, Integer::sum);
            String[] lines = new String[16];
            for (int i = 0; i < lines.length; i++) {
                lines[i] = "<li>" + fields.get("user") + (left + i) % 7 + "</li>";
            }
            Arrays.sort(lines);
            if (String.join("", lines).length() > 0) {
                DONE.increment();
            }
        }
    }

    /// Emits events, and looks each millisecond how far those in the ring are complete.
    private static List<Long> watch(long begin, long nanos) throws IOException {
        List<Long> delays = new ArrayList<>();
        List<Long> emitted = new ArrayList<>();
        long nextPing = begin;
        try (RingFile ring = ring()) {
            for (long now = begin; now - begin < nanos; now = System.nanoTime()) {
                if (now - nextPing >= 0) {
                    Ping ping = new Ping();
                    ping.ticks = System.nanoTime();
                    ping.commit();
                    emitted.add(ping.ticks);
                    nextPing = now + 10_000_000;
                }
                long floor = floor(ring);
                while (!emitted.isEmpty() && emitted.get(0) <= floor) {
                    delays.add((now - emitted.remove(0)) / 1_000_000);
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
        return delays;
    }

    private static long floor(@Nullable RingFile ring) throws IOException {
        long floor = Long.MAX_VALUE;
        if (ring != null) {
            for (Pool each : ring.pools()) {
                floor = Math.min(floor, each.floorTicks());
            }
        }
        return floor == Long.MAX_VALUE ? Long.MIN_VALUE : floor;
    }

    /// This process's; null for none.
    private static @Nullable RingFile ring() throws IOException {
        Path directory =
                Path.of(
                        "/dev/shm/contrail-"
                                + Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        if (Files.isDirectory(directory)) {
            String mine = ProcessHandle.current().pid() + "-*.ring";
            try (DirectoryStream<Path> rings = Files.newDirectoryStream(directory, mine)) {
                for (Path each : rings) {
                    return RingFile.open(each, -1);
                }
            }
        }
        return null;
    }
}
