// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import dev.contrail.relay.chunk.TraceChunk;
import dev.contrail.relay.journal.JournalEntry;
import dev.contrail.relay.journal.Journaled;
import dev.contrail.wire.CString;
import dev.contrail.wire.relay.RelayReply;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A stream of a session: data, or the metadata that describes data.
///
/// What its session asks of it, nobody else does.
///
/// Guarded by its own lock, which is taken after the session's and before the chunk's.
public abstract class StoredStream implements Journaled {
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

    @Override
    public JournalEntry.Key key() {
        return new JournalEntry.Key(group.path().toString(), channelName.toString());
    }

    /// Whether nothing more will come.
    public abstract boolean isClosed();

    /// Goes on in another chunk, or in none.
    public abstract void rotate(@Nullable TraceChunk next, long firstPacketSequence)
            throws IOException;

    /// Its producer has said all of it.
    public abstract void close(long lastNetSeqNum) throws IOException;

    /// Its producer is gone: what has not come will not.
    public abstract void end() throws IOException;

    /// Whether it is waited for packets up to that one.
    public abstract boolean isPending(long lastNetSeqNum);

    /// The last of it that is stored, for its producer; empty for nothing.
    public abstract Optional<RelayReply.LastStored> lastStored() throws IOException;
}
