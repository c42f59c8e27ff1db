// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.live;

import dev.contrail.relay.stream.ViewedMetadata;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A viewer's place in the metadata of a trace. After a rotation all of it comes again: what was
/// told is not told twice.
final class MetadataCursor {
    private final ViewedMetadata text;
    private long told;

    MetadataCursor(ViewedMetadata text) {
        this.text = text;
    }

    /// Whether any of it is there: before that nothing of the data can be read.
    boolean isThere() {
        return told > 0 || text.wholeBytes() > 0;
    }

    boolean hasMore() {
        return text.wholeBytes() > told;
    }

    /// Whether there never was any, and will be none.
    boolean isMissing() {
        return text.isClosed() && !isThere();
    }

    /// Whether no more comes: what could not be read then is gone.
    boolean isClosed() {
        return text.isClosed();
    }

    ByteBuffer next(int mostBytes) throws IOException {
        if (!hasMore()) {
            return ByteBuffer.allocate(0);
        }
        ByteBuffer part = text.read(told, mostBytes);
        told += part.remaining();
        return part;
    }
}
