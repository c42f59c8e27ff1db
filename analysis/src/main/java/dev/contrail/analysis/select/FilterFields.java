// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.select;

import dev.contrail.analysis.Suggestion;
import dev.contrail.analysis.Trace;
import dev.contrail.analysis.UsageException;
import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass.Member;
import dev.contrail.ctf.FieldClass.StructureClass;
import dev.contrail.ctf.FieldNames;
import dev.contrail.ctf.StreamClass;
import dev.contrail.tracer.filter.Expression;
import java.util.List;

/// The names that a filter may use: those of the fields that some event of the traces has. A name
/// that none has would make the filter reject everything, which looks like an answer.
final class FilterFields {
    private final KnownNames payload = new KnownNames();
    private final KnownNames context = new KnownNames();

    FilterFields(List<Trace> traces) {
        for (Trace trace : traces) {
            for (StreamClass stream : trace.metadata().streams()) {
                add(trace, context, stream.packetContext());
                add(trace, context, stream.eventContext());
            }
            for (EventClass event : trace.metadata().events()) {
                add(trace, context, event.context());
                add(trace, payload, event.fields());
            }
        }
    }

    /// @throws UsageException when no event has a field that the expression names
    void check(Expression expression) throws UsageException {
        switch (expression) {
            case Expression.Field(List<Object> path) -> check("", path, payload);
            case Expression.Context(List<Object> path, boolean _) -> check("$ctx.", path, context);
            case Expression.Unary(String _, Expression operand) -> check(operand);
            case Expression.Binary(String _, Expression left, Expression right) -> {
                check(left);
                check(right);
            }
            case Expression.Constant _, Expression.Pattern _, Expression.Property _ -> {}
        }
    }

    private static void check(String prefix, List<Object> path, KnownNames known)
            throws UsageException {
        if (!(path.getFirst() instanceof String name)
                || known.isEmpty() // nothing is recorded yet that could have it
                || known.all().contains(FieldNames.shown(name))) {
            return;
        }
        throw new UsageException(
                "The filter names %s%s, which no event of the trace has%s (%s)"
                        .formatted(
                                prefix,
                                name,
                                Suggestion.of(name, known.all())
                                        .map(each -> "; did you mean " + prefix + each + "?")
                                        .orElse(""),
                                known.listed(name, prefix)));
    }

    private static void add(Trace trace, KnownNames names, StructureClass structure) {
        for (Member member : structure.members()) {
            names.add(trace, FieldNames.shown(member.name()));
        }
    }
}
