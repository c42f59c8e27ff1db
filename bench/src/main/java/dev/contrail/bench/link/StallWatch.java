// SPDX-License-Identifier: Apache-2.0
package dev.contrail.bench.link;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A load whose threads notice when they stand still: `THREADS`. Answers each line of standard
/// input with the longest time that one of them took for a piece of work since the line before, in
/// microseconds; ends with its input.
public final class StallWatch {
    private static final Logger LOGGER = Logger.getLogger("bench.watch");
    private static final Map<Integer, Integer> SEEN = new ConcurrentHashMap<>();
    private static final AtomicLong LONGEST = new AtomicLong();
    private static volatile boolean isOver;

    private StallWatch() {}

    public static void main(String[] arguments) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            threads.add(new Thread(StallWatch::work));
        }
        threads.forEach(Thread::start);
        var lines = new BufferedReader(new InputStreamReader(System.in));
        while (lines.readLine() != null) {
            System.out.println(LONGEST.getAndSet(0) / 1000);
        }
        isOver = true;
    }

    private static void work() {
        long last = System.nanoTime();
        for (int i = 0; !isOver; i++) {
            piece(i);
            long now = System.nanoTime();
            LONGEST.accumulateAndGet(now - last, Math::max);
            last = now;
        }
    }

    private static void piece(int number) {
        for (int i = 0; i < 100; i++) {
            SEEN.merge((number + i) & 0xfff, 1, Integer::sum);
        }
        LOGGER.log(Level.FINE, "piece {0}", number);
    }
}
