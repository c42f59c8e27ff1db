// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.decode;

import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.Metadata;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.TraceClass;
import dev.contrail.ctf.layout.TracePlan;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;

/// The generated code of a trace's stream classes, one for all traces of equal layouts: runs of one
/// program, or the hosts of a cluster, differ in UUID, environment and clock offset, which decide
/// nothing in it. A later trace decodes by generated code from its first event record on. The
/// newest few layouts are known; any thread may ask.
final class SharedCode {
    private static final int MAX_KNOWN = 32;

    /// The newest first; guarded by itself.
    private static final Deque<SharedCode> KNOWN = new ArrayDeque<>();

    /// What traces use it, so that their layouts are compared once; guarded by itself.
    private static final Map<TracePlan, SharedCode> OF_PLANS = new WeakHashMap<>();

    /// What decides the code.
    ///
    /// @param absent which scopes are not declared at all: equal to empty ones otherwise
    private record Layout(
            CtfVersion version,
            StructureClass packetHeader,
            List<StreamClass> streams,
            List<EventClass> events,
            BitSet absent) {

        static Layout of(Metadata metadata) {
            var absent = new BitSet();
            int bit = 0;
            TraceClass trace = metadata.trace();
            absent.set(bit++, trace.packetHeader().isAbsent());
            for (StreamClass stream : metadata.streams()) {
                absent.set(bit++, stream.packetContext().isAbsent());
                absent.set(bit++, stream.eventHeader().isAbsent());
                absent.set(bit++, stream.eventContext().isAbsent());
            }
            for (EventClass event : metadata.events()) {
                absent.set(bit++, event.context().isAbsent());
                absent.set(bit++, event.fields().isAbsent());
            }
            return new Layout(
                    trace.version(),
                    trace.packetHeader(),
                    metadata.streams(),
                    metadata.events(),
                    absent);
        }
    }

    private final Layout layout;
    private final Map<Long, StreamCode> streams = new HashMap<>();

    private SharedCode(Layout layout) {
        this.layout = layout;
        var eventClasses = new HashMap<Long, Integer>();
        layout.events.forEach(event -> eventClasses.merge(event.streamId(), 1, Integer::sum));
        for (StreamClass stream : layout.streams) {
            int count = eventClasses.getOrDefault(stream.id(), 0);
            streams.put(stream.id(), new StreamCode(count));
        }
    }

    /// The code that is shared by all traces of the plan's layouts.
    static SharedCode of(TracePlan plan) {
        synchronized (OF_PLANS) {
            return OF_PLANS.computeIfAbsent(plan, asked -> of(asked.metadata()));
        }
    }

    private static SharedCode of(Metadata metadata) {
        Layout layout = Layout.of(metadata);
        synchronized (KNOWN) {
            for (SharedCode known : KNOWN) {
                boolean isAsLarge = known.layout.events.size() == layout.events.size();
                if (isAsLarge && known.layout.equals(layout)) {
                    return known;
                }
            }
            if (KNOWN.size() == MAX_KNOWN) {
                KNOWN.removeLast();
            }
            var made = new SharedCode(layout);
            KNOWN.addFirst(made);
            return made;
        }
    }

    /// @param id of a stream class that the metadata declares
    StreamCode stream(long id) {
        return Objects.requireNonNull(streams.get(id));
    }
}
