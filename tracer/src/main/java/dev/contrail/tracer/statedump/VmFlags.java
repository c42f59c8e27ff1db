// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.statedump;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import dev.contrail.tracer.ring.write.WriterPool;
import java.lang.management.ManagementFactory;
import java.util.List;

/// The JVM's flags that tell how it behaves under load and at its end, and its agents. Needs the
/// module `jdk.management`. Link thread.
final class VmFlags {
    /// What one looks at first when a service is slow, grows or dies. A JVM has those that its
    /// version knows.
    private static final List<String> NAMES =
            List.of(
                    "UseSerialGC",
                    "UseParallelGC",
                    "UseG1GC",
                    "UseZGC",
                    "UseShenandoahGC",
                    "UseEpsilonGC",
                    "InitialHeapSize",
                    "MaxHeapSize",
                    "SoftMaxHeapSize",
                    "MaxRAMPercentage",
                    "MaxMetaspaceSize",
                    "MaxDirectMemorySize",
                    "ReservedCodeCacheSize",
                    "ThreadStackSize",
                    "UseCompressedOops",
                    "UseLargePages",
                    "UseTransparentHugePages",
                    "AlwaysPreTouch",
                    "MaxGCPauseMillis",
                    "ParallelGCThreads",
                    "ConcGCThreads",
                    "ActiveProcessorCount",
                    "UseContainerSupport",
                    "TieredCompilation",
                    "UseStringDeduplication",
                    "HeapDumpOnOutOfMemoryError",
                    "HeapDumpPath",
                    "ExitOnOutOfMemoryError",
                    "CrashOnOutOfMemoryError",
                    "OnOutOfMemoryError",
                    "OnError",
                    "ErrorFile",
                    "DisableAttachMechanism",
                    "EnableDynamicAgentLoading");

    /// Options that load an agent, and what kind each loads.
    private static final List<String> AGENTS = List.of("-javaagent:", "-agentlib:", "-agentpath:");

    private VmFlags() {}

    /// Whether the JVM can be asked.
    static boolean isPossible() {
        return ModuleLayer.boot().findModule("jdk.management").isPresent();
    }

    static void put(DumpEvents to, WriterPool pool) {
        for (String each : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            putAgent(to, pool, each);
        }
        HotSpotDiagnosticMXBean diagnostic =
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (diagnostic == null) { // a JVM that is not HotSpot
            return;
        }
        for (String each : NAMES) {
            try {
                VMOption flag = diagnostic.getVMOption(each);
                if (!flag.getValue().isEmpty()) {
                    to.flag.put(pool, each, flag.getValue(), flag.getOrigin().name());
                }
            } catch (IllegalArgumentException e) {
                // this version does not know it
            }
        }
    }

    /// @param option as on a command line
    private static void putAgent(DumpEvents to, WriterPool pool, String option) {
        for (String prefix : AGENTS) {
            if (option.startsWith(prefix)) {
                String kind = prefix.substring(1, prefix.length() - 1);
                to.agent.put(pool, kind, option.substring(prefix.length()));
            }
        }
    }
}
