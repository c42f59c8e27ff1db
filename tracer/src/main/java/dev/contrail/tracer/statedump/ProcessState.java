// SPDX-License-Identifier: Apache-2.0
package dev.contrail.tracer.statedump;

import dev.contrail.tracer.process.ControlGroups;
import dev.contrail.tracer.process.ProcFacts;
import dev.contrail.tracer.ring.write.WriterPool;
import java.io.File;

/// What the process was started with, as events. Link thread.
final class ProcessState {
    private ProcessState() {}

    static void put(DumpEvents to, WriterPool pool) {
        Runtime runtime = Runtime.getRuntime();
        to.process.put(
                pool,
                (int) ProcFacts.processId(),
                ProcFacts.commandLine(),
                property("user.dir"),
                property("user.name"),
                runtime.availableProcessors(),
                ControlGroups.memoryLimit());
        to.jvm.put(
                pool,
                property("java.runtime.version"),
                property("java.vm.name"),
                property("java.vm.version"),
                property("java.home"),
                runtime.maxMemory());
        putPath(to, pool, "class", property("java.class.path"));
        putPath(to, pool, "module", property("jdk.module.path"));
        if (VmFlags.isPossible()) {
            VmFlags.put(to, pool);
        }
    }

    /// A program may have changed them, or forbid to read them.
    private static String property(String name) {
        try {
            return System.getProperty(name, "");
        } catch (RuntimeException e) {
            return "";
        }
    }

    private static void putPath(DumpEvents to, WriterPool pool, String kind, String path) {
        int position = 0;
        for (String each : path.split(File.pathSeparator)) {
            if (!each.isEmpty()) {
                to.path.put(pool, kind, position++, each);
            }
        }
    }
}
