// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.web;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The load of [WebShop]: `PORT PID CONNECTIONS SECONDS`. Each connection asks, and asks again once
/// it is answered. Prints `REQUESTS_PER_SECOND SERVER_CPU_MICROSECONDS_PER_REQUEST P50 P99`, the
/// last two in microseconds, of the time after as much of warm-up.
public final class WebLoad {
    private static final long HZ = 100; // of /proc/PID/stat, everywhere

    private static final AtomicInteger ORDERS = new AtomicInteger();

    private WebLoad() {}

    private static final class Connection extends Thread {
        private final int port;
        private volatile boolean isCounted;
        private volatile boolean isOver;
        private long[] nanos = new long[1 << 10];
        private int answers;

        Connection(int port) {
            this.port = port;
        }

        @Override
        public void run() {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setTcpNoDelay(true);
                var in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
                while (!isOver) {
                    long from = System.nanoTime();
                    String asked =
                            "GET /order?n=%d HTTP/1.1\r\nHost: shop\r\n\r\n"
                                    .formatted(ORDERS.getAndIncrement() & 0xffffff);
                    socket.getOutputStream().write(asked.getBytes(StandardCharsets.US_ASCII));
                    answer(in);
                    if (isCounted) {
                        nanos = answers < nanos.length ? nanos : Arrays.copyOf(nanos, 2 * answers);
                        nanos[answers++] = System.nanoTime() - from;
                    }
                }
            } catch (IOException e) {
                throw new IllegalStateException("the shop does not answer", e);
            }
        }

        /// Reads one answer, whose body comes in chunks or has a length.
        private static void answer(InputStream in) throws IOException {
            if (!line(in).startsWith("HTTP/1.1 200")) {
                throw new IOException("refused");
            }
            int length = -1;
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                if (line.startsWith("Content-Length: ")) {
                    length = Integer.parseInt(line.substring(16));
                }
            }
            if (length >= 0) {
                in.skipNBytes(length);
                return;
            }
            for (int chunk = size(in); chunk > 0; chunk = size(in)) {
                in.skipNBytes(chunk);
                line(in);
            }
            line(in);
        }

        private static int size(InputStream in) throws IOException {
            return Integer.parseInt(line(in), 16);
        }

        private static String line(InputStream in) throws IOException {
            var text = new StringBuilder(64);
            for (int each = in.read(); each != '\n'; each = in.read()) {
                if (each < 0) {
                    throw new IOException("closed");
                }
                if (each != '\r') {
                    text.append((char) each);
                }
            }
            return text.toString();
        }
    }

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        Path stat = Path.of("/proc", arguments[1], "stat");
        long millis = Long.parseLong(arguments[3]) * 1000;
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            connections.add(new Connection(port));
        }
        connections.forEach(Thread::start);
        Thread.sleep(millis);
        long ticks = ticks(stat);
        long from = System.nanoTime();
        connections.forEach(each -> each.isCounted = true);
        Thread.sleep(millis);
        connections.forEach(each -> each.isOver = true);
        ticks = ticks(stat) - ticks;
        double seconds = (System.nanoTime() - from) / 1e9;
        var all = new ArrayList<Long>();
        for (Connection each : connections) {
            each.join();
            Arrays.stream(each.nanos, 0, each.answers).forEach(all::add);
        }
        all.sort(null);
        System.out.printf(
                "%.0f %.2f %d %d%n",
                all.size() / seconds,
                ticks * (1e6 / HZ) / all.size(),
                all.get(all.size() / 2) / 1000,
                all.get(all.size() * 99 / 100) / 1000);
    }

    /// The CPU time of a process, in ticks; its name may hold blanks.
    private static long ticks(Path stat) throws IOException {
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
}
