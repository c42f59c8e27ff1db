// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.output;

import dev.contrail.ctf.file.IndexEntry;
import dev.contrail.recorder.domain.PacketSink;
import dev.contrail.recorder.domain.StreamKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/// Hands on to a sink and lets others see for how long that has been at one thing. Once they have
/// given it up, whoever uses it is thrown out at the next call, or at the end of the present one:
/// what it works on is somebody else's by then. Owned by one thread.
public final class WatchedSink implements PacketSink {
    /// Something that the disk does.
    @FunctionalInterface
    public interface Work<T> {
        T call() throws IOException;
    }

    private PacketSink target;
    private final Busy busy = new Busy();
    private volatile boolean isGivenUp;

    public WatchedSink(PacketSink target) {
        this.target = target;
    }

    /// For how long it has been at one thing, in nanoseconds; 0 while it is at nothing. Any thread.
    public long busyNanos() {
        return busy.nanos();
    }

    /// Nobody waits any more. Any thread.
    public void giveUp() {
        isGivenUp = true;
    }

    /// @throws IOException also when it was given up
    public void check() throws IOException {
        if (isGivenUp) {
            throw new IOException("given up: nobody waits for it any more");
        }
    }

    /// From now on it hands on to that one, which `opened` makes.
    public <T extends PacketSink> T redirect(Work<T> opened) throws IOException {
        T next = watched(opened);
        target = next;
        return next;
    }

    private <T> T watched(Work<T> work) throws IOException {
        check();
        T done;
        try (var _ = busy.begin()) {
            done = work.call();
        }
        check();
        return done;
    }

    @Override
    public UUID traceUuid(String traceDirectory) {
        return target.traceUuid(traceDirectory);
    }

    @Override
    public Optional<IndexEntry> last(StreamKey stream) throws IOException {
        return watched(() -> target.last(stream));
    }

    @Override
    public void metadata(String traceDirectory, String text) throws IOException {
        watched(() -> {
            target.metadata(traceDirectory, text);
            return true;
        });
    }

    @Override
    public void packet(StreamKey stream, IndexEntry entry, ByteBuffer packet) throws IOException {
        watched(() -> {
            target.packet(stream, entry, packet);
            return true;
        });
    }

    @Override
    public void end(StreamKey stream) throws IOException {
        watched(() -> {
            target.end(stream);
            return true;
        });
    }

    @Override
    public void close() throws IOException {
        watched(() -> {
            target.close();
            return true;
        });
    }
}
