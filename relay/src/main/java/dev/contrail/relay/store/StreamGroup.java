// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.store;

import dev.contrail.wire.CString;
import org.jspecify.annotations.Nullable;

/// Streams that the same metadata describes: one CTF trace.
public final class StreamGroup {
    private final long id;
    private final CString path;
    private volatile @Nullable ViewedMetadata metadata;

    StreamGroup(long id, CString path) {
        this.id = id;
        this.path = path;
    }

    /// Unique in this relay.
    public long id() {
        return id;
    }

    /// Directory of its streams, as their producer said it.
    public CString path() {
        return path;
    }

    /// What describes its streams, once its producer has said which that is.
    public @Nullable ViewedMetadata metadata() {
        return metadata;
    }

    void describedBy(ViewedMetadata stream) {
        metadata = stream;
    }
}
