// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.read;

import dev.contrail.analysis.convert.Sinks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What options of the reader may be given, for help and completion.
public final class OptionValues {
    static final List<String> NAMES =
            List.of("payload", "context", "scope", "header", "all", "none");
    static final List<String> FIELDS =
            List.of(
                    "trace",
                    "trace:hostname",
                    "trace:domain",
                    "trace:procname",
                    "trace:vpid",
                    "loglevel",
                    "emf",
                    "callsite",
                    "all");
    static final List<String> COLOURS = List.of("never", "auto", "always");

    private OptionValues() {}

    /// By the options' names.
    public static SequencedMap<List<String>, List<String>> ofReader() {
        var values = new LinkedHashMap<List<String>, List<String>>();
        values.put(List.of("-o", "--output-format"), Sinks.formats());
        values.put(List.of("-i", "--input-format"), List.of("ctf", "lttng-live"));
        values.put(List.of("-n", "--names"), NAMES);
        values.put(List.of("-f", "--fields"), FIELDS);
        values.put(List.of("--color"), COLOURS);
        return values;
    }

    /// `text, ctf or dummy.`
    static String listed(List<String> values) {
        return String.join(", ", values.subList(0, values.size() - 1))
                + " or "
                + values.getLast()
                + ".";
    }
}
