// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.follow;

import dev.contrail.tracer.tap.CallInsertion;
import dev.contrail.tracer.tap.ClassFile;
import dev.contrail.tracer.tap.LoggerPatch;
import dev.contrail.tracer.tap.TapClass;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where OpenTelemetry keeps the current context of a thread, from 1.38 to 1.66, the program's and
/// that of its agent, which has the same classes under other names: where it is attached, and where
/// the one before it comes back.
final class SpanPatch extends LoggerPatch {
    /// Takes the context that the thread has from now on; null for none.
    private static final TapClass OWN = TapClass.beside("ContrailSpanTap", 1);

    /// The same of the agent.
    private static final TapClass OF_AGENT = TapClass.beside("ContrailAgentSpanTap", 1);

    private static final String STORAGE = "io/opentelemetry/context/ThreadLocalContextStorage";
    private static final String SCOPE = STORAGE + "$ScopeImpl";
    private static final String AGENT = SpanIds.AGENT.replace('.', '/');

    private static final Set<String> CHANGES = Set.of("attach", "close");

    private final SpanIds ids;

    SpanPatch(SpanIds ids) {
        super(Set.of(STORAGE, SCOPE, AGENT + STORAGE, AGENT + SCOPE), List.of(OWN, OF_AGENT));
        this.ids = ids;
    }

    /// What its taps call, in their order.
    List<?> targets() {
        return List.of(ids.own, ids.ofAgent);
    }

    @Override
    protected byte @Nullable [] patch(
            @Nullable ClassLoader loader, String className, ClassFile file) throws IOException {
        TapClass tap = className.startsWith(AGENT) ? OF_AGENT : OWN;
        for (ClassFile.Method each : file.allMethods()) {
            ClassFile.Code code = each.code();
            if (code != null && CHANGES.contains(each.name())) {
                Place place = callIn(file, code, "set(Ljava/lang/Object;)V");
                if (place != null) {
                    ids.areThere();
                    return insert(file, code, place.call(), CallInsertion.DUP, tap);
                }
            }
        }
        throw new IllegalArgumentException("its methods are others");
    }
}
