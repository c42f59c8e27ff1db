// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.buffer;

import dev.contrail.kernel.trace.PacketWriter;
import dev.contrail.recorder.domain.PacketSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/// The threads that convert a channel's records, each those of its CPUs; the sink has one of them
/// at a time. The thread that asks is the first of them: with one there is no other.
///
/// What a system call was entered with is known to the thread that has converted its entry: with
/// several, its exit on another thread's CPU shows zeros.
public final class Converters implements AutoCloseable {
    private final List<PacketWriter> writers = new ArrayList<>();
    private final Optional<ExecutorService> others;

    /// @param writer makes one for each
    public Converters(String channel, int threads, Supplier<PacketWriter> writer) {
        for (int i = 0; i < threads; i++) {
            writers.add(writer.get());
        }
        others =
                threads == 1
                        ? Optional.empty()
                        : Optional.of(
                                Executors.newFixedThreadPool(
                                        threads - 1,
                                        Thread.ofPlatform()
                                                .daemon()
                                                .name("contrail-convert-" + channel + "-", 1)
                                                .factory()));
    }

    /// What one CPU's ring does with the sink, and how full it was.
    @FunctionalInterface
    public interface Work {
        double drain(CpuBuffer buffer, PacketSink sink) throws IOException;
    }

    /// The one that converts what a CPU has recorded.
    public PacketWriter of(int cpu) {
        return writers.get(cpu % writers.size());
    }

    /// The one of the thread that asks.
    public PacketWriter first() {
        return writers.getFirst();
    }

    /// Records that could not be decoded. Any thread.
    public long damaged() {
        return writers.stream().mapToLong(each -> each.converter().damaged()).sum();
    }

    /// Has each buffer drained; one that fails costs the others nothing.
    ///
    /// @return how full the fullest was
    /// @throws IOException the first failure
    public double drain(List<CpuBuffer> buffers, PacketSink sink, Work work) throws IOException {
        if (others.isEmpty()) {
            return drain(0, buffers, sink, work);
        }
        var shared = new SharedSink(sink);
        var parts = new ArrayList<Future<Double>>();
        for (int i = 1; i < writers.size(); i++) {
            int turn = i;
            parts.add(others.get().submit(() -> drain(turn, buffers, shared, work)));
        }
        var own = new FutureTask<>(() -> drain(0, buffers, shared, work));
        own.run();
        parts.addFirst(own);
        double fullest = 0;
        Optional<Throwable> first = Optional.empty();
        for (Future<Double> each : parts) { // also after a failure: nobody works on after this
            try {
                fullest = Math.max(fullest, awaited(each));
            } catch (ExecutionException failed) {
                first = first.or(() -> Optional.ofNullable(failed.getCause()));
            }
        }
        if (first.isPresent()) {
            rethrow(first.get());
        }
        return fullest;
    }

    private static void rethrow(Throwable failure) throws IOException {
        switch (failure) {
            case IOException cause -> throw cause;
            case RuntimeException cause -> throw cause;
            case Error cause -> throw cause;
            default -> throw new IllegalStateException(failure);
        }
    }

    private double drain(int turn, List<CpuBuffer> buffers, PacketSink sink, Work work)
            throws IOException {
        Optional<IOException> first = Optional.empty();
        double fullest = 0;
        for (CpuBuffer buffer : buffers) {
            if (buffer.stream().cpu() % writers.size() == turn) {
                try {
                    fullest = Math.max(fullest, work.drain(buffer, sink));
                } catch (IOException failed) { // the other CPUs go on
                    first = first.or(() -> Optional.of(failed));
                }
            }
        }
        if (first.isPresent()) {
            throw first.get();
        }
        return fullest;
    }

    /// Waits for it whatever happens: what it works on is nobody else's until then.
    private static double awaited(Future<Double> work) throws ExecutionException {
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    return work.get();
                } catch (InterruptedException interrupted) {
                    isInterrupted = true;
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        others.ifPresent(ExecutorService::shutdown);
    }
}
