// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel.tracefs;

import dev.contrail.posix.RawFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A private buffer of the kernel with its own events, clock, sizes and readers, and the claim to
/// it.
///
/// Owned by the domain's thread, but for [#stats], [#hasOurClock], [#markTaken] and [#cpuFile].
public final class Instance implements AutoCloseable {
    private static final int ATTEMPTS = 40;
    private static final long PAUSE_MILLIS = 50;
    private static final int SUB_BUFFER_LIMIT = 64 << 10;
    private static final int PAGE = 4 << 10;
    private static final String CLOCK = "trace_clock";
    private static final String WAKE_AT = "buffer_percent";

    /// Who waits for a ring is woken when a quarter of it is filled.
    private static final String WAKE_AT_PERCENT = "25";

    private final Path directory;
    private final Claim claim;
    private final boolean isNew;
    private final InstanceSettings settings;
    private final RingTotals totals = new RingTotals();
    private final StatsFiles statsFiles = new StatsFiles();

    private Instance(Path directory, Claim claim, boolean isNew) {
        this.directory = directory;
        this.claim = claim;
        this.isNew = isNew;
        settings = new InstanceSettings(directory);
    }

    /// The instance of that name, set up as asked, or as it is when it has recorded something.
    ///
    /// @param subBufferBytes size asked for; the kernel's is at most 64 KiB, which costs least
    /// @param ringBytes size of one CPU's ring
    /// @throws IOException also when another process has it
    public static Instance open(
            Tracefs tracefs, String name, long subBufferBytes, long ringBytes, boolean overwrite)
            throws IOException {
        Instance instance = claimed(tracefs.instances().resolve(name));
        try {
            if (instance.isNew || !instance.hasRecorded()) {
                instance.setUp(subBufferBytes, ringBytes, overwrite);
            }
            instance.settings.learn();
            return instance;
        } catch (IOException refused) {
            if (instance.isNew) {
                Files.deleteIfExists(instance.directory);
            }
            instance.close();
            throw refused;
        }
    }

    /// Makes the instance, where there is none, and claims it. Somebody may remove it in between,
    /// or look for a moment whether it is claimed.
    private static Instance claimed(Path directory) throws IOException {
        for (int attempt = 1; ; attempt++) {
            boolean isNew = isMade(directory);
            Optional<Claim> claim = Optional.empty();
            if (Files.isDirectory(directory)) {
                claim = Claim.take(directory);
            }
            if (claim.isPresent()) {
                return new Instance(directory, claim.get(), isNew);
            }
            if (attempt == ATTEMPTS) {
                throw new IOException(directory + " is in use by another session daemon");
            }
            pause();
        }
    }

