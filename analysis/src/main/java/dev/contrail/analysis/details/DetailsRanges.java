// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.details;

import dev.contrail.ctf.CtfVersion;
import dev.contrail.ctf.FieldClass.EnumerationClass;
import dev.contrail.ctf.FieldClass.Mapping;
import dev.contrail.ctf.FieldClass.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// Writes ranges of integers, sorted, and the labels of enumerations that have them.
final class DetailsRanges {
    private static final Comparator<Mapping> SIGNED =
            Comparator.comparingLong(Mapping::lower).thenComparingLong(Mapping::upper);
    private static final Comparator<Mapping> UNSIGNED =
            Comparator.comparing(Mapping::lower, Long::compareUnsigned)
                    .thenComparing(Mapping::upper, Long::compareUnsigned);

    private final DetailsText text;

    /// babeltrace2 2.0.4, whose text is ours for CTF 1.8, shows unsigned ranges as signed.
    private final boolean isAlwaysSigned;

    DetailsRanges(DetailsText text, CtfVersion version) {
        this.text = text;
        this.isAlwaysSigned = version == CtfVersion.CTF_1_8;
    }

    /// How many labels there are; several mappings may have the same.
    static long labels(List<Mapping> mappings) {
        return mappings.stream().map(Mapping::label).distinct().count();
    }

    /// Writes a line's end, a label and its ranges for each label, sorted.
    void mappings(List<Mapping> mappings, boolean isSigned) {
        var sorted = new TreeMap<String, List<Mapping>>(DetailsAttributes.BY_BYTES);
        for (Mapping each : mappings) {
            sorted.computeIfAbsent(each.label(), _ -> new ArrayList<>()).add(each);
        }
        sorted.forEach((label, ranges) -> {
            text.line().property(label);
            write(ranges, isSigned);
        });
    }

    /// Writes the ranges of a label, a blank before each.
    void of(String label, EnumerationClass enumeration) {
        write(
                enumeration.mappings().stream().filter(each -> each.label().equals(label)).toList(),
                enumeration.container().isSigned());
    }

    /// Writes ranges, a blank before each.
    void of(List<Range> ranges, boolean isSigned) {
        write(
                ranges.stream()
                        .map(each ->
                                new Mapping("", each.lower().longValue(), each.upper().longValue()))
                        .toList(),
                isSigned);
    }

    private void write(List<Mapping> ranges, boolean isSigned) {
        for (Mapping each :
                ranges.stream().distinct().sorted(isSigned ? SIGNED : UNSIGNED).toList()) {
            text.add(" [");
            number(each.lower(), isSigned);
            if (each.lower() != each.upper()) {
                text.add(", ");
                number(each.upper(), isSigned);
            }
            text.add(']');
        }
    }

    private void number(long value, boolean isSigned) {
        if (isSigned || isAlwaysSigned) {
            text.signed(value);
        } else {
            text.unsigned(value);
        }
    }
}
