// SPDX-License-Identifier: Apache-2.0
package dev.contrail.cli.jvm;

import dev.contrail.cli.jvm.JavaProcess.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The JVMs of this machine, as `list` shows them.
public final class JvmList {
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
                    String why = jvm.reason().isEmpty() ? "" : ": " + jvm.reason();
                    lines.add("      %d %s%s".formatted(jvm.pid(), jvm.name(), why));
                }
                lines.add("");
            }
        }
        return lines;
    }
}
