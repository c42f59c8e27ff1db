// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.top;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Rows by key, at most so many: the one that was not used for longest makes room for a new one,
/// and before it those of what has ended.
final class BoundedRows<K, R> {
    private final LinkedHashMap<K, R> rows = new LinkedHashMap<>(16, 0.75f, true);
    private final SequencedSet<K> ended = new LinkedHashSet<>();
    private final int most;
    private final int mostEnded;
    private final Function<K, R> maker;
    private final Predicate<R> isNeeded;
    private final Consumer<R> leaving;

    /// @param isNeeded whether a row may not leave; of few rows at any time
    /// @param leaving gets what makes room
    BoundedRows(int most, Function<K, R> maker, Predicate<R> isNeeded, Consumer<R> leaving) {
        this(most, most, maker, isNeeded, leaving);
    }

    /// @param mostEnded rows of what has ended
    BoundedRows(
            int most,
            int mostEnded,
            Function<K, R> maker,
            Predicate<R> isNeeded,
            Consumer<R> leaving) {
        this.most = most;
        this.mostEnded = mostEnded;
        this.maker = maker;
        this.isNeeded = isNeeded;
        this.leaving = leaving;
    }

    /// The row of a key, a new one if there is none.
    R get(K key) {
        R known = rows.get(key);
        if (known == null) {
            known = maker.apply(key);
            rows.put(key, known);
            if (rows.size() > most) {
                makeRoom();
            }
        }
        return known;
    }

    @Nullable R find(K key) {
        return rows.get(key);
    }

    Collection<R> all() {
        return rows.values();
    }

    /// What a row is about has ended: it is the first to make room.
    void end(K key) {
        ended.remove(key);
        if (rows.containsKey(key)) {
            ended.add(key);
        }
        if (ended.size() > mostEnded) {
            dropEnded();
        }
    }

    /// What a row is about begins, perhaps again.
    void begin(K key) {
        ended.remove(key);
    }

    void remove(K key) {
        ended.remove(key);
        rows.remove(key);
    }

    /// @return whether there was one that could go
    private boolean dropEnded() {
        for (K each : ended) {
            R row = rows.get(each);
            if (row != null && !isNeeded.test(row)) {
                remove(each);
                leaving.accept(row);
                return true;
            }
        }
        return false;
    }

    private void makeRoom() {
        if (dropEnded()) {
            return;
        }
        List<K> needed = new ArrayList<>();
        K eldest = null;
        for (Map.Entry<K, R> each : rows.entrySet()) {
            if (!isNeeded.test(each.getValue())) {
                eldest = each.getKey();
                break;
            }
            needed.add(each.getKey());
        }
        needed.forEach(rows::get); // not to be looked at again soon
        R row = eldest == null ? null : rows.get(eldest);
        if (eldest != null && row != null) {
            remove(eldest);
            leaving.accept(row);
        }
    }
}
