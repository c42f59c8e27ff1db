// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.traced;

import dev.contrail.tracer.LogHandler;
import dev.contrail.tracer.Tracer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A program that does as it is told on standard input, a line an order, and answers each with a
/// line: `tick N` emits N numbered events in one thread, `ticks T N` in each of T threads, `say
/// TEXT` one event with a text, `log LOGGER LEVEL TEXT` a log record. It ends with its input.
public final class Ticker {
    private static final TickEvents TRACE = Tracer.bind(TickEvents.class);
    private final long[] numbers = new long[16];

    private Ticker() {}

    /// Arguments are orders too, carried out first.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Logger root = Logger.getLogger("");
        Arrays.stream(root.getHandlers()).forEach(root::removeHandler);
        root.addHandler(new LogHandler());
        root.setLevel(Level.ALL);
        var ticker = new Ticker();
        for (String order : arguments) {
            ticker.obey(order.split(" ", 4));
        }
        if (arguments.length > 0) {
            return;
        }
        System.out.println("ready");
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            ticker.obey(line.split(" ", 4));
            System.out.println("done");
        }
    }

    private void obey(String[] order) throws InterruptedException {
        switch (order[0]) {
            case "tick" -> tick(0, Long.parseLong(order[1]));
            case "ticks" -> tickEach(Integer.parseInt(order[1]), Long.parseLong(order[2]));
            case "say" -> TRACE.said(order[1]);
            case "log" -> Logger.getLogger(order[1]).log(Level.parse(order[2]), order[3]);
            default -> throw new IllegalArgumentException(order[0]);
        }
    }

    private void tick(int thread, long count) {
        for (long i = 0; i < count; i++) {
            TRACE.tick(thread, ++numbers[thread]);
        }
    }

    private void tickEach(int threads, long count) throws InterruptedException {
        var running = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            int thread = i;
            running[i] = new Thread(() -> tick(thread, count), "ticking-" + i);
            running[i].start();
        }
        for (Thread each : running) {
            each.join();
        }
    }
}
