// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim.machine;

import java.nio.ByteBuffer;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A file or a directory: what it holds, and what of that survives a loss of power.
final class SimulatedFile {
    private static final int SECTOR = 512;

    /// How likely a write that was not synced is there after a loss of power.
    private static final double WRITTEN = 0.6;

    private static long count;

    private final SimulatedDisk disk;
    private final boolean isDirectory;
    private final Object key = count++;

    private Optional<SimulatedProcess> lockedBy = Optional.empty();
    private byte[] bytes = {};
    private int size;
    private boolean isOpenOrLinked = true;

    private byte[] durable = {};
    private int durableSize;
    private final List<Change> changes = new ArrayList<>();

    private final SortedMap<String, SimulatedFile> children = new TreeMap<>();
    private Map<String, SimulatedFile> durableChildren = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    /// A write, or, without bytes, a cut.
    private record Change(int at, byte[] bytes) {}

    /// A name that has begun to stand for a file, or for none, and another that ends with that.
    private record Entry(String name, SimulatedFile file, String gone) {}

    SimulatedFile(SimulatedDisk disk, boolean isDirectory) {
        this.disk = disk;
        this.isDirectory = isDirectory;
    }

    boolean isDirectory() {
        return isDirectory;
    }

    Object key() {
        return key;
    }

    int size() {
        return size;
    }

    /// Shared with who has mapped it.
    byte[] bytes() {
        return bytes;
    }

    SortedMap<String, SimulatedFile> children() {
        return children;
    }

    SimulatedFile child(String name) {
        return children.get(name);
    }

    void link(String name, SimulatedFile file) {
        children.put(name, file);
        changed(new Entry(name, file, ""));
    }

    void unlink(String name) {
        children.remove(name);
        changed(new Entry(name, null, ""));
    }

    void rename(String from, String to) {
        SimulatedFile file = children.remove(from);
        children.put(to, file);
        changed(new Entry(to, file, from));
    }

    private void changed(Entry entry) {
        if (disk.isFragile()) {
            entries.add(entry);
        }
    }

    /// @return whether it is the process's now
    boolean lock(SimulatedProcess by) {
        if (lockedBy.filter(SimulatedProcess::isAlive).isPresent()) {
            if (lockedBy.get() == by) {
                throw new OverlappingFileLockException();
            }
            return false;
        }
        lockedBy = Optional.of(by);
        return true;
    }

    void unlock() {
        lockedBy = Optional.empty();
    }

    void unlinked() {
        disk.grown(-size);
        isOpenOrLinked = false;
    }

    int read(ByteBuffer into, long at) {
        if (at >= size) {
            return -1;
        }
        int count = (int) Math.min(into.remaining(), size - at);
        into.put(bytes, (int) at, count);
        return count;
    }

    /// @param count at most as many as are there
    void write(ByteBuffer from, int count, long at) {
        int end = Math.toIntExact(at + count);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
        }
        from.get(bytes, (int) at, count);
        if (end > size) {
            if (isOpenOrLinked) {
                disk.grown(end - size);
            }
            size = end;
        }
        if (disk.isFragile()) {
            changes.add(new Change((int) at, Arrays.copyOfRange(bytes, (int) at, end)));
        }
    }

    void cut(long to) {
        if (to >= size) {
            return;
        }
        if (isOpenOrLinked) {
            disk.grown(to - size);
        }
        Arrays.fill(bytes, (int) to, size, (byte) 0);
        size = (int) to;
        if (disk.isFragile()) {
            changes.add(new Change(size, null));
        }
    }

    /// So long that it can be mapped: its bytes stay where they are.
    void settle() {
        bytes = Arrays.copyOf(bytes, size);
    }

    /// What it holds survives a loss of power from now on.
    void sync() {
        for (Change each : changes) {
            apply(each, each.bytes == null ? 0 : each.bytes.length);
        }
        changes.clear();
        for (Entry each : entries) {
            apply(each);
        }
        entries.clear();
    }

    private void apply(Change change, int count) {
        if (change.bytes == null) {
            if (change.at < durableSize) {
                Arrays.fill(durable, change.at, durableSize, (byte) 0);
                durableSize = change.at;
            }
            return;
        }
        int end = change.at + count;
        if (end > durable.length) {
            durable = Arrays.copyOf(durable, Math.max(end, 2 * durable.length));
        }
        System.arraycopy(change.bytes, 0, durable, change.at, count);
        durableSize = Math.max(durableSize, end);
    }

    private void apply(Entry entry) {
        if (!entry.gone.isEmpty()) {
            durableChildren.remove(entry.gone);
        }
        if (entry.file == null) {
            durableChildren.remove(entry.name);
        } else {
            durableChildren.put(entry.name, entry.file);
        }
    }

    /// What is there after a loss of power.
    SimulatedFile afterLoss() {
        return afterLoss(new IdentityHashMap<>());
    }

    private SimulatedFile afterLoss(Map<SimulatedFile, SimulatedFile> known) {
        SimulatedFile already = known.get(this);
        if (already != null) {
            return already;
        }
        Simulation simulation = disk.simulation();
        var left = new SimulatedFile(disk, isDirectory);
        known.put(this, left);
        if (isDirectory) {
            long lasting = simulation.between(0, entries.size());
            entries.stream().limit(lasting).forEach(this::apply);
            for (Map.Entry<String, SimulatedFile> each :
                    new TreeMap<>(durableChildren).entrySet()) {
                SimulatedFile its = each.getValue().afterLoss(known);
                left.children.put(each.getKey(), its);
                left.durableChildren.put(each.getKey(), its);
            }
            return left;
        }
        for (Change each : changes) {
            if (simulation.chance(WRITTEN)) {
                int count = each.bytes == null ? 0 : each.bytes.length;
                if (count > SECTOR && simulation.chance(1 - WRITTEN)) {
                    count = (int) simulation.between(0, count / SECTOR) * SECTOR;
                }
                apply(each, count);
            }
        }
        left.bytes = Arrays.copyOf(durable, durableSize);
        left.size = durableSize;
        left.durable = Arrays.copyOf(durable, durableSize);
        left.durableSize = durableSize;
        return left;
    }
}
