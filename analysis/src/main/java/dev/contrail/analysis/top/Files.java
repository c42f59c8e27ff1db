// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

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

    private final BoundedRows<String, FileRow> files;
    private final FileRow others;
    private final BoundedRows<Long, Map<Long, String>> descriptors =
            new BoundedRows<>(MAX_PROCESSES, _ -> new HashMap<>(), _ -> false, _ -> {});

    Files(Interval interval) {
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

    /// What a descriptor is; null when that is not known.
    @Nullable String name(long pid, long descriptor) {
        Map<Long, String> known = descriptors.find(pid);
        return known == null ? null : known.get(descriptor);
    }

    /// A descriptor is that file from now on.
    ///
    /// @param name null when that is not known
    void open(long pid, long descriptor, @Nullable String name) {
        if (name == null) {
            close(pid, descriptor);
            return;
        }
        Map<Long, String> known = descriptors.get(pid);
        if (known.size() < MAX_DESCRIPTORS || known.containsKey(descriptor)) {
            known.put(descriptor, name);
        }
    }

    void close(long pid, long descriptor) {
        Map<Long, String> known = descriptors.find(pid);
        if (known != null) {
            known.remove(descriptor);
        }
    }

    /// A process begins with the descriptors of another.
    void inherit(long from, long pid) {
        Map<Long, String> known = descriptors.find(from);
        Map<Long, String> own = descriptors.get(pid);
        own.clear();
        if (known != null) {
            own.putAll(known);
        }
    }
}
