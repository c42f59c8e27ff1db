// SPDX-License-Identifier: Apache-2.0
package dev.contrail.relay.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A stream as its session's journal sees it.
public interface Journaled {
    /// What it is called there.
    JournalEntry.Key key();

    /// How far it is stored; empty for nothing.
    Optional<JournalEntry> stored();

    /// The journal says so much of it.
    void committed(JournalEntry stored);

    /// What is stored survives a loss of power. Without the stream's lock: only who appends calls
    /// it.
    void sync() throws IOException;

    /// Where its files have been made.
    List<Path> directories() throws IOException;
}
