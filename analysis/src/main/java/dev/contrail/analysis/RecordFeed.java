// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis;

import dev.contrail.ctf.write.CtfStream;
import java.io.IOException;

/// Event records of one stream, on demand: what a source of event records reads, see
/// [SourceStream#of]. Used by one thread.
@FunctionalInterface
public interface RecordFeed extends AutoCloseable {
    /// Appends the next event records: one, or a few.
    ///
    /// @param stream takes them
    /// @return whether there may be more; what was appended counts either way
    /// @throws IOException when they cannot be read: nothing more will come
    boolean appendTo(CtfStream stream) throws IOException;

    /// No more event records are wanted.
    @Override
    default void close() throws IOException {}
}
