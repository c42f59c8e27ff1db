// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.top;

import java.util.List;
import java.util.Optional;

/// What gives messages to a state, on threads of its own.
interface Feed extends AutoCloseable {
    /// What is to be told, since it was last asked, in its order.
    List<String> takeNotes();

    /// How many parts of what was recorded could not be read.
    long damaged();

    /// Whether there is no more to read.
    boolean isEnded();

    /// Why reading has ended before the end.
    Optional<Exception> failure();

    @Override
    void close();
}
