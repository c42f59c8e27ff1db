// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import dev.contrail.samples.count.Counting;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A program that counts as [Counting] does, and dies in a way of its own while it does:
///
/// ```
/// Dying FILE THREADS PAUSE_NANOS WAY
/// ```
final class Dying {
    private static final int ENOUGH = 1000;

    private Dying() {}

    /// How it dies; where somebody else does it, it waits.
    enum Way {
        UNCAUGHT_EXCEPTION,
        EXIT,
        HALT,
        HEAP_EXHAUSTED,
        METASPACE_EXHAUSTED,
        STACK_OVERFLOW,
        SEGMENTATION_FAULT,
        ABORT,
        TERMINATED,
        KILLED,
        KILLED_BY_CGROUP,
        DEADLOCK,
        FULL_COLLECTIONS,
        KILLED_WITH_THE_DAEMON
    }

    /// Runs until it dies.
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        int threads = Integer.parseInt(arguments[1]);
        var counting =
                new Thread(() -> {
                    try {
                        Counting.main(
                                new String[] {file.toString(), arguments[1], "0", arguments[2]});
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        counting.setDaemon(true); // and so are the threads that it starts
        counting.start();
        while (counted(file, threads) < ENOUGH) {
            Thread.sleep(1);
        }
        die(Way.valueOf(arguments[3]));
    }

    private static long counted(Path file, int threads) throws IOException {
        var counts = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < threads; i++) {
            least = Math.min(least, counts.getLong(i * 8));
        }
        return least;
    }

    private static void die(Way way) throws Exception {
        switch (way) {
            case UNCAUGHT_EXCEPTION -> throw new IllegalStateException("nobody catches this");
            case EXIT -> System.exit(3);
            case HALT -> Runtime.getRuntime().halt(4);
            case HEAP_EXHAUSTED -> fill(1 << 20);
            case METASPACE_EXHAUSTED -> defineClasses();
            case STACK_OVERFLOW -> recurse(0);
            case SEGMENTATION_FAULT -> crash();
            case KILLED_BY_CGROUP -> touch();
            case DEADLOCK -> deadlock();
            case FULL_COLLECTIONS -> collect();
            case ABORT, TERMINATED, KILLED, KILLED_WITH_THE_DAEMON -> new CountDownLatch(1).await();
        }
    }

    private static void fill(int bytes) {
        var held = new ArrayList<byte[]>();
        while (true) {
            held.add(new byte[bytes]);
        }
    }

    /// Each in a loader of its own, which a proxy's class keeps.
    private static void defineClasses() {
        var held = new ArrayList<Object>();
        while (true) {
            var loader = new URLClassLoader(new URL[0], Dying.class.getClassLoader());
            held.add(
                    Proxy.newProxyInstance(
                            loader, new Class<?>[] {Runnable.class}, (_, _, _) -> null));
        }
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    private static void crash() throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field instance = type.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        type.getMethod("putByte", long.class, byte.class).invoke(instance.get(null), 8L, (byte) 0);
    }

    /// More memory than its group may have, outside of the heap.
    private static void touch() {
        List<ByteBuffer> held = new ArrayList<>();
        while (true) {
            ByteBuffer more = ByteBuffer.allocateDirect(16 << 20);
            for (int i = 0; i < more.capacity(); i += 4096) {
                more.put(i, (byte) 1);
            }
            held.add(more);
        }
    }

    private static void deadlock() throws InterruptedException {
        Object one = new Object();
        Object two = new Object();
        var both = new CountDownLatch(2);
        var other = new Thread(() -> take(two, one, both));
        other.start();
        System.out.println("DEADLOCK");
        take(one, two, both);
        other.join();
    }

    private static void take(Object first, Object second, CountDownLatch both) {
        synchronized (first) {
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException e) {
                return;
            }
            synchronized (second) {
                throw new IllegalStateException("no deadlock");
            }
        }
    }

    /// As full as the heap may be: each allocation begins with a collection of all of it.
    private static void collect() {
        var held = new ArrayList<byte[]>();
        try {
            while (true) {
                held.add(new byte[1 << 16]);
            }
        } catch (OutOfMemoryError e) {
            held.removeLast();
        }
        System.out.println("COLLECTING");
        while (true) {
            System.gc();
        }
    }
}
