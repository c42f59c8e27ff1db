// SPDX-License-Identifier: Apache-2.0
package dev.contrail.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The contexts that `add-context` of lttng-tools 2.13 knows, whoever has them, and our own.
public final class ContextNames {
    private static final String PLAIN =
            "pid procname prio nice vpid tid pthread_id vtid ppid vppid hostname ip interruptible"
                    + " preemptible need_reschedule migratable callstack-kernel callstack-user"
                    + " cgroup_ns ipc_ns mnt_ns net_ns pid_ns time_ns user_ns uts_ns uid euid suid"
                    + " gid egid sgid vuid veuid vsuid vgid vegid vsgid";

    private static final String COUNTERS =
            "cpu-cycles cycles stalled-cycles-frontend idle-cycles-frontend stalled-cycles-backend"
                    + " idle-cycles-backend instructions cache-references cache-misses"
                    + " branch-instructions branches branch-misses bus-cycles L1-dcache-loads"
                    + " L1-dcache-load-misses L1-dcache-stores L1-dcache-store-misses"
                    + " L1-dcache-prefetches L1-dcache-prefetch-misses L1-icache-loads"
                    + " L1-icache-load-misses L1-icache-stores L1-icache-store-misses"
                    + " L1-icache-prefetches L1-icache-prefetch-misses LLC-loads LLC-load-misses"
                    + " LLC-stores LLC-store-misses LLC-prefetches LLC-prefetch-misses dTLB-loads"
                    + " dTLB-load-misses dTLB-stores dTLB-store-misses dTLB-prefetches"
                    + " dTLB-prefetch-misses iTLB-loads iTLB-load-misses branch-loads"
                    + " branch-load-misses cpu-clock task-clock page-fault faults major-faults"
                    + " minor-faults context-switches cs cpu-migrations migrations"
                    + " alignment-faults emulation-faults";

    private static final String OURS = "callstack-java java_thread_id thread_name virtual_thread";

    /// Not listed, but taken.
    private static final Pattern RAW = Pattern.compile("perf:(cpu|thread):raw:r[0-9a-fA-F]+:.+");

    private static final Pattern APP = Pattern.compile("\\$app\\.[^:]+:.+");

    private ContextNames() {}

    /// Those of lttng in its order, then our own.
    public static List<String> all() {
        List<String> names = lttng();
        names.addAll(List.of(OURS.split(" ")));
        return names;
    }

    /// In the order in which `lttng add-context --list` prints them.
    public static List<String> lttng() {
        var names = new ArrayList<>(List.of(PLAIN.split(" ")));
        for (String counter : COUNTERS.split(" ")) {
            names.add("perf:cpu:" + counter);
        }
        for (String counter : COUNTERS.split(" ")) {
            names.add("perf:thread:" + counter);
        }
        return names;
    }

    /// Whether it is one of them, a raw counter, or an application's, `$app.PROVIDER:NAME`.
    public static boolean isOne(String name) {
        return all().contains(name) || RAW.matcher(name).matches() || APP.matcher(name).matches();
    }
}
