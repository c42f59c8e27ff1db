// SPDX-License-Identifier: Apache-2.0
package dev.contrail.recorder.jvm;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a daemon has met since it began, though it may have ended since.
///
/// @param programs JVMs that have said who they are
/// @param events names of their tracepoints, the first 1,000
public record Seen(long programs, SortedSet<String> events) {
    static final int MAX_EVENTS = 1_000;

    public Seen {
        events = Collections.unmodifiableSortedSet(new TreeSet<>(events));
    }
}
