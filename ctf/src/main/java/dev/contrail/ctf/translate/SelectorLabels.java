// SPDX-License-Identifier: Apache-2.0
package dev.contrail.ctf.translate;

import dev.contrail.ctf.EventClass;
import dev.contrail.ctf.FieldClass;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.StreamClass;
import dev.contrail.ctf.layout.EventPlan;
import dev.contrail.ctf.layout.FieldLayout;
import dev.contrail.ctf.layout.StreamPlan;
import dev.contrail.ctf.layout.TracePlan;
import dev.contrail.ctf.tsdl.Identifiers;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The labels that selectors of CTF 2 need to be tags of CTF 1.8, and so the names of the options.
///
/// Where the selector has a label for just the values of an option already, that is the option's.
final class SelectorLabels {
    private record Span(BigInteger lower, BigInteger upper) {}

    /// Fields whose values a register keeps, by register.
    private final Map<Integer, List<FieldLayout>> keys = new HashMap<>();

    /// Variants and optionals in the order of declaration.
    private final List<FieldLayout> users = new ArrayList<>();

    private final Map<FieldLayout, List<String>> options = new IdentityHashMap<>();
    private final Map<Integer, List<Mapping>> added = new HashMap<>();

    SelectorLabels(TracePlan plan) {
        collect(plan.headerLayout());
        for (StreamClass each : plan.metadata().streams()) {
            StreamPlan stream = plan.stream(each.id()).orElseThrow();
            collect(stream.packetContext());
            collect(stream.eventHeader());
            collect(stream.commonContext());
        }
        for (EventClass each : plan.metadata().events()) {
            EventPlan event =
                    plan.stream(each.streamId())
                            .flatMap(stream -> stream.event(each.id()))
                            .orElseThrow();
            collect(event.specificContext());
            collect(event.payload());
        }
        users.forEach(this::label);
    }

    /// The names of a variant's options; of an optional that of its field, then that of nothing.
    List<String> options(FieldLayout user) {
        return Objects.requireNonNull(options.get(user));
    }

    /// The labels of an integer, its own and what it needs as a selector.
    List<Mapping> of(FieldLayout field) {
        var all = new LinkedHashSet<>(own(field));
        for (int register : field.registers()) {
            all.addAll(added.getOrDefault(register, List.of()));
        }
        return List.copyOf(all);
    }

    private static List<Mapping> own(FieldLayout field) {
        return field.fieldClass() instanceof EnumerationClass known ? known.mappings() : List.of();
    }

    private void collect(FieldLayout layout) {
        for (int register : layout.registers()) {
            keys.computeIfAbsent(register, _ -> new ArrayList<>()).add(layout);
        }
        if (layout.kind() == FieldLayout.Kind.VARIANT
                || layout.kind() == FieldLayout.Kind.OPTIONAL) {
            users.add(layout);
        }
        for (FieldLayout part : layout.parts()) {
            collect(part);
        }
    }

    private void label(FieldLayout user) {
        int register = user.lengthRegister();
        List<FieldLayout> selectors = keys.getOrDefault(register, List.of());
        Set<String> taken = new HashSet<>();
        for (FieldLayout selector : selectors) {
            for (int each : selector.registers()) {
                added.getOrDefault(each, List.of()).forEach(known -> taken.add(known.label()));
            }
            own(selector).forEach(known -> taken.add(known.label()));
        }
        var names = new ArrayList<String>();
        for (int i = 0; i < user.parts().length; i++) {
            boolean hasName = user.kind() == FieldLayout.Kind.VARIANT && !user.name(i).isEmpty();
            String wanted = hasName ? user.name(i) : "some";
            names.add(name(selectors, register, spans(user, i), wanted, taken));
        }
        if (user.kind() == FieldLayout.Kind.OPTIONAL) {
            List<Span> rest = complement(spans(user, 0), selectors.getFirst());
            names.add(name(selectors, register, rest, "none", taken));
        }
        options.put(user, names);
    }

    private String name(
            List<FieldLayout> selectors,
            int register,
            List<Span> wanted,
            String name,
            Set<String> taken) {
        for (Mapping known : own(selectors.getFirst())) {
            boolean isIt =
                    Identifiers.isIdentifier(known.label())
                            && selectors.stream()
                                    .allMatch(each -> spans(each, known.label()).equals(wanted));
            if (isIt) {
                return known.label();
            }
        }
        String label = Identifiers.unique(name, taken);
        taken.add(label);
        List<Mapping> mappings = added.computeIfAbsent(register, _ -> new ArrayList<>());
        for (Span span : wanted) {
            mappings.add(new Mapping(label, span.lower().longValue(), span.upper().longValue()));
        }
        return label;
    }

    private static List<Span> spans(FieldLayout selector, String label) {
        var spans = new ArrayList<Span>();
        for (Mapping mapping : own(selector)) {
            if (mapping.label().equals(label)) {
                spans.add(span(mapping.lower(), mapping.upper(), selector.isSigned()));
            }
        }
        return sorted(spans);
    }

    private static List<Span> spans(FieldLayout user, int option) {
        if (user.isTagBoolean()) {
            return List.of(new Span(BigInteger.ONE, BigInteger.ONE));
        }
        var spans = new ArrayList<Span>();
        for (int i = 0; i < user.tagOption().length; i++) {
            if (user.tagOption()[i] == option) {
                spans.add(span(user.tagLower()[i], user.tagUpper()[i], user.isTagSigned()));
            }
        }
        return sorted(spans);
    }

    private static List<Span> sorted(List<Span> spans) {
        return spans.stream().sorted(Comparator.comparing(Span::lower)).toList();
    }

    private static Span span(long lower, long upper, boolean isSigned) {
        return isSigned
                ? new Span(BigInteger.valueOf(lower), BigInteger.valueOf(upper))
                : new Span(unsigned(lower), unsigned(upper));
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    /// What else the selector can be; of a boolean only 0.
    private static List<Span> complement(List<Span> spans, FieldLayout selector) {
        BigInteger size = BigInteger.ONE.shiftLeft(selector.sizeBits());
        BigInteger lowest = selector.isSigned() ? size.shiftRight(1).negate() : BigInteger.ZERO;
        boolean isBoolean = selector.fieldClass() instanceof FieldClass.BooleanClass;
        BigInteger behind = isBoolean ? BigInteger.TWO : lowest.add(size);
        var rest = new ArrayList<Span>();
        BigInteger next = lowest;
        for (Span span : spans) {
            if (span.lower().compareTo(next) > 0) {
                rest.add(new Span(next, span.lower().subtract(BigInteger.ONE)));
            }
            next = next.max(span.upper().add(BigInteger.ONE));
        }
        if (next.compareTo(behind) < 0) {
            rest.add(new Span(next, behind.subtract(BigInteger.ONE)));
        }
        return rest;
    }
}