    private static boolean isMade(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
            return true;
        } catch (FileAlreadyExistsException there) {
            return false;
        }
    }

    /// An instance that is there and that nobody has.
    public static Optional<Instance> unclaimed(Tracefs tracefs, String name) throws IOException {
        Path directory = tracefs.instances().resolve(name);
        return Claim.take(directory).map(claim -> new Instance(directory, claim, false));
    }

    /// Gives up the claim: the instance stays as it is, for a next daemon.
    @Override
    public void close() throws IOException {
        totals.whileNobodyLooks(statsFiles::close);
        claim.close();
    }

    /// Whether this has made it: there was none before.
    public boolean isNew() {
        return isNew;
    }

    public Path directory() {
        return directory;
    }

    /// The CPUs that have a ring, running or not.
    public List<Integer> cpus() throws IOException {
        try (Stream<Path> entries = Files.list(directory.resolve("per_cpu"))) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("cpu\\d{1,5}"))
                    .map(name -> Integer.parseInt(name.substring(3)))
                    .sorted()
                    .toList();
        }
    }

    /// A file of one CPU's ring, such as `trace_pipe_raw`.
    public Path cpuFile(int cpu, String name) {
        return directory.resolve("per_cpu").resolve("cpu" + cpu).resolve(name);
    }

    /// The account of a CPU's ring since the instance was made or taken over, also over a clearing
    /// of the ring by somebody else.
    public CpuStats stats(int cpu) throws IOException {
        return totals.since(cpu, () -> look(cpu));
    }

    /// The same, unless another thread is looking.
    public Optional<CpuStats> statsUnlessBusy(int cpu) throws IOException {
        return totals.sinceUnlessBusy(cpu, () -> look(cpu));
    }

    private CpuStats look(int cpu) throws IOException {
        return statsFiles.read(cpu, () -> RawFile.open(cpuFile(cpu, "stats")));
    }

    /// Somebody else has read so many records of a CPU's ring. Any thread.
    public void markTaken(int cpu, long records) {
        totals.markTaken(cpu, records);
    }

    /// Whether records bear `CLOCK_MONOTONIC`, as they should.
    public boolean hasOurClock() throws IOException {
        return Files.readString(directory.resolve(CLOCK)).contains("[mono]");
    }

    /// Undoes what somebody else has done to it.
    ///
    /// @return what that was, a phrase for each
    public List<String> restore() throws IOException {
        var found = new ArrayList<String>();
        if (!hasOurClock()) {
            found.add("given another clock (" + CLOCK + "), which cleared its rings");
            write(CLOCK, "mono");
            totals.markCleared();
        }
        for (int cpu : cpus()) {
            stats(cpu);
        }
        found.addAll(totals.found());
        found.addAll(settings.restore());
        return found;
    }

    /// Whether somebody else has given an event a filter; it is taken off then.
    public boolean isFreedOfFilter(KernelEvent event) throws IOException {
        String file = "events/" + event.system() + "/" + event.event() + "/filter";
        if (!Files.exists(directory.resolve(file)) || settings.read(file).equals("none")) {
            return false;
        }
        write(file, "0");
        return true;
    }

    /// Bytes of a sub-buffer, header included.
    public int subBufferBytes() throws IOException {
        Path size = directory.resolve("buffer_subbuf_size_kb");
        return Files.exists(size) ? Integer.parseInt(Files.readString(size).strip()) << 10 : PAGE;
    }

    /// Bytes of one CPU's ring.
    public long ringBytes() throws IOException {
        String size = Files.readString(directory.resolve("buffer_size_kb")).strip();
        return size.matches("\\d{1,15}") ? Long.parseLong(size) << 10 : 0;
    }

    public void record(boolean isOn) throws IOException {
        write("tracing_on", isOn ? "1" : "0");
        settings.learn("tracing_on");
    }

    /// Whether its rings take records now (`tracing_on`).
    public boolean isRecording() throws IOException {
        return Files.readString(directory.resolve("tracing_on")).strip().equals("1");
    }

    /// Records an event, or no more.
    public void enable(KernelEvent event, boolean isEnabled) throws IOException {
        write("events/" + event.system() + "/" + event.event() + "/enable", isEnabled ? "1" : "0");
    }

    /// The events that are enabled now.
    public Set<KernelEvent> enabledEvents() throws IOException {
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
    public void follow(List<Integer> threads) throws IOException {
        write("options/event-fork", "1");
        replace("set_event_pid", threads);
        settings.learn();
    }

    /// Records nothing of what these threads do.
    public void ignore(List<Integer> threads) throws IOException {
        replace("set_event_notrace_pid", threads);
        settings.learn("set_event_notrace_pid");
    }

    /// Ends it: events off, then the directory, which stays busy for a moment after its last
    /// reader, then the claim.
    public void remove() throws IOException {
        try (claim) {
            totals.whileNobodyLooks(statsFiles::close);
            removeDirectory();
        }
    }

    private void removeDirectory() throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        write("events/enable", "0");
        for (int attempt = 1; ; attempt++) {
            try {
                Files.delete(directory);
                return;
            } catch (FileSystemException busy) {
                if (attempt == ATTEMPTS) {
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
            Thread.sleep(PAUSE_MILLIS);
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
        write(CLOCK, "mono");
        if (Files.exists(directory.resolve("buffer_subbuf_size_kb"))) {
            long bytes = Math.clamp(subBufferBytes, PAGE, SUB_BUFFER_LIMIT);
            write("buffer_subbuf_size_kb", Long.toString(Long.highestOneBit(bytes) >> 10));
        }
        write("buffer_size_kb", Long.toString(Math.max(1, ringBytes >> 10)));
        write("options/overwrite", overwrite ? "1" : "0");
        if (Files.exists(directory.resolve(WAKE_AT))) {
            write(WAKE_AT, WAKE_AT_PERCENT);
        }
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
