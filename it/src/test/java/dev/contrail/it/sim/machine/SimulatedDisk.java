// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim.machine;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// A disk of one machine. What was written can be read at once; what was not synced may be gone
/// after a loss of power, in part and in any order: of a file that was written to, each write by
/// itself, whole or up to a sector; of a directory that was changed, the last changes. A name that
/// another takes the place of is either.
public final class SimulatedDisk {
    private final Simulation simulation;
    private final SimulatedFiles files;
    private SimulatedFile root = new SimulatedFile(this, true);
    private long room = Long.MAX_VALUE;
    private long used;
    private double failing;
    private boolean isFragile;

    SimulatedDisk(Simulation simulation) {
        this.simulation = simulation;
        files = new SimulatedFiles(this);
    }

    Simulation simulation() {
        return simulation;
    }

    public Path path(String name) {
        return files.fileSystem().getPath(name);
    }

    /// It may lose its power later: what is not synced is kept account of.
    public void fragile() {
        isFragile = true;
    }

    boolean isFragile() {
        return isFragile;
    }

    /// It has so many bytes of room from now on.
    public void room(long bytes) {
        room = bytes == Long.MAX_VALUE ? bytes : used + bytes;
    }

    /// Writes, and syncs, fail with that probability.
    public void fail(double probability) {
        failing = probability;
    }

    long free() {
        return Math.max(0, room == Long.MAX_VALUE ? 1L << 40 : room - used);
    }

    void grown(long bytes) {
        used += bytes;
    }

    /// Somebody does something.
    void step() {
        SimulatedProcess.current().ifPresent(SimulatedProcess::step);
    }

    void mayFail(String what) throws IOException {
        if (failing > 0 && simulation.chance(failing)) {
            throw new FileSystemException(what, null, "Input/output error");
        }
    }

    SimulatedFile find(Path path) throws IOException {
        SimulatedFile at = root;
        for (Path each : path.toAbsolutePath().normalize()) {
            if (!at.isDirectory()) {
                throw new NotDirectoryException(path.toString());
            }
            at = at.child(each.toString());
            if (at == null) {
                throw new NoSuchFileException(path.toString());
            }
        }
        return at;
    }

    private SimulatedFile parent(Path path) throws IOException {
        Path parent = path.toAbsolutePath().normalize().getParent();
        return parent == null ? root : find(parent);
    }

    private static String name(Path path) {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }

    SimulatedFile create(Path path, boolean isDirectory) throws IOException {
        step();
        SimulatedFile in = parent(path);
        if (in.child(name(path)) != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        if (free() == 0) {
            throw full(path.toString());
        }
        mayFail(path.toString());
        var made = new SimulatedFile(this, isDirectory);
        in.link(name(path), made);
        return made;
    }

    static IOException full(String path) {
        return new FileSystemException(path, null, "No space left on device");
    }

    void delete(Path path) throws IOException {
        step();
        SimulatedFile gone = find(path);
        if (gone.isDirectory() && !gone.children().isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        parent(path).unlink(name(path));
        gone.unlinked();
    }

    void move(Path from, Path to) throws IOException {
        step();
        SimulatedFile moved = find(from);
        SimulatedFile source = parent(from);
        SimulatedFile target = parent(to);
        SimulatedFile replaced = target.child(name(to));
        if (source == target) {
            source.rename(name(from), name(to));
        } else {
            target.link(name(to), moved);
            source.unlink(name(from));
        }
        if (replaced != null && replaced != moved) {
            replaced.unlinked();
        }
    }

    public List<String> list(Path directory) throws IOException {
        SimulatedFile found = find(directory);
        if (!found.isDirectory()) {
            throw new NotDirectoryException(directory.toString());
        }
        var names = new ArrayList<>(found.children().keySet());
        if (!names.isEmpty()) {
            Collections.rotate(names, simulation.random().nextInt(names.size())); // in no order
        }
        return names;
    }

    /// What was not synced may be gone.
    void losePower() {
        used = 0;
        root = root.afterLoss();
        used = size(root);
    }

    private static long size(SimulatedFile file) {
        long sum = file.size();
        for (Map.Entry<String, SimulatedFile> each : file.children().entrySet()) {
            sum += size(each.getValue());
        }
        return sum;
    }
}
