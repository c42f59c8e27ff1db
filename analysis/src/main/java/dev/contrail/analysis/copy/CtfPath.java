// SPDX-License-Identifier: Apache-2.0
package dev.contrail.analysis.copy;

import dev.contrail.analysis.Trace;
import dev.contrail.ctf.Utf8;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Where a copy of a trace goes, as babeltrace2's `sink.ctf.fs` decides it (its manual page,
/// "Output path").
final class CtfPath {
    /// Since this minor version of LTTng 2 a trace says all that its path is made of.
    private static final long LTTNG_MINOR = 11;

    private CtfPath() {}

    /// A folder in or below `base` that does not exist.
    static Path of(Path base, Trace trace) {
        List<String> lttng = lttng(trace.environment());
        List<String> words = lttng.isEmpty() ? List.of(trace.name().split("/")) : lttng;
        Path path = base;
        for (String word : words) {
            if (!word.isEmpty()) {
                path = path.resolve(safe(word));
            }
        }
        return free(path.equals(base) ? base.resolve("trace") : path);
    }

    /// The path itself, or one followed by a number, that does not exist.
    static Path free(Path path) {
        Path free = path;
        for (int i = 0; Files.exists(free, LinkOption.NOFOLLOW_LINKS); i++) {
            free = path.resolveSibling(path.getFileName() + "-" + i);
        }
        return free;
    }

    /// The words of a path like LTTng's own; none when the trace does not say enough.
    private static List<String> lttng(Map<String, Object> environment) {
        boolean isLttng =
                environment.get("tracer_name") instanceof String tracer
                        && (tracer.equals("lttng-ust") || tracer.equals("lttng-modules"))
                        && environment.get("tracer_major") instanceof Long major
                        && environment.get("tracer_minor") instanceof Long minor
                        && (major > 2 || major == 2 && minor >= LTTNG_MINOR);
        if (!isLttng) {
            return List.of();
        }
        var told = new Told(environment, new ArrayList<>());
        told.add("%s", "hostname").add("%s-%s", "trace_name", "trace_creation_datetime");
        if ("kernel".equals(environment.get("domain"))) {
            told.words.add("kernel");
        } else if ("uid".equals(environment.get("tracer_buffering_scheme"))) {
            told.words.addAll(List.of("ust", "uid"));
            told.add("%s", "tracer_buffering_id").add("%s-bit", "architecture_bit_width");
        } else {
            told.words.addAll(List.of("ust", "pid"));
            told.add("%s-%s-%s", "procname", "vpid", "vpid_datetime");
        }
        return told.words.contains("") ? List.of() : told.words;
    }

    private record Told(Map<String, Object> environment, List<String> words) {
        Told add(String form, String... names) {
            var values = new ArrayList<Object>();
            for (String name : names) {
                values.add(environment.getOrDefault(name, ""));
            }
            words.add(values.contains("") ? "" : form.formatted(values.toArray()));
            return this;
        }
    }

    /// A name of one folder, whatever a trace says: it must not lead elsewhere.
    static String safe(String word) {
        return switch (word) {
            case "." -> "_";
            case ".." -> "__";
            default -> Utf8.shown(word).replace('/', '_').replace('\0', '_');
        };
    }
}
