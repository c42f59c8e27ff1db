// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.jvm;

import dev.contrail.cli.jvm.JavaProcess.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The JVMs of this machine, as `list` shows them.
public final class JvmList {
    private static final double MEBIBYTE = 1 << 20;

    private JvmList() {}

    /// The lines: those with the tracer first; none where there is no JVM.
    public static List<String> lines(List<JavaProcess> all) {
        var lines = new ArrayList<String>();
        Map<Standing, List<JavaProcess>> each =
                all.stream().collect(Collectors.groupingBy(JavaProcess::standing));
        for (Standing standing : Standing.values()) {
            List<JavaProcess> its = each.getOrDefault(standing, List.of());
            if (!its.isEmpty()) {
                lines.add(
                        switch (standing) {
                            case ATTACHED -> "JVMs with the tracer:";
                            case ATTACHABLE -> "JVMs without the tracer (contrail attach PID):";
                            case REFUSED -> "JVMs that cannot have the tracer:";
                        });
                for (JavaProcess jvm : its) {
                    lines.add("      %d %s%s".formatted(jvm.pid(), jvm.name(), more(jvm)));
                }
                lines.add("");
            }
        }
        return lines;
    }

    private static String more(JavaProcess jvm) {
        if (!jvm.reason().isEmpty()) {
            return ": " + jvm.reason();
        }
        return jvm.ringBytes() == 0
                ? ""
                : String.format(Locale.ROOT, " (ring: %.1f MiB)", jvm.ringBytes() / MEBIBYTE);
    }
}
