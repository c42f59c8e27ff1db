// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// A run of the program that emits numbered events, and the file in which it counts them: the truth
/// that every trace is compared with, also after the program was killed.
final class Counter {
    private static final String PROGRAM = "dev.contrail.samples.count.Counting";

    private final Path file;
    private final int threads;
    private final Process process;
    private final MappedByteBuffer counts;

    private Counter(Path file, int threads, Process process) throws IOException {
        this.file = file;
        this.threads = threads;
        this.process = process;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            counts = channel.map(FileChannel.MapMode.READ_WRITE, 0, (threads + 1) * 8L);
        }
        counts.order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Starts one with its agent. Given no number of events, it goes on until [#end].
    static Counter start(Machine machine, int threads, long events, long pauseNanos)
            throws IOException {
        return start(machine, List.of(), threads, events, pauseNanos);
    }

    /// @param before words before the command, such as `setpriv …`, and options of `java`
    static Counter start(
            Machine machine, List<String> before, int threads, long events, long pauseNanos)
            throws IOException {
        Path file = prepare(machine, threads);
        var command = new ArrayList<>(before);
        command.addAll(command(machine, file, threads, events, pauseNanos));
        return new Counter(file, threads, machine.start(command));
    }

    /// The file in which a program will count.
    static Path prepare(Machine machine, int threads) throws IOException {
        Path file = Files.createTempFile(machine.root(), "counts", "");
        Files.write(file, new byte[(threads + 1) * 8]);
        // Also for a program that another user runs.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        return file;
    }

    static List<String> command(
            Machine machine, Path file, int threads, long events, long pauseNanos) {
        return machine.sample(
                PROGRAM,
                file.toString(),
                Integer.toString(threads),
                Long.toString(events),
                Long.toString(pauseNanos));
    }

    /// What the file of a program that has ended says.
    static long[] emitted(Path file, int threads) throws IOException {
        var bytes =
                java.nio.ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        long[] numbers = new long[threads];
        for (int i = 0; i < threads; i++) {
            numbers[i] = bytes.getLong(i * 8);
        }
        return numbers;
    }

    /// Lets a program end whose file that is.
    static void end(Path file, int threads) throws IOException {
        var bytes = java.nio.ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(bytes.flip(), threads * 8L);
        }
    }

    Process process() {
        return process;
    }

    /// Events of each thread whose call has returned.
    long[] emitted() {
        long[] numbers = new long[threads];
        for (int i = 0; i < threads; i++) {
            numbers[i] = counts.getLong(i * 8);
        }
        return numbers;
    }

    long total() {
        long sum = 0;
        for (long each : emitted()) {
            sum += each;
        }
        return sum;
    }

    /// Waits until that many events were emitted in all, and some by each thread.
    void await(long total) throws InterruptedException {
        Machine.await(
                "%d events of %s".formatted(total, file),
                () -> total() >= total && LongStream.of(emitted()).allMatch(each -> each > 0));
    }

    /// Lets it end, and waits until it has.
    ///
    /// @return what it has emitted
    long[] end() throws InterruptedException {
        counts.putLong(threads * 8, 1);
        return join();
    }

    /// Waits until it has emitted everything and ended.
    long[] join() throws InterruptedException {
        Machine.await("the end of process " + process.pid(), () -> !process.isAlive());
        if (process.exitValue() != 0) {
            throw new AssertionError("Counting ended with status " + process.exitValue());
        }
        return emitted();
    }

    /// Ends it with SIGKILL.
    long[] kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        return emitted();
    }
}
