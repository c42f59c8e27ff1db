// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.source;

import dev.contrail.analysis.Trace;
import dev.contrail.ctf.ClockClass;
import dev.contrail.ctf.ClockOrigin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Whether the clocks of streams that are merged have to do with each other (`ctf.md` section 8):
/// they count from the Unix epoch or another common origin, or are the same clock.
final class MergedClocks {
    private MergedClocks() {}

    /// At most one line: whose times cannot be compared.
    static List<String> warnings(List<StreamSource> sources) {
        Map<Object, StreamSource> first = new LinkedHashMap<>();
        for (StreamSource source : sources) {
            if (source.plan().clock().isPresent()) {
                Trace trace = source.stream().trace();
                first.putIfAbsent(reference(trace, source.plan().clock().get()), source);
            }
        }
        if (first.size() < 2) {
            return List.of();
        }
        List<String> names =
                first.values().stream().limit(2).map(each -> each.stream().name()).toList();
        String what =
                "the clocks of %s and %s%s have nothing in common that the traces tell: events are in"
                        + " order within each, but not between them";
        String more = first.size() > 2 ? " (and %d others)".formatted(first.size() - 2) : "";
        return List.of(what.formatted(names.get(0), names.get(1), more));
    }

    /// What clocks that can be compared have in common.
    private static Object reference(Trace trace, ClockClass clock) {
        return switch (trace.metadata().trace().origin(clock)) {
            case ClockOrigin.UnixEpoch origin -> origin;
            case ClockOrigin.Custom origin -> origin;
            case ClockOrigin.Unknown _ ->
                    clock.identity().uid().isPresent()
                            ? clock.identity().uid().get()
                            : List.of(System.identityHashCode(trace), clock.id());
        };
    }
}
