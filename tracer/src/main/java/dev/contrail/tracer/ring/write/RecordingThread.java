// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.ring.write;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A platform thread that has begun to record events, as it was called then.
public final class RecordingThread {
    /// Not taken yet. What comes beyond is not known here; its records have its id.
    private static final int MOST = 4096;

    private static final VarHandle LATEST;

    static {
        try {
            LATEST =
                    MethodHandles.lookup()
                            .findStaticVarHandle(
                                    RecordingThread.class, "latest", RecordingThread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// Those that were added since [#takeNew]: a list that grows at this end.
    private static volatile @Nullable RecordingThread latest;

    public final int vtid;
    public final long javaId;
    public final String name;
    public final boolean isDaemon;
    private final @Nullable RecordingThread former;
    private final int number;

    private RecordingThread(int vtid, Thread thread, @Nullable RecordingThread former) {
        this.vtid = vtid;
        this.javaId = ThreadFacts.javaId(thread);
        this.name = thread.getName();
        this.isDaemon = thread.isDaemon();
        this.former = former;
        this.number = former == null ? 1 : former.number + 1;
    }

    /// The calling thread is one, for the first time.
    static void add(int vtid, Thread thread) {
        RecordingThread former;
        do {
            former = latest;
            if (former != null && former.number >= MOST) {
                return;
            }
        } while (!LATEST.compareAndSet(former, new RecordingThread(vtid, thread, former)));
    }

    /// Those that have begun since the last call, in their order. Link thread.
    public static List<RecordingThread> takeNew() {
        if (latest == null) {
            return List.of();
        }
        List<RecordingThread> taken = new ArrayList<>();
        RecordingThread each = (RecordingThread) LATEST.getAndSet((RecordingThread) null);
        for (; each != null; each = each.former) {
            taken.add(each);
        }
        Collections.reverse(taken);
        return taken;
    }
}
