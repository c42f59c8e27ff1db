// SPDX-License-Identifier: Apache-2.0
package dev.contrail.it.sim.machine;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// A name of a file on a [SimulatedDisk]; relative ones of other file systems may follow it.
record SimulatedPath(SimulatedFileSystem fileSystem, boolean isAbsolute, List<String> names)
        implements Path {
    static SimulatedPath of(SimulatedFileSystem fileSystem, String text) {
        List<String> names =
                Arrays.stream(text.split("/")).filter(each -> !each.isEmpty()).toList();
        return new SimulatedPath(fileSystem, text.startsWith("/"), names);
    }

    private SimulatedPath like(Path other) {
        return other instanceof SimulatedPath its ? its : of(fileSystem, other.toString());
    }

    private SimulatedPath with(boolean absolute, List<String> its) {
        return new SimulatedPath(fileSystem, absolute, List.copyOf(its));
    }

    @Override
    public FileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public Path getRoot() {
        return isAbsolute ? with(true, List.of()) : null;
    }

    @Override
    public Path getFileName() {
        return names.isEmpty() ? null : with(false, List.of(names.getLast()));
    }

    @Override
    public Path getParent() {
        if (names.isEmpty() || names.size() == 1 && !isAbsolute) {
            return null;
        }
        return with(isAbsolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return with(false, List.of(names.get(index)));
    }

    @Override
    public Path subpath(int begin, int end) {
        return with(false, names.subList(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        SimulatedPath its = like(other);
        return its.isAbsolute == isAbsolute
                && its.names.size() <= names.size()
                && names.subList(0, its.names.size()).equals(its.names);
    }

    @Override
    public boolean endsWith(Path other) {
        SimulatedPath its = like(other);
        int from = names.size() - its.names.size();
        return from >= 0
                && (!its.isAbsolute || from == 0)
                && names.subList(from, names.size()).equals(its.names);
    }

    @Override
    public Path normalize() {
        if (!names.contains("..") && !names.contains(".")) {
            return this;
        }
        throw new UnsupportedOperationException(toString());
    }

    @Override
    public Path resolve(Path other) {
        SimulatedPath its = like(other);
        if (its.isAbsolute) {
            return its;
        }
        var all = new ArrayList<>(names);
        all.addAll(its.names);
        return with(isAbsolute, all);
    }

    @Override
    public Path relativize(Path other) {
        SimulatedPath its = like(other);
        if (!its.startsWith(this)) {
            throw new IllegalArgumentException(other + " is not below " + this);
        }
        return with(false, its.names.subList(names.size(), its.names.size()));
    }

    @Override
    public URI toUri() {
        return URI.create("simulated:" + this);
    }

    @Override
    public Path toAbsolutePath() {
        return with(true, names);
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return toAbsolutePath();
    }

    @Override
    public WatchKey register(
            WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SimulatedPath its
                && its.fileSystem == fileSystem
                && its.isAbsolute == isAbsolute
                && its.names.equals(names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return names.stream().collect(Collectors.joining("/", isAbsolute ? "/" : "", ""));
    }
}
