// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.store;

import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayReply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A stream of a session: data, or the metadata that describes data.
///
/// Guarded by its own lock, which is taken after the session's and before the chunk's.
public abstract class StoredStream {
    private final long handle;
    private final StreamGroup group;
    private final CString channelName;

    StoredStream(long handle, StreamGroup group, CString channelName) {
        this.handle = handle;
        this.group = group;
        this.channelName = channelName;
    }

    /// What its producer calls it; viewers do not learn it.
    public long handle() {
        return handle;
    }

    /// The trace that it belongs to.
    public StreamGroup group() {
        return group;
    }

    /// As its producer said it.
    public CString channelName() {
        return channelName;
    }

    /// Whether nothing more will come.
    public abstract boolean isClosed();

    /// Goes on in another chunk, or in none.
    abstract void rotate(@Nullable TraceChunk next, long firstPacketSequence) throws IOException;

    /// Its producer has said all of it.
    abstract void close(long lastNetSeqNum) throws IOException;

    /// Its producer is gone: what has not come will not.
    abstract void end() throws IOException;

    /// Whether it is waited for packets up to that one.
    abstract boolean isPending(long lastNetSeqNum);

    /// The journal says so much of it.
    abstract void committed(SessionJournal.Stored stored);

    /// How far it is stored, for a journal; empty for nothing.
    abstract Optional<SessionJournal.Stored> stored(SessionJournal.Key key);

    /// The last of it that is stored, for its producer; empty for nothing.
    public abstract Optional<RelayReply.LastStored> lastStored() throws IOException;

    /// What is stored survives a loss of power. Without the stream's lock: only who appends calls
    /// it.
    abstract void sync() throws IOException;

    /// Where its files have been made.
    abstract List<Path> directories() throws IOException;
}
