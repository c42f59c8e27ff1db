// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.code;

import java.util.Map;
import java.util.WeakHashMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// What others have made of classes that we have changed. A JVM of JDK 17 that has once kept the
/// file of a class gives that to whoever retransforms it, also after the class was redefined, as
/// development environments and hot patches do: what was redefined would be undone.
///
/// Any thread. Keeps no class.
public final class Redefinitions {
    /// From here on the JVM keeps the file that a class was redefined with.
    private static final int KEPT_SINCE = 25;

    private static final class Known {
        /// Of the file that we were given last.
        long given;

        boolean wasGiven;

        /// The file that others were given since; null: none.
        byte @Nullable [] others;
    }

    private final boolean areLost = Runtime.version().feature() < KEPT_SINCE;
    private final Map<Class<?>, Known> known = new WeakHashMap<>();

    /// Loads what is needed, so that no application's thread has to.
    public static void load() {
        new Known().given = sum(new byte[0]);
    }

    /// Whether there are classes of which it has to be known what others make of them.
    public synchronized boolean isNeeded() {
        return areLost && !known.isEmpty();
    }

    /// Whether something is known of a class.
    public synchronized boolean knows(Class<?> type) {
        return known.containsKey(type);
    }

    /// The file that a class is to be changed from, and which stays where it is not changed.
    ///
    /// @param file what the JVM gives
    /// @param isOurs whether it is we who change it
    public synchronized byte[] latest(Class<?> type, byte[] file, boolean isOurs) {
        if (!areLost) {
            return file;
        }
        Known those = known.get(type);
        if (those == null) {
            those = new Known();
            known.put(type, those);
        }
        long sum = sum(file);
        boolean isAsBefore = those.wasGiven && sum == those.given;
        if (!isOurs) {
            those.others = isAsBefore ? null : file.clone();
            return file;
        }
        byte[] others = those.others;
        if (others != null && (isAsBefore || !those.wasGiven)) {
            those.given = sum;
            those.wasGiven = true;
            return others;
        }
        those.given = sum;
        those.wasGiven = true;
        those.others = null;
        return file;
    }

    private static long sum(byte[] file) {
        CRC32 sum = new CRC32();
        sum.update(file);
        return sum.getValue() << 32 | file.length;
    }
}
