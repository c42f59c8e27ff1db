// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.tsdl;

import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.StreamClass;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Stream and event classes of the TSDL texts that were read last. The runs of one program, the
/// chunks of one session and the hosts of a cluster declare the same of them, word for word: those
/// are read once, and are the same objects in all their traces. Any thread.
final class DeclarationCache {
    private static final int MAX_KNOWN = 4;

    /// Longest end of a text that is kept to compare with.
    private static final int MAX_END = 8 << 20;

    /// The newest first; guarded by itself.
    private static final Deque<Known> KNOWN = new ArrayDeque<>();

    /// All that decides what stream and event classes a text declares, but for its end.
    ///
    /// @param declarations what stands before the end, without the blocks of trace, environment and
    ///   clocks
    /// @param constants the environment's, if the text may use them as lengths
    record Setting(
            ByteOrder order,
            Set<String> clocks,
            Map<String, Object> constants,
            List<String> declarations) {}

    /// @param end of the text: nothing but stream and event classes
    record Known(String end, Setting setting, List<StreamClass> streams, List<EventClass> events) {}

    private DeclarationCache() {}

    /// Finds the declarations at a text's end.
    static Optional<Known> atEndOf(String text) {
        synchronized (KNOWN) {
            return KNOWN.stream().filter(known -> text.endsWith(known.end)).findFirst();
        }
    }

    static void add(Known known) {
        if (known.end.isEmpty() || known.end.length() > MAX_END) {
            return;
        }
        synchronized (KNOWN) {
            if (KNOWN.size() == MAX_KNOWN) {
                KNOWN.removeLast();
            }
            KNOWN.addFirst(known);
        }
    }
}
