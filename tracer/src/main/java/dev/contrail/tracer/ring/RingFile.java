// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/// One process's ring file, opened by a reader or consumer in another process.
public final class RingFile implements AutoCloseable {
    private RingFile() {}

    /// Opens `file` without following links.
    ///
    /// @param ownerUid the user who must own the file, or -1 for any
    public static RingFile open(Path file, int ownerUid) throws IOException, RingException {
        throw new UnsupportedOperationException();
    }

    public Path path() {
        throw new UnsupportedOperationException();
    }

    public long processId() {
        throw new UnsupportedOperationException();
    }

    /// The start time of the process, in clock ticks after boot (`/proc/PID/stat`).
    public long processStart() {
        throw new UnsupportedOperationException();
    }

    public UUID uuid() {
        throw new UnsupportedOperationException();
    }

    /// The user id that owns the file.
    public int owner() {
        throw new UnsupportedOperationException();
    }

    /// Whether the process that writes the file still lives: it holds the file's lock.
    public boolean writerIsAlive() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// When the tracer's link thread last ran (`CLOCK_MONOTONIC`).
    public long heartbeatNanos() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// The pools that are active or draining now. The same object is returned for the same pool.
    public List<Pool> pools() throws IOException {
        throw new UnsupportedOperationException();
    }

    /// The event classes described for `pool`. Read them after the packets that need them.
    public List<EventDescription> events(Pool pool) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException();
    }
}
