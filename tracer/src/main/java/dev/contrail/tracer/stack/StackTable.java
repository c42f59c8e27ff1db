// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.stack;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The stacks that a channel has had, by number. Any thread; nobody waits. They stay: what is
/// recorded refers to them.
final class StackTable {
    static final int MOST = 4096;

    private static final int SLOTS = 2 * MOST;

    private final AtomicReferenceArray<@Nullable Entry> slots = new AtomicReferenceArray<>(SLOTS);
    private final AtomicInteger count = new AtomicInteger();

    /// A stack, by what it is equal to another by, and how it stands with its event.
    static final class Entry {
        private static final int NEW = 0;
        private static final int BEGUN = 1;
        private static final int RECORDED = 2;
        private static final int LOST = 3;

        /// Events after which one that was lost, for want of room, is tried again.
        private static final int PATIENCE = 1024;

        final int id;
        private final Object key;
        private final AtomicInteger state = new AtomicInteger(NEW);

        /// Racy: it may take some events more or less.
        private int waited;

        Entry(int id, Object key) {
            this.id = id;
            this.key = key;
        }

        /// Whether the caller, and nobody else, has to record it now.
        boolean begin() {
            int seen = state.get();
            return seen == NEW && state.compareAndSet(NEW, BEGUN)
                    || seen == LOST && ++waited % PATIENCE == 0 && state.compareAndSet(LOST, BEGUN);
        }

        void end(boolean isRecorded) {
            state.set(isRecorded ? RECORDED : LOST);
        }

        boolean isLost() {
            return state.get() == LOST;
        }
    }

    /// The entry of a stack, which is made if there is none.
    ///
    /// @return null when there are too many
    @Nullable Entry find(Object key) {
        int slot = (key.hashCode() ^ key.hashCode() >>> 15) & (SLOTS - 1);
        while (true) {
            Entry known = slots.get(slot);
            if (known == null) {
                int id = count.get() + 1;
                if (id > MOST) {
                    return null;
                }
                if (!count.compareAndSet(id - 1, id)) {
                    continue;
                }
                Entry made = new Entry(id, key);
                if (slots.compareAndSet(slot, null, made)) {
                    return made;
                }
                continue; // somebody else's is there now, perhaps the same
            }
            if (known.key.equals(key)) {
                return known;
            }
            slot = slot + 1 & SLOTS - 1;
        }
    }
}
