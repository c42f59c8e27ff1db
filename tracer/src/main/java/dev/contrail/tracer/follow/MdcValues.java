// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.follow;

import dev.contrail.tracer.context.AppContexts;
import dev.contrail.tracer.ring.write.ThreadSlot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Follows what threads put into their mapped diagnostic contexts.
///
/// The calls run in the program's threads, in front of the change. They take no lock, and of the
/// program they call only the maps and collections that it hands over, which the library goes
/// through next. Where that fails a thread has no value rather than an old one.
final class MdcValues {
    /// How the fields of contexts of this kind begin.
    private static final String FIELD = AppContexts.fieldName(AppContexts.MDC, "");

    final BiConsumer<Object, Object> put = this::put;
    final Consumer<Object> putAll = new Step(this::putAll);
    final Consumer<Object> remove = new Step(this::remove);
    final Consumer<Object> replace = new Step(this::replace);

    /// In an array that never changes.
    private volatile FollowedContext[] wanted = {};

    /// Whether the program has such a library.
    private volatile boolean areThere;

    /// Is in the tracer's own code, so that no probe of what it calls records.
    private record Step(Consumer<Object> work) implements Consumer<Object> {
        @Override
        public void accept(Object given) {
            ThreadSlot slot = ThreadSlot.current();
            boolean wasInside = slot.isInside;
            slot.isInside = true;
            try {
                work.accept(given);
            } finally {
                slot.isInside = wasInside; // no call: there may be no stack for one
            }
        }
    }

    /// Follows these from now on, and no others. Link thread.
    ///
    /// @param fields the names of fields; those of other contexts are left out
    /// @return whether there are any
    boolean want(Set<String> fields) {
        List<FollowedContext> next = new ArrayList<>();
        List<FollowedContext> over = new ArrayList<>();
        for (FollowedContext each : wanted) {
            (fields.contains(FIELD + each.key) ? next : over).add(each);
        }
        for (String field : fields) {
            if (field.startsWith(FIELD)) {
                String key = field.substring(FIELD.length());
                if (next.stream().noneMatch(each -> each.key.equals(key))) {
                    next.add(new FollowedContext(field, key));
                }
            }
        }
        wanted = next.toArray(new FollowedContext[0]);
        over.forEach(FollowedContext::leave);
        if (areThere) {
            areThere();
        }
        return !next.isEmpty();
    }

    /// The program has such a library. Any thread.
    void areThere() {
        areThere = true;
        for (FollowedContext each : wanted) {
            each.isThere();
        }
    }

    private void put(Object key, Object value) {
        ThreadSlot slot = ThreadSlot.current();
        boolean wasInside = slot.isInside;
        slot.isInside = true;
        try {
            set(key, value);
        } finally {
            slot.isInside = wasInside;
        }
    }

    private void set(@Nullable Object key, @Nullable Object value) {
        for (FollowedContext each : wanted) {
            if (each.is(key)) {
                each.set(value);
            }
        }
    }

    private void clear() {
        for (FollowedContext each : wanted) {
            each.set(null);
        }
    }

    private void replace(Object map) {
        clear();
        putAll(map);
    }

    private void putAll(Object map) {
        if (map instanceof Map<?, ?> entries) {
            for (Map.Entry<?, ?> each : entries.entrySet()) {
                set(each.getKey(), each.getValue());
            }
        }
    }

    /// @param keys one, or several
    private void remove(Object keys) {
        if (keys instanceof Collection<?> several) {
            for (Object each : several) {
                set(each, null);
            }
        } else if (keys instanceof Iterable) {
            clear(); // which may be gone through only once
        } else {
            set(keys, null);
        }
    }
}
