// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.contrail.tracer.ring.PoolMode;
import dev.contrail.tracer.ring.read.PoolTotals;
import dev.contrail.tracer.ring.read.RingFile;
import dev.contrail.tracer.ring.write.RingWriter;
import dev.contrail.tracer.ring.write.WriterPool;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Events between the moment that their class is bound and a daemon's decision about it: what it
/// wants is counted as lost, what it does not want is forgotten.
class UndecidedEventsTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 100;
    private static int classes;
    private static long sessions = 0xdec1ded00L;

    private final long session = ++sessions;
    private final List<WriterPool> pools = new ArrayList<>();
    private EventPoint point;

    private WriterPool open(long sessionId) throws Exception {
        WriterPool pool =
                RingWriter.open()
                        .openPool(sessionId, pools.size() + 1, PoolMode.DISCARD, 65536, 16);
        pools.add(pool);
        EventClasses.opened(pool);
        return pool;
    }

    @AfterEach
    void closePools() throws IOException {
        for (WriterPool pool : pools) {
            EventClasses.disableAll(pool);
            RingWriter.current().closePool(pool);
        }
        try (RingFile ring = RingFile.open(RingWriter.current().file(), -1)) {
            for (var pool : ring.pools()) {
                if (pool.isDraining()) {
                    pool.release();
                }
            }
        }
        RingWriter.current().file().toFile().deleteOnExit();
    }

    /// Binds a class of its own: [#point].
    private MethodHandle bind() {
        String name = "undecided:e" + ++classes;
        Object[] request = {
            EventHandles.REQUEST,
            name,
            6,
            new String[] {"number", "text"},
            new Class<?>[] {long.class, String.class}
        };
        MethodHandle event = EventHandles.answer(request);
        point = EventClasses.point(EventClasses.count() - 1);
        assertThat(point.name()).isEqualTo(name);
        return event;
    }

    private static void emit(MethodHandle event, int times) throws Throwable {
        for (int i = 0; i < times; i++) {
            String text = i % 2 == 0 ? "plain" : "ä";
            event.invokeExact((long) i, text);
        }
    }

    private PoolTotals totals(WriterPool pool) throws IOException {
        RingWriter.current().tellLost(pool);
        int channel = pools.indexOf(pool) + 1;
        try (RingFile ring = RingFile.open(RingWriter.current().file(), -1)) {
            for (var each : ring.pools()) {
                if (each.channelId() == channel && each.sessionId() >= session) {
                    return each.totals();
                }
            }
        }
        throw new AssertionError("no pool");
    }

    private void holds(WriterPool pool, long recorded, long lost) throws IOException {
        PoolTotals totals = totals(pool);
        assertThat(totals.recorded()).isEqualTo(recorded);
        assertThat(totals.lost()).isEqualTo(lost);
    }

    @Test
    void areLostWhereTheyAreWanted() throws Throwable {
        WriterPool wanted = open(session);
        WriterPool other = open(session);
        MethodHandle event = bind();
        emit(event, 30);
        holds(wanted, 0, 0);
        point.enable(wanted, 1);
        emit(event, 5);
        point.decided(wanted);
        point.decided(other);
        emit(event, 5);
        holds(wanted, 10, 30);
        holds(other, 0, 0);
    }

    @Test
    void areForgottenWhereNobodyWantsThem() throws Throwable {
        WriterPool pool = open(session);
        MethodHandle event = bind();
        emit(event, 30);
        point.decided(pool);
        assertThat(point.target).isNull();
        point.enable(pool, 1); // later
        emit(event, 5);
        holds(pool, 5, 0);
    }

    @Test
    void areForgottenWhenThePoolEnds() throws Throwable {
        WriterPool pool = open(session);
        MethodHandle event = bind();
        emit(event, 30);
        EventClasses.disableAll(pool);
        assertThat(point.target).isNull();
        bind();
        assertThat(point.target).isNull();
    }

    /// A session's daemon opens the pool of a channel when something is first wanted in it.
    @Test
    void areLostInAPoolThatTheirSessionGetsLater() throws Throwable {
        WriterPool first = open(session);
        MethodHandle event = bind();
        emit(event, 30);
        WriterPool second = open(session);
        WriterPool third = open(session);
        WriterPool stranger = open(++sessions);
        point.enable(second, 1);
        point.enable(stranger, 1);
        emit(event, 5);
        point.enable(third, 1);
        emit(event, 2);
        point.enable(first, 1);
        emit(event, 1);
        for (WriterPool pool : pools) {
            point.decided(pool);
        }
        holds(first, 1, 37);
        holds(second, 8, 30);
        holds(third, 3, 35);
        holds(stranger, 8, 0);
    }

    /// The order to record them may fail, as where there is no room to describe them.
    @Test
    void areLostOnceHoweverOftenTheyAreWanted() throws Throwable {
        WriterPool pool = open(session);
        MethodHandle event = bind();
        emit(event, 30);
        point.owe(pool);
        point.owe(pool);
        point.enable(pool, 1);
        point.decided(pool);
        holds(pool, 0, 30);
    }

    @Test
    void areStoredOrLostWhenTheDecisionComesInTheMiddle() throws Throwable {
        WriterPool pool = open(session);
        AtomicLong emitted = new AtomicLong();
        for (int round = 0; round < ROUNDS; round++) {
            MethodHandle event = bind();
            CountDownLatch underWay = new CountDownLatch(THREADS);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Thread thread =
                        new Thread(() -> {
                            try {
                                for (int n = 0; n < 20; n++) {
                                    emit(event, 10);
                                    underWay.countDown();
                                }
                                emitted.addAndGet(200);
                            } catch (Throwable e) {
                                throw new AssertionError(e);
                            }
                        });
                thread.start();
                threads.add(thread);
            }
            assertThat(underWay.await(300, TimeUnit.SECONDS)).isTrue();
            point.enable(pool, 1);
            point.decided(pool);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        PoolTotals totals = totals(pool);
        assertThat(emitted.get()).isEqualTo(200L * THREADS * ROUNDS);
        assertThat(totals.contended()).isPositive();
        assertThat(totals.recorded() + totals.lost()).isEqualTo(emitted.get());
    }

    /// Each call that comes back is counted.
    @Test
    void areCountedAtTheEndOfTheStack() throws Throwable {
        WriterPool pool = open(session);
        MethodHandle event = bind();
        long[] calls = new long[2];
        for (int i = 0; i < 300; i++) {
            try {
                dive(event, calls, i % 40);
            } catch (StackOverflowError e) {
                // the application's own
            }
        }
        point.enable(pool, 1);
        assertThat(totals(pool).lost()).isBetween(calls[1], calls[0]);
    }

    /// @param calls that were begun, and that came back
    private static void dive(MethodHandle event, long[] calls, int padding) throws Throwable {
        calls[0]++;
        event.invokeExact(1L, "a");
        calls[1]++;
        if (padding == 0) {
            dive(event, calls, 0);
        } else {
            dive(event, calls, padding - 1);
        }
    }
}
