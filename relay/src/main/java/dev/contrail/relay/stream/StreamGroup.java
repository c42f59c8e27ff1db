// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.stream;

import dev.contrail.wire.CString;
import org.jspecify.annotations.Nullable;

/// Streams that the same metadata describes: one CTF trace.
public final class StreamGroup {
    private final long id;
    private final CString path;
    private final int generation;
    private final Changes changes;
    private volatile @Nullable ViewedMetadata metadata;

    /// @param generation how many traces its directory has had before
    StreamGroup(long id, CString path, int generation, Changes changes) {
        this.id = id;
        this.path = path;
        this.generation = generation;
        this.changes = changes;
    }

    /// Unique in this relay.
    public long id() {
        return id;
    }

    /// Directory of its streams, as their producer said it.
    public CString path() {
        return path;
    }

    /// How many traces of its session have had this directory before.
    public int generation() {
        return generation;
    }

    /// What describes its streams, once its producer has said which that is.
    public @Nullable ViewedMetadata metadata() {
        return metadata;
    }

    /// Viewers may have something new.
    void changed() {
        changes.happened();
    }

    void describedBy(ViewedMetadata stream) {
        metadata = stream;
    }
}
