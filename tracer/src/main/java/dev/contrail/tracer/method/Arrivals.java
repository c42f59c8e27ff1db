// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.method;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Classes on their way: a transformer has seen them, and the JVM does not have them among those
/// that are loaded, because it is still loading their superclasses. When rules change meanwhile,
/// the class comes as it was wanted before.
///
/// Any thread. Neither a class nor a loader is kept by it.
final class Arrivals {
    /// Classes that are noted at once (`docs/bounds.md`).
    static final int MOST = 4096;

    /// @param rules those that want something of it, and for which it was changed
    /// @param isUnfinished whether it has to be changed once it is loaded
    private record Note(
            @Nullable WeakReference<ClassLoader> loader,
            List<WantedMethods> rules,
            boolean isUnfinished) {
        boolean isOf(@Nullable ClassLoader other) {
            return loader == null ? other == null : loader.get() == other;
        }

        boolean isForgotten() {
            return loader != null && loader.get() == null;
        }
    }

    private final Map<String, List<Note>> notes = new HashMap<>();
    private int count;
    private boolean isNews;

    /// Classes that were found.
    private final Set<Class<?>> known = Collections.newSetFromMap(new WeakHashMap<>());

    /// A class is being loaded, and changed as these rules want it. Where there are too many they
    /// are as classes of which nothing is known.
    ///
    /// @param name with dots
    synchronized void note(
            @Nullable ClassLoader loader,
            String name,
            List<WantedMethods> rules,
            boolean isUnfinished) {
        take(loader, name);
        if (count == MOST) {
            notes.clear();
            count = 0;
        }
        WeakReference<ClassLoader> weak = loader == null ? null : new WeakReference<>(loader);
        notes.computeIfAbsent(name, each -> new ArrayList<>())
                .add(new Note(weak, rules, isUnfinished));
        count++;
        isNews |= isUnfinished;
    }

    /// Whether there was one since the last call that has to be changed once it is loaded.
    synchronized boolean takeNews() {
        boolean was = isNews;
        isNews = false;
        return was;
    }

    synchronized boolean hasNews() {
        return isNews;
    }

    /// Whether some are on their way that will not be as they are wanted.
    synchronized boolean hasOthers(Function<String, List<WantedMethods>> rules) {
        for (Map.Entry<String, List<Note>> each : notes.entrySet()) {
            for (Note note : each.getValue()) {
                if (note.isUnfinished || !note.rules.equals(rules.apply(each.getKey()))) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Whether a class was changed as these rules want it when it was loaded, and was not found
    /// loaded yet: to change it again would cost a debugger its breakpoints there.
    synchronized boolean isAsWanted(Class<?> loaded, List<WantedMethods> rules) {
        for (Note each : notes.getOrDefault(loaded.getName(), List.of())) {
            if (each.isOf(loaded.getClassLoader())) {
                return !each.isUnfinished && each.rules.equals(rules);
            }
        }
        return false;
    }

    /// Of the classes that are loaded those that may not be as they are wanted, each once.
    ///
    /// @param rules those that want something of a class, by its name
    synchronized List<Class<?>> look(
            Class<?>[] loaded, Function<String, List<WantedMethods>> rules) {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> each : loaded) {
            if (each.isArray()) {
                continue;
            }
            List<WantedMethods> those = rules.apply(each.getName());
            Note note = notes.isEmpty() ? null : take(each.getClassLoader(), each.getName());
            boolean isNew = !those.isEmpty() && known.add(each);
            if (note == null ? isNew : note.isUnfinished || !note.rules.equals(those)) {
                found.add(each);
            }
        }
        for (List<Note> each : notes.values()) {
            int before = each.size();
            each.removeIf(Note::isForgotten);
            count -= before - each.size();
        }
        notes.values().removeIf(List::isEmpty);
        return found;
    }

    private @Nullable Note take(@Nullable ClassLoader loader, String name) {
        List<Note> those = notes.get(name);
        for (int i = 0; those != null && i < those.size(); i++) {
            if (those.get(i).isOf(loader)) {
                count--;
                Note note = those.remove(i);
                if (those.isEmpty()) {
                    notes.remove(name);
                }
                return note;
            }
        }
        return null;
    }
}
