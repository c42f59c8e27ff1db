// SPDX-License-Identifier: Apache-2.0
package dev.contrail.kernel;

import dev.contrail.ctf.Reason;
import dev.contrail.kernel.buffer.MappedBuffer;
import dev.contrail.kernel.tracefs.Claim;
import dev.contrail.kernel.tracefs.Instance;
import dev.contrail.kernel.tracefs.InstanceName;
import dev.contrail.kernel.tracefs.Tracefs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What kernel tracing has to work with on this machine, for `contrail doctor`.
///
/// @param mountPoint where tracefs is mounted
/// @param isWritable whether this process may make instances
/// @param hasMonotonicClock whether records can have the clock of everybody else
/// @param hasMapping whether rings can be mapped (Linux 6.10 and newer): then snapshots pause and
///   consume nothing, and what a snapshot session holds survives a killed daemon
/// @param hasSubBufferSize whether sub-buffers can be larger than a page (Linux 6.8 and newer)
/// @param abandoned instances of ours that no process holds open
/// @param problem why it cannot be used, empty when it can
public record KernelProbe(
        Optional<Path> mountPoint,
        boolean isWritable,
        boolean hasMonotonicClock,
        boolean hasMapping,
        boolean hasSubBufferSize,
        List<Abandoned> abandoned,
        String problem) {
    /// An instance of ours that no process holds open.
    ///
    /// @param daemon identity of the session daemon that has made it, and `session` its session;
    ///   both empty when nobody takes it up again
    public record Abandoned(String name, Optional<UUID> daemon, Optional<Long> session) {}

    private static final String TRIALS = "contrail.probe.";
    private static final String TRIAL = TRIALS + ProcessHandle.current().pid();
    private static final long TRIAL_BYTES = 64 << 10;

    public KernelProbe {
        abandoned = List.copyOf(abandoned);
    }

    /// Looks, and tries with an instance that it removes again; takes a tenth of a second.
    public static KernelProbe run() {
        try {
            Optional<Path> root = Tracefs.mountPoint();
            if (root.isEmpty()) {
                return unusable(root, false, "tracefs is not mounted");
            }
            var tracefs = new Tracefs(root.get());
            if (!Files.isWritable(tracefs.instances())) {
                return unusable(root, false, "no permission to write " + tracefs.instances());
            }
            if (!tracefs.hasMonotonicClock()) {
                return unusable(root, true, "the kernel's tracer has no clock `mono`");
            }
            return tried(tracefs);
        } catch (IOException failed) {
            return unusable(Optional.empty(), false, Reason.of(failed));
        }
    }

    private static KernelProbe tried(Tracefs tracefs) throws IOException {
        Instance trial = Instance.open(tracefs, TRIAL, TRIAL_BYTES, TRIAL_BYTES, true);
        try {
            return new KernelProbe(
                    Optional.of(tracefs.root()),
                    true,
                    true,
                    MappedBuffer.isPossible(trial),
                    Files.exists(trial.directory().resolve("buffer_subbuf_size_kb")),
                    abandoned(tracefs),
                    "");
        } finally {
            trial.remove();
        }
    }

    private static List<Abandoned> abandoned(Tracefs tracefs) throws IOException {
        var abandoned = new ArrayList<Abandoned>();
        for (String name : tracefs.instanceNames()) {
            Optional<InstanceName> known = InstanceName.parse(name);
            boolean isOurs = known.isPresent() || isOtherTrial(name);
            if (isOurs && Claim.isFree(tracefs.instances().resolve(name))) {
                Optional<InstanceName> daemons = known.filter(each -> !each.isPrivate());
                abandoned.add(
                        new Abandoned(
                                name,
                                daemons.map(InstanceName::daemon),
                                daemons.map(InstanceName::session)));
            }
        }
        return abandoned;
    }

    private static boolean isOtherTrial(String name) {
        return name.startsWith(TRIALS) && !name.equals(TRIAL);
    }

    private static KernelProbe unusable(Optional<Path> root, boolean isWritable, String problem) {
        return new KernelProbe(root, isWritable, false, false, false, List.of(), problem);
    }
}
