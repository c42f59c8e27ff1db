// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.contrail.kernel.buffer.Converters;
import dev.contrail.kernel.buffer.CpuBuffer;
import dev.contrail.kernel.buffer.RingCopy;
import dev.contrail.kernel.buffer.SubBuffer;
import dev.contrail.kernel.convert.ChannelEvents;
import dev.contrail.kernel.schema.EventNames;
import dev.contrail.kernel.schema.SyscallNumbers;
import dev.contrail.kernel.trace.CpuStream;
import dev.contrail.kernel.trace.PacketWriter;
import dev.contrail.kernel.tracefs.CpuStats;
import dev.contrail.kernel.tracefs.Tracefs;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.StreamKey;
import dev.contrail.recorder.output.TraceOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// How conversion grows with its threads: `THREADS CPUS SECONDS [DIRECTORY]` converts the made-up
/// rings of so many CPUs over and over, and prints the records a second, in millions. What it makes
/// goes to files of the directory, each of 16 MiB at most, or nowhere. Run by
/// `bench/converters.sh`.
final class ConverterScale {
    private static final int FILE_BYTES = 16 << 20;
    private static final int SUB_BUFFERS_A_TURN = 64;

    private ConverterScale() {}

    public static void main(String[] arguments) throws IOException {
        int threads = Integer.parseInt(arguments[0]);
        int cpus = Integer.parseInt(arguments[1]);
        long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[2]));
        var table = new EventNames(new Tracefs(Path.of("/nowhere"))).syscalls();
        var madeUp = new WarmUp(table);
        MemorySegment ring = madeUp.ring();
        ChannelEvents events = madeUp.events();
        SyscallNumbers numbers = SyscallNumbers.of(table);
        List<CpuBuffer> buffers =
                IntStream.range(0, cpus).<CpuBuffer>mapToObj(MadeUpBuffer::new).toList();
        try (PacketSink sink =
                        arguments.length < 4
                                ? new WarmUp.Nowhere()
                                : new TraceOutput(Path.of(arguments[3]), UUID.randomUUID());
                var converters =
                        new Converters(
                                "scale",
                                threads,
                                () -> new PacketWriter(() -> events, _ -> "", numbers))) {
            for (CpuBuffer each : buffers) {
                each.stream().resume(sink);
            }
            for (int half = 0; half < 2; half++) { // in the first one it is compiled
                long begin = System.nanoTime();
                long records = 0;
                while (System.nanoTime() - begin < nanos / 2) {
                    converters.drain(
                            buffers, sink, (buffer, to) -> convert(converters, buffer, to, ring));
                    records += buffers.stream().mapToLong(each -> each.surplus()).sum();
                }
                if (half == 1) {
                    System.out.printf("%.2f%n", records * 1e3 / (System.nanoTime() - begin));
                }
            }
        }
    }

    private static double convert(
            Converters converters, CpuBuffer buffer, PacketSink sink, MemorySegment ring)
            throws IOException {
        CpuStream stream = buffer.stream();
        PacketWriter writer = converters.of(stream.cpu());
        long records = 0;
        for (int i = 0; i < SUB_BUFFERS_A_TURN; i++) {
            long start = i % 4 * (long) WarmUp.SUB_BUFFER;
            int length = ring.get(JAVA_INT_UNALIGNED, start + 8) & 0xFFFFF;
            long from = start + SubBuffer.DATA;
            long ticks = Math.max(0, stream.lastTicks());
            writer.write(sink, stream, ring, from, from + length, ticks, Long.MIN_VALUE, 0);
            records += writer.converter().count();
        }
        ((MadeUpBuffer) buffer).records = records;
        return 0;
    }

    /// Tells, as its surplus, how many records the last turn had.
    private static final class MadeUpBuffer implements CpuBuffer {
        private final CpuStream stream;
        private volatile long records;

        private MadeUpBuffer(int cpu) {
            var key =
                    new StreamKey("kernel", "channel0", Integer.toString(cpu), cpu, FILE_BYTES, 1);
            stream = new CpuStream(key, 0, cpu);
        }

        @Override
        public long drain(PacketSink sink, boolean isFinal) {
            throw new IllegalStateException();
        }

        @Override
        public void copy(RingCopy copy) {
            throw new IllegalStateException();
        }

        @Override
        public long stolen(CpuStats now) {
            return 0;
        }

        @Override
        public long surplus() {
            return records;
        }

        @Override
        public CpuStream stream() {
            return stream;
        }

        @Override
        public void close() {}
    }
}
