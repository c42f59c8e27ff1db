// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A private buffer of the kernel with its own events, clock, sizes and readers.
///
/// Owned by the control thread, but for [#stats] and [#cpuFile].
final class Instance {
    private static final int REMOVE_ATTEMPTS = 40;
    private static final long REMOVE_PAUSE_MILLIS = 50;
    private static final int SUB_BUFFER_LIMIT = 64 << 10;
    private static final int PAGE = 4 << 10;

    private final Path directory;

    private Instance(Path directory) {
        this.directory = directory;
    }

    /// The instance of that name, set up as asked, or as it is when it has recorded something.
    ///
    /// @param subBufferBytes size asked for; the kernel's is at most 64 KiB, which costs least
    /// @param ringBytes size of one CPU's ring
    static Instance open(
            Tracefs tracefs, String name, long subBufferBytes, long ringBytes, boolean overwrite)
            throws IOException {
        var instance = new Instance(tracefs.instances().resolve(name));
        boolean isNew = !Files.isDirectory(instance.directory);
        if (isNew) {
            Files.createDirectory(instance.directory);
        }
        if (!isNew && instance.hasRecorded()) {
            return instance;
        }
        try {
            instance.setUp(subBufferBytes, ringBytes, overwrite);
        } catch (IOException refused) {
            if (isNew) {
                Files.deleteIfExists(instance.directory);
            }
            throw refused;
        }
        return instance;
    }

    /// An instance that is there.
    static Instance existing(Tracefs tracefs, String name) {
        return new Instance(tracefs.instances().resolve(name));
    }

    Path directory() {
        return directory;
    }

    /// The CPUs that have a ring, running or not.
    List<Integer> cpus() throws IOException {
        try (Stream<Path> entries = Files.list(directory.resolve("per_cpu"))) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("cpu\\d{1,5}"))
                    .map(name -> Integer.parseInt(name.substring(3)))
                    .sorted()
                    .toList();
        }
    }

    Path cpuFile(int cpu, String name) {
        return directory.resolve("per_cpu").resolve("cpu" + cpu).resolve(name);
    }

    CpuStats stats(int cpu) throws IOException {
        return CpuStats.parse(Files.readString(cpuFile(cpu, "stats")));
    }

    /// Bytes of a sub-buffer, header included.
    int subBufferBytes() throws IOException {
        Path size = directory.resolve("buffer_subbuf_size_kb");
        return Files.exists(size) ? Integer.parseInt(Files.readString(size).strip()) << 10 : PAGE;
    }

    /// Bytes of one CPU's ring.
    long ringBytes() throws IOException {
        String size = Files.readString(directory.resolve("buffer_size_kb")).strip();
        return size.matches("\\d{1,15}") ? Long.parseLong(size) << 10 : 0;
    }

    void record(boolean isOn) throws IOException {
        write("tracing_on", isOn ? "1" : "0");
    }

    boolean isRecording() throws IOException {
        return Files.readString(directory.resolve("tracing_on")).strip().equals("1");
    }

    void enable(KernelEvent event, boolean isEnabled) throws IOException {
        write("events/" + event.system() + "/" + event.event() + "/enable", isEnabled ? "1" : "0");
    }

    /// The events that are enabled now.
    Set<KernelEvent> enabledEvents() throws IOException {
        var enabled = new LinkedHashSet<KernelEvent>();
        for (String line : Files.readAllLines(directory.resolve("set_event"))) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                enabled.add(
                        new KernelEvent(
                                line.substring(0, colon), line.substring(colon + 1).strip()));
            }
        }
        return enabled;
    }

    /// Records only what these threads do, and the threads and processes that they start.
    void follow(List<Integer> threads) throws IOException {
        write("options/event-fork", "1");
        replace("set_event_pid", threads);
    }

    /// Records nothing of what these threads do.
    void ignore(List<Integer> threads) throws IOException {
        replace("set_event_notrace_pid", threads);
    }

    /// Ends it: events off, then the directory, which stays busy for a moment after its last
    /// reader.
    void remove() throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        write("events/enable", "0");
        for (int attempt = 1; ; attempt++) {
            try {
                Files.delete(directory);
                return;
            } catch (FileSystemException busy) {
                if (attempt == REMOVE_ATTEMPTS) {
                    throw new IOException(
                            directory + " cannot be removed, in use by " + Holders.of(directory),
                            busy);
                }
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(REMOVE_PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /// Whether there is something in it that setting it up again would clear.
    private boolean hasRecorded() throws IOException {
        for (int cpu : cpus()) {
            CpuStats stats = stats(cpu);
            if (stats.recorded() + stats.dropped() > 0) {
                return true;
            }
        }
        return false;
    }

    /// The clock first: writing it clears the buffer.
    private void setUp(long subBufferBytes, long ringBytes, boolean overwrite) throws IOException {
        write("tracing_on", "0");
        write("trace_clock", "mono");
        if (Files.exists(directory.resolve("buffer_subbuf_size_kb"))) {
            long bytes = Math.clamp(subBufferBytes, PAGE, SUB_BUFFER_LIMIT);
            write("buffer_subbuf_size_kb", Long.toString(Long.highestOneBit(bytes) >> 10));
        }
        write("buffer_size_kb", Long.toString(Math.max(1, ringBytes >> 10)));
        write("options/overwrite", overwrite ? "1" : "0");
    }

    private void replace(String file, List<Integer> threads) throws IOException {
        var words = new ArrayList<String>();
        threads.forEach(thread -> words.add(thread.toString()));
        Files.writeString(
                directory.resolve(file),
                String.join(" ", words) + "\n",
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    /// Without truncating: that has a meaning of its own for some files.
    private void write(String file, String value) throws IOException {
        Files.writeString(directory.resolve(file), value, StandardOpenOption.WRITE);
    }
}
