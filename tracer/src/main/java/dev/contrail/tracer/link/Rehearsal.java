// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.link;

import dev.contrail.tracer.event.EncodedFields;
import dev.contrail.tracer.event.Target;
import dev.contrail.tracer.ring.write.EventContext;
import dev.contrail.tracer.ring.write.Text;
import dev.contrail.tracer.ring.write.WriterPool;
import java.util.IdentityHashMap;
import java.util.Map;

/// Does once what records of any content may do, and records nothing.
///
/// The JDK loads and initialises classes when they are first used. In an application's thread that
/// may be at the end of its stack or of its memory, where a class whose initialisation fails is
/// lost to everybody for good; or in the middle of the loading of a class, which then waits for
/// itself. So it is done here, in the link thread, before anything is recorded.
final class Rehearsal {
    private static final String[] TEXTS = {
        "",
        "short",
        "eight by",
        "sixteen by eight",
        "not as short as that",
        "€",
        "nul\0",
        "€".repeat(99)
    };

    /// What a context's string takes at most, as here.
    private static final int MOST = EventContext.MAX_STRING_BYTES;

    /// What memory of files throws to itself, which is looked up for each error that leaves it: on
    /// JDK 17, and later.
    private static final String[] UNNAMED = {
        "jdk.internal.misc.ScopedMemoryAccess$Scope",
        "jdk.internal.misc.ScopedMemoryAccess$Scope$ScopedAccessError",
        "jdk.internal.misc.ScopedMemoryAccess$ScopedAccessError"
    };

    private Rehearsal() {}

    /// @param pool which nobody else knows yet
    static void of(WriterPool pool) throws Throwable {
        int at = pool.rehearse();
        Target target = new Target(pool, 0);
        for (String text : TEXTS) {
            Object[] fields = {1L, 1.5, 1, 1.5f, (short) 1, 'c', (byte) 1, true, text, null};
            EncodedFields encoded = EncodedFields.of(target, fields);
            if (encoded != null) {
                encoded.put(at);
            }
            Text.put(at, text);
            Text.putCut(at, text, MOST);
        }
        for (String each : UNNAMED) {
            try {
                Class.forName(each, true, null);
            } catch (ClassNotFoundException e) {
                // another JDK's
            }
        }
        new IdentityHashMap<>(Map.of("", at)).keySet().iterator().next(); // as when threads end
        Text.encode(TEXTS[TEXTS.length - 1], Text.fairLimit(new int[] {9, 297, 99}, 99));
    }
}
