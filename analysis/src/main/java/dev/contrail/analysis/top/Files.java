// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The files of one machine: which descriptor of which process is which, and what was read from
/// each and written to it.
final class Files {
    /// Files that are counted one by one.
    static final int MAX_FILES = 16384;

    /// Processes whose descriptors are known.
    static final int MAX_PROCESSES = 1024;

    /// Descriptors of a process that are known.
    static final int MAX_DESCRIPTORS = 512;

    /// One file.
    static final class FileRow {
        private final String name;
        final Tally sums;
        final Durations transfers;

        FileRow(String name, Interval interval) {
            this.name = name;
            sums = new Tally(interval);
            transfers = new Durations(interval);
        }

        String name() {
            return name;
        }
    }

    /// How many descriptors the machine is asked about in a second of the trace.
    static final int MAX_ASKED = 100;

    /// How much later than it was asked it is what it said: it says what is, and the trace what
    /// was. The clocks of both are the same, but for a step of one.
    static final long LATER_NANOS = 1_000_000_000;

    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long MILLI_NANOS = 1_000_000;

    /// What a descriptor is.
    ///
    /// @param name empty when that is not known
    /// @param sureFrom since when, as that was asked later than it was opened
    private record Descriptor(String name, long sureFrom) {}

    private final LocalFacts facts;
    private final InstantSource clock;
    private long askedSecond = Long.MIN_VALUE;
    private int asked;
    private final BoundedRows<String, FileRow> files;
    private final FileRow others;
    private final BoundedRows<Long, Map<Long, Descriptor>> descriptors =
            new BoundedRows<>(MAX_PROCESSES, _ -> new HashMap<>(), _ -> false, _ -> {});

    /// @param facts says what else is known of descriptors
    Files(Interval interval, LocalFacts facts) {
        this(interval, facts, InstantSource.system());
    }

    Files(Interval interval, LocalFacts facts, InstantSource clock) {
        this.facts = facts;
        this.clock = clock;
        others = new FileRow("(others)", interval);
        files =
                new BoundedRows<>(
                        MAX_FILES, name -> new FileRow(name, interval), _ -> false, this::leave);
    }

    private void leave(FileRow file) {
        others.sums.addAll(file.sums);
        others.transfers.addAll(file.transfers);
    }

    Collection<FileRow> files() {
        return files.all();
    }

    FileRow others() {
        return others;
    }

    FileRow file(String name) {
        return files.get(name);
    }

    /// What a descriptor is at that time; null when that is not known.
    @Nullable String name(long pid, long descriptor, long now) {
        Map<Long, Descriptor> known = descriptors.find(pid);
        Descriptor found = known == null ? null : known.get(descriptor);
        if (found == null) {
            ask(pid, descriptor, now);
            return null;
        }
        return found.name.isEmpty() || now < found.sureFrom ? null : found.name;
    }

    /// Whoever closes it before the time from which the answer counts makes it none: it may be of
    /// what was opened after that.
    private void ask(long pid, long descriptor, long now) {
        long second = Math.floorDiv(now, SECOND_NANOS);
        asked = second == askedSecond ? asked + 1 : 0;
        askedSecond = second;
        if (facts == LocalFacts.NONE || asked >= MAX_ASKED) {
            return;
        }
        long from = clock.millis() * MILLI_NANOS + LATER_NANOS;
        put(pid, descriptor, new Descriptor(facts.file(pid, descriptor), from));
    }

    /// A descriptor is that file from now on.
    ///
    /// @param name null when that is not known
    void open(long pid, long descriptor, @Nullable String name) {
        if (name == null) {
            close(pid, descriptor);
            return;
        }
        put(pid, descriptor, new Descriptor(name, Long.MIN_VALUE));
    }

    private void put(long pid, long descriptor, Descriptor what) {
        Map<Long, Descriptor> known = descriptors.get(pid);
        if (known.size() < MAX_DESCRIPTORS || known.containsKey(descriptor)) {
            known.put(descriptor, what);
        }
    }

    void close(long pid, long descriptor) {
        Map<Long, Descriptor> known = descriptors.find(pid);
        if (known != null) {
            known.remove(descriptor);
        }
    }

    /// A process begins with the descriptors of another.
    void inherit(long from, long pid) {
        Map<Long, Descriptor> known = descriptors.find(from);
        Map<Long, Descriptor> own = descriptors.get(pid);
        own.clear();
        if (known != null) {
            own.putAll(known);
        }
    }

    /// A process has ended, and nothing is open in it.
    void end(long pid) {
        descriptors.remove(pid);
    }
}
